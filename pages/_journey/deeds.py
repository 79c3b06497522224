"""What can be done with a touchpoint, on the timeline and in the list."""

import streamlit as st

from pages._journey.draft import Draft
from pages._timeline import Deed
from pages._ui.doing import say_refused
from px.core.errors import PxError
from px.journeys import editing, placing, words

MOVES = {"copy": "Duplicate", "delete": "Delete", "up": "Move up", "down": "Move down"}


def menu(label: str, *, key: str) -> str | None:
    """A menu of `MOVES`: the deed that was chosen just now."""
    chosen: str | None = st.menu_button(
        label, list(MOVES), format_func=MOVES.__getitem__, key=key, type="tertiary"
    )
    return chosen


def move(draft: Draft, place: int, deed: str) -> None:
    """The deed of `MOVES` is done with the touchpoint in this place."""
    if deed == "delete":
        delete(draft, place)
    elif deed == "copy":
        data, place = editing.duplicated(draft.data, place)
        draft.put(data, redraw=True)
        draft.choose(str(editing.points_of(data)[place]["key"]))
    else:
        data, _place = editing.moved(draft.data, place, -1 if deed == "up" else 1)
        draft.put(data, redraw=True)


def delete(draft: Draft, place: int) -> None:
    """The touchpoint is gone from the draft; undo brings it back, and the page says so."""
    point = editing.points_of(draft.data)[place]
    draft.put(editing.removed(draft.data, place), redraw=True)
    draft.gone = words.touchpoint_label(point)
    if draft.chosen == str(point.get("key")):
        draft.choose(None)


def add(draft: Draft, phase: str | None = None) -> None:
    """A new touchpoint stands at the end of the phase, and is open."""
    data, place = editing.added(draft.data, phase)
    draft.put(data, redraw=True)
    draft.choose(str(editing.points_of(data)[place]["key"]))


def apply(draft: Draft, deed: Deed) -> None:
    """What was done on the timeline is done in the draft; what cannot be is said."""
    places = {str(p.get("key")): place for place, p in enumerate(editing.points_of(draft.data))}
    place = places.get(deed.touchpoint or "")
    if deed.kind == "undo":
        draft.undo()
    elif deed.kind == "redo":
        draft.redo()
    elif deed.kind == "added":
        _add_at(draft, deed)
    elif place is None:
        return
    elif deed.kind == "picked":
        draft.choose(deed.touchpoint)
    elif deed.kind == "moved":
        _move_to(draft, deed)
    else:
        move(draft, place, "copy" if deed.kind == "duplicated" else "delete")


def _add_at(draft: Draft, deed: Deed) -> None:
    data, key = placing.added_at(
        draft.data,
        anchor=deed.anchor or "",
        minutes=deed.minutes,
        channel=deed.channel,
        phase=deed.phase,
    )
    draft.put(data, redraw=True)
    draft.choose(key)


def _move_to(draft: Draft, deed: Deed) -> None:
    try:
        data = placing.placed(
            draft.data, deed.touchpoint or "", anchor=deed.anchor or "", minutes=deed.minutes
        )
    except PxError as error:
        say_refused(error)
        return
    draft.put(data, redraw=True)
