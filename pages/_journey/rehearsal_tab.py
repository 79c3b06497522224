"""The rehearsal: what this draft would have done with the shop's own past, played in the
background.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from db.kinds import RehearsalStatus
from pages._journey.draft import Draft
from pages._journey.rehearsal_figures import show_rehearsal
from pages._journey.rehearsal_words import how_far, named
from pages._ui.doing import act, read
from pages._ui.page import At
from pages._ui.words import plain
from px import customers, journeys
from px.core import clock
from px.core.errors import PxError
from px.journeys import RehearsalLine, RehearsalScope, reading

_LAST_30, _LAST_90, _PERIOD, _CUSTOMER = "30 days", "90 days", "A period", "One customer"
_SCOPES = (_LAST_30, _LAST_90, _PERIOD, _CUSTOMER)
_MOST_FOUND = 20


def rehearsal_tab(draft: Draft, at: At) -> None:
    """Asks for a rehearsal of the draft, shows those under way and what came of the others."""
    st.markdown(
        "Plays this draft, saved or not, over what really happened in your shop. "
        "No message leaves and nothing is changed."
    )
    _ask(draft, at)
    with read() as session:
        lines = journeys.rehearsals_of(session, draft.key)
    if any(line.is_open for line in lines):
        _under_way(draft.key)
    _told_about(lines, draft.key)
    ended = [line for line in lines if not line.is_open]
    if not ended:
        return
    with read() as session:
        ids = {line.scope.customer_id for line in ended if line.scope.customer_id}
        found = customers.known_customers(session, ids)
        names = {i: f"{one.first_name} {one.last_name}".strip() for i, one in found.items()}
    _chosen(draft, ended, names, at)


def _ask(draft: Draft, at: At) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", key="px_rehearse_ask"):
        kind = st.segmented_control(
            "Play it over",
            _SCOPES,
            default=_LAST_30,
            required=True,
            key="px_rehearse_scope",
        )
        scope = _scope(str(kind), at)
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


def _scope(kind: str, at: At) -> RehearsalScope | None:
    """What is chosen; None while something is missing."""
    if kind == _PERIOD:
        return _period(at)
    if kind == _CUSTOMER:
        return _customer()
    return RehearsalScope(days=int(kind.split()[0]))


def _period(at: At) -> RehearsalScope | None:
    zone = ZoneInfo(at.zone)
    today = at.now.astimezone(zone).date()
    chosen: Any = st.date_input(
        "From and to",
        (today - timedelta(days=60), today - timedelta(days=31)),
        max_value=today,
        key="px_rehearse_period",
    )
    if not isinstance(chosen, tuple) or len(chosen) != 2:
        return None
    first, last = chosen
    begins = datetime.combine(first, time(), zone).astimezone(UTC)
    ends = datetime.combine(last, time(23, 59, 59), zone).astimezone(UTC)
    return RehearsalScope(since=begins, until=ends)


def _customer() -> RehearsalScope | None:
    wanted = st.text_input(
        "Name, email or phone", key="px_rehearse_customer", placeholder="ada@example.com"
    ).strip()
    if not wanted:
        return None
    with read() as session:
        wish = customers.CustomerFilter(search=wanted)
        found = customers.customer_rows(session, wish, limit=_MOST_FOUND, offset=0)
    if not found:
        st.markdown(f"Nobody is found for “{plain(wanted)}”.")
        return None
    labels = {row.id: row.name or row.email or "No name" for row in found}
    chosen = (
        st.selectbox("Customer", list(labels), format_func=lambda one: labels[one])
        if len(labels) > 1
        else found[0].id
    )
    if len(labels) == 1:
        st.markdown(plain(labels[chosen]), width="content")
    return RehearsalScope(customer_id=chosen)


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
    shown = newest = ended[0].id
    other: int | None = None
    if len(ended) > 1:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            shown = st.selectbox(
                "Rehearsal",
                list(by_id),
                format_func=lambda one: named(by_id[one], at.now, at.zone, names),
                key=f"px_rehearsal_shown_{newest}",
            )
            others = [line.id for line in ended if line.figures and line.id != shown]
            other = st.selectbox(
                "Compared with",
                [None, *others],
                format_func=lambda one: (
                    named(by_id[one], at.now, at.zone, names) if one else "What is live"
                ),
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
