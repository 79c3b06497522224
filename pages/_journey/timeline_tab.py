"""The Timeline tab: the journey drawn along the days, and the chosen touchpoint beside it."""

from pathlib import Path

import streamlit as st

from pages._journey import deeds
from pages._journey.draft import Draft
from pages._journey.known import Known
from pages._journey.touchpoint_form import touchpoint_form
from pages._journey.touchpoint_list import touchpoint_list
from pages._timeline import heard, scene_of, timeline
from pages._ui.doing import notices
from pages._ui.empty import empty
from pages._ui.words import plain
from px.journeys import editing

TIMELINE, WORDS = "Timeline", "In words"
_TIMELINE = "px_timeline"
_SCENE = "px_journey_scene"
_CSS = Path(__file__).parent / "studio.css"


def timeline_tab(draft: Draft, known: Known) -> None:
    """The touchpoints stand as drawn, and what was done to them is in the draft."""
    if draft.place is None:
        _do_at_once(draft)
    _gone(draft)
    _about_the_whole(draft, known)
    if not editing.points_of(draft.data):
        if empty("No touchpoints yet", "A touchpoint is one message, and when it goes.",
                 button="Add the first touchpoint", icon=":material/timeline:"):  # fmt: skip
            deeds.add(draft)
        return
    view = st.segmented_control(
        "Show the journey", [TIMELINE, WORDS], default=TIMELINE, required=True,
        key="px_journey_view", label_visibility="collapsed",
    )  # fmt: skip
    if view == WORDS:
        touchpoint_list(draft, known)
    else:
        _drawn(draft, known)


def _do_at_once(draft: Draft) -> None:
    """While nothing is being typed, what was done on the timeline is drawn in this very run."""
    if (deed := heard(_TIMELINE, journey=draft.key)) is not None:
        deeds.apply(draft, deed)
        draft.is_stale = False
        notices()


def _drawn(draft: Draft, known: Known) -> None:
    st.html(_CSS)
    with st.container(key="px_studio"):
        # Each in the same place whether a touchpoint is open or not: one that moves is made anew,
        # and would lose its focus and an open menu.
        drawn = st.container(key="px_drawn")
        place = draft.place
        if place is not None:
            # The form first: what was typed is in the draft before something else is done to it.
            with st.container(border=True, key="px_editor"):
                touchpoint_form(draft, place, known)
        # What was done on the timeline changes what is to be drawn, so it is done before.
        if (deed := heard(_TIMELINE, journey=draft.key)) is not None:
            deeds.apply(draft, deed)
            st.rerun()
        with drawn:
            timeline(
                _scene(draft, known),
                selected=draft.chosen,
                key=_TIMELINE,
                can_undo=bool(draft.history),
                can_redo=bool(draft.future),
            )


def _scene(draft: Draft, known: Known) -> dict[str, object]:
    """What the timeline shows, made once for each change."""
    warnings = known.warnings(draft)
    quiet, currency = known.at.settings.quiet_hours, known.shop.currency
    about = (draft.data, known.counts, known.names, quiet, currency, warnings)
    kept = st.session_state.get(_SCENE)
    if kept is None or kept[0] != about:
        scene = scene_of(
            draft.data,
            problems=draft.problems,
            warnings=warnings,
            figures=known.counts,
            names=known.names,
            quiet=quiet,
            currency=currency,
        )
        kept = st.session_state[_SCENE] = (about, scene)
    scene_made: dict[str, object] = kept[1]
    return scene_made


def _gone(draft: Draft) -> None:
    """Says which touchpoint was deleted just now, with the way back."""
    if draft.gone is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", border=True, key="px_gone"):
        st.markdown(f":material/delete: “{plain(draft.gone)}” is deleted.", width="content")
        if st.button("Bring it back", icon=":material/undo:", type="tertiary"):
            draft.undo()


def _about_the_whole(draft: Draft, known: Known) -> None:
    """What is not right with the journey as a whole."""
    for problem in draft.problems.general:
        st.markdown(f":orange[:material/error: {plain(problem)}]")
    for warning in known.warnings(draft):
        if warning.touchpoint is None:
            st.markdown(f":material/warning: {plain(warning.sentence)}")
