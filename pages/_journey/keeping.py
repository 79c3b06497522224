"""What is drawn and not saved outlives the tab: it is kept for whoever drew it, and found again."""

import logging
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages._journey.draft import Draft
from pages._journey.following import normal
from pages._ui.doing import act
from pages._ui.page import At
from pages._ui.words import day_and_time, plain
from px import journeys
from px.core.errors import PxError
from px.core.work import marking
from px.journeys import Drawing, Stand, editing, reading

_KEY = "px_journey_draft"
_log = logging.getLogger("px.pages")


def opened(session: Any, row: Any, staff_id: int) -> Draft:
    """The draft of this journey: what the tab has been drawing, else what this person had drawn and
    not saved, else what is stored.

    What somebody else has saved meanwhile is taken over while nothing here is unsaved.
    """
    here: Draft | None = st.session_state.get(f"{_KEY}_{row.key}")
    stand = _stand(row)
    if here is not None and not here.is_saving and here.stand == stand:
        return here
    data = reading.to_data(journeys.draft_document(session, row))
    if here is not None and here.pending is None and data == normal(here.data):
        here.saved, here.stand, here.is_saving = here.data, stand, False
        return here
    if here is not None and here.is_unsaved:
        return here
    if here is not None:
        fresh = Draft(row.key, data, data, stand, chosen=here.chosen, kept=here.kept)
    else:
        fresh = _found(session, Draft(row.key, data, data, stand), staff_id)
    st.session_state[f"{_KEY}_{row.key}"] = fresh
    return fresh


def _found(session: Any, stored: Draft, staff_id: int) -> Draft:
    """What was drawn before, where it says something else than what is stored."""
    found = journeys.kept_drawing(session, stored.key, staff_id)
    if found is None:
        return stored
    stored.kept = found.drawing, stored.stand
    mine = found.drawing
    if mine is None or (mine.pending is None and _says(mine.data, stored.data)):
        return stored
    return Draft(
        stored.key,
        mine.data,
        mine.saved,
        mine.stand,
        pending=mine.pending,
        kept=stored.kept,
        found_at=found.drawn_at,
    )


def _says(drawn: editing.Data, stored: editing.Data) -> bool:
    return stored in (drawn, normal(drawn))


def keep(draft: Draft, row: Any, at: At) -> None:
    """What is not saved is kept as it is drawn now; nothing is written while nothing changes.

    Called when the page has been drawn: what cannot be drawn must not come back on a reload.
    """
    drawing = Drawing(draft.data, draft.saved, draft.stand, draft.pending)
    # Once more when somebody saves: the same person in another tab may have dropped it by that.
    about = (drawing, _stand(row)) if draft.is_unsaved else None
    if about == draft.kept:
        return
    # Also when it fails: a database that is busy must not make every run wait.
    draft.kept = about
    try:
        with marking() as session:
            if about:
                journeys.keep_drawing(session, draft.key, at.user.id, drawing, now=at.now)
            else:
                journeys.drop_drawing(session, draft.key, at.user.id)
    except PxError as error:
        _log.warning("what is drawn could not be kept: %s", error)


def drop_kept(session: Any, draft: Draft, at: At) -> None:
    """Nothing is kept any more of what was drawn here."""
    journeys.drop_drawing(session, draft.key, at.user.id)
    draft.kept = None


def forget(draft: Draft, at: At) -> None:
    """The tab starts again from what is stored of this journey, and nothing else is kept."""
    with act(again=False) as session:
        drop_kept(session, draft, at)
    st.session_state.pop(f"{_KEY}_{draft.key}", None)


def drawn_before(draft: Draft, row: Any, at: At, *, on: DeltaGenerator) -> None:
    """Says when that was drawn which is found here unsaved, with the way to drop it."""
    if draft.found_at is None or not draft.is_unsaved:
        return
    day, _, clock = day_and_time(draft.found_at, at.zone).rpartition(", ")
    day = day.removesuffix(f" {at.now.year}")
    said = f"This is what you were drawing on {day} at {clock}. It is not saved yet."
    with on.container(horizontal=True, vertical_alignment="center", key="px_drawn_before"):
        st.markdown(plain(said), width="content")
        # When somebody has saved meanwhile, the way to drop it stands there.
        if draft.stand == _stand(row) and st.button(
            "Drop my changes", type="tertiary", icon=":material/undo:"
        ):
            draft.drop_changes()


def _stand(row: Any) -> Stand:
    return Stand(row.draft_at, row.live_version_id)
