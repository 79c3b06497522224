"""The map is counted in the background and kept until something happens that it depends on."""

from datetime import timedelta

import streamlit as st

from pages._calendar.desk import Count, Desk, Mark
from pages._ui.doing import read
from pages._ui.page import At
from pages._ui.words import count, figure, plain, time_left
from px.core import clock
from px.core.work import database
from px.journeys import pressure
from px.journeys.ahead.pressure import PressureMap

# A small shop is counted before one notices; a large one with progress.
_AT_ONCE_SECONDS = 2.0
# In a busy shop something happens all the time: then a map is good for a while.
_GOOD = {True: timedelta(minutes=10), False: timedelta(minutes=2)}


@st.cache_resource(max_entries=4, show_spinner=False)
def _desk(_url: str) -> Desk:
    return Desk()


def counted(at: At) -> PressureMap | None:
    """The map as of now or of some minutes ago; None while the first is being counted."""
    desk = _desk(str(database().url))
    with read() as session:
        *happened, running = pressure.data_mark(session)
    mark = Mark(tuple(happened), (running, at.settings))
    last = desk.last
    if last and _is_good(last[0], mark, at.now - last[1].counted_at):
        return last[1]
    counting = desk.ask(mark, at.settings, at.now)
    with st.spinner("Counting what everybody gets in the next 30 days"):
        desk.wait(_AT_ONCE_SECONDS)
    if counting.found is None:
        progress(desk, counting)
    return counting.found or (last[1] if last else None)


def _is_good(counted_for: Mark, mark: Mark, age: timedelta) -> bool:
    """Whether a map may still be shown: the journeys, their order and the settings are the same."""
    nothing_happened = counted_for.happened == mark.happened
    return counted_for.rules == mark.rules and abs(age) < _GOOD[nothing_happened]


def count_again() -> None:
    """The next look counts afresh."""
    desk = _desk(str(database().url))
    desk.last = desk.count = None


@st.fragment(run_every="1s")
def progress(desk: Desk, counting: Count) -> None:
    """How far the counting is; the page is drawn again when it is done."""
    if counting.found is not None:
        st.rerun(scope="app")
    if counting.problem:
        st.info(plain(counting.problem))
        if st.button("Count again"):
            desk.count = None
            st.rerun(scope="app")
        return
    share = counting.done / counting.total if counting.total else 0.0
    left = time_left(clock.monotonic() - counting.began, share)
    said = f"Counting: {figure(counting.done)} of {count(counting.total, 'customer')}{left}"
    st.progress(share, said if counting.total else "Counting who is inside")
    if st.button("Stop counting"):
        desk.stop()
