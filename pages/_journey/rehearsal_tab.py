"""The rehearsal: what this draft would have done with the shop's own past."""

from collections.abc import Mapping

import streamlit as st

from db.kinds import RehearsalStatus
from pages._journey.draft import Draft
from pages._journey.rehearsal_figures import show_rehearsal
from pages._journey.rehearsal_lines import how_far, named
from pages._journey.rehearsal_scope import ask_scope
from pages._ui.doing import act, read
from pages._ui.page import At
from pages._ui.words import plain
from px import customers, journeys
from px.core import clock
from px.core.errors import PxError
from px.journeys import RehearsalLine, reading


def rehearsal_tab(draft: Draft, at: At) -> None:
    """Asks for a rehearsal of the draft, shows those under way and what came of the others."""
    st.markdown(
        "Plays this draft, saved or not, over what really happened in your shop. "
        "No message leaves and nothing is changed."
    )
    _ask(draft, at)
    with read() as session:
        lines = journeys.rehearsals_of(session, draft.key)
        about = {line.scope.customer_id for line in lines if line.scope.customer_id}
        found = customers.known_customers(session, about)
    if any(line.is_open for line in lines):
        _under_way(draft.key)
    _told_about(lines, draft.key)
    ended = [line for line in lines if not line.is_open]
    if ended:
        _chosen(draft, ended, {number: one.name for number, one in found.items()}, at)


def _ask(draft: Draft, at: At) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", key="px_rehearse_ask"):
        scope = ask_scope(at)
        ready = not draft.problems.count
        pressed = st.button(
            "Rehearse",
            type="primary",
            icon=":material/play_circle:",
            disabled=not ready or scope is None,
            help=None if ready else "Mend what the touchpoints say first.",
        )
    if pressed and scope is not None:
        with act(again=False) as session:
            document = reading.read_document(draft.data)
            journeys.ask_rehearsal(
                session, document, scope=scope, by=at.user.email, now=clock.now()
            )
            st.session_state[f"px_rehearsal_awaited_{draft.key}"] = True


@st.fragment(run_every=1)
def _under_way(key: str) -> None:
    """How far the rehearsals are that wait or are being played, each with a way to stop it."""
    with read() as session:
        found = journeys.open_rehearsals(session, key)
    if not found:
        st.rerun(scope="app")
    now = clock.now()
    for one in found:
        with st.container(border=True, key=f"px_rehearsing_{one.id}"):
            done = one.done / one.total if one.total else 0.0
            st.progress(min(done, 1.0), text=plain(how_far(one, now)))
            with st.container(horizontal=True, vertical_alignment="center"):
                st.caption("You can leave this page; it goes on.")
                if st.button("Cancel rehearsal", key=f"px_rehearsal_cancel_{one.id}"):
                    with act("The rehearsal was cancelled") as session:
                        journeys.cancel_rehearsal(session, one.id, now=now)


def _told_about(lines: list[RehearsalLine], key: str) -> None:
    """Whoever asked is told once when it is done."""
    if not lines or lines[0].is_open:
        return
    is_awaited = st.session_state.pop(f"px_rehearsal_awaited_{key}", False)
    if is_awaited and lines[0].status is RehearsalStatus.DONE:
        st.toast("The rehearsal is done", icon=":material/check:")


def _chosen(draft: Draft, ended: list[RehearsalLine], names: Mapping[int, str], at: At) -> None:
    """One rehearsal is shown, with what it is compared with."""
    by_id = {line.id: line for line in ended}
    said = {line.id: named(line, at.now, at.zone, names) for line in ended}
    shown = newest = ended[0].id
    other: int | None = None
    if len(ended) > 1:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            shown = st.selectbox(
                "Rehearsal",
                list(by_id),
                format_func=said.__getitem__,
                key=f"px_rehearsal_shown_{newest}",
            )
            others = [line.id for line in ended if line.figures and line.id != shown]
            other = st.selectbox(
                "Compared with",
                [None, *others],
                format_func=lambda one: said[one] if one else "What is live",
                key=f"px_rehearsal_other_{newest}",
            )
    line = by_id[shown]
    if line.status is RehearsalStatus.FAILED:
        st.warning(plain(line.note), icon=":material/error:")
    elif line.status is RehearsalStatus.CANCELLED:
        st.markdown(":gray[It was cancelled; nothing of it is kept.]")
    if line.mark != _mark(draft):
        st.markdown(":orange[:material/edit: The draft was changed since this rehearsal.]")
    if line.figures is not None:
        show_rehearsal(line, by_id[other] if other else None, draft.data, names, at)


def _mark(draft: Draft) -> str:
    """What tells the draft from what was rehearsed."""
    try:
        return journeys.mark_of(reading.to_data(reading.read_document(draft.data)))
    except PxError:
        return ""
