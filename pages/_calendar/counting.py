"""The map is counted in the background and kept until something happens that it depends on."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Lock, Thread

import streamlit as st

from pages._ui.doing import read
from pages._ui.page import At
from pages._ui.words import count
from px.core import clock
from px.core.errors import PxError
from px.core.settings import Settings
from px.core.work import database, reading
from px.journeys import pressure
from px.journeys.ahead.pressure import PressureMap

# A small shop is counted before one notices; a large one with progress.
_AT_ONCE_SECONDS = 2.0
# In a busy shop something happens all the time: then a map is good for a while.
_GOOD = {True: timedelta(minutes=10), False: timedelta(minutes=2)}
Mark = tuple[object, ...]
_log = logging.getLogger("px.pages")


class Stopped(PxError):
    """Somebody stopped the counting."""


@dataclass(slots=True)
class Count:
    """One counting: how far it is, and what came of it."""

    mark: Mark
    began: float
    done: int = 0
    total: int = 0
    found: PressureMap | None = None
    problem: str = ""


class Desk:
    """Counts one map at a time and keeps the last. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._stopping = Event()
        self._thread: Thread | None = None
        self.count: Count | None = None
        self.last: tuple[Mark, PressureMap] | None = None

    def ask(self, mark: Mark, settings: Settings, now: datetime) -> Count:
        """The counting for this mark, begun unless it is under way."""
        with self._lock:
            if self.count is None or self.count.found or self.count.mark[2:] != mark[2:]:
                self._stopping.set()
                self._stopping = Event()
                self.count = Count(mark, clock.monotonic())
                work = _work(self, self.count, self._stopping, settings, now)
                self._thread = Thread(target=work, name="px-pressure", daemon=True)
                self._thread.start()
            return self.count

    def wait(self, seconds: float) -> None:
        """The counting has ended, or the time is over."""
        if self._thread is not None:
            self._thread.join(seconds)

    def stop(self) -> None:
        """The counting ends without a map."""
        self._stopping.set()


def _work(
    desk: Desk, counting: Count, stopping: Event, settings: Settings, now: datetime
) -> Callable[[], None]:
    def tell(done: int, total: int) -> None:
        counting.done, counting.total = done, total
        if stopping.is_set():
            raise Stopped("The counting was stopped.")

    def run() -> None:
        try:
            with reading() as session:
                found = pressure.pressure_map(session, settings=settings, now=now, on_progress=tell)
        except PxError as problem:
            counting.problem = str(problem)
            return
        except Exception:  # noqa: BLE001 - the edge of a thread: whoever waits is told
            _log.exception("the pressure map failed")
            counting.problem = "The messages could not be counted; the log says why."
            return
        desk.last = (counting.mark, found)
        counting.found = found

    return run


@st.cache_resource(max_entries=4, show_spinner=False)
def _desk(_url: str) -> Desk:
    return Desk()


def counted(at: At) -> PressureMap | None:
    """The map as of now or of some minutes ago; None while the first is being counted."""
    desk = _desk(str(database().url))
    with read() as session:
        mark = (*pressure.data_mark(session), at.settings)
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
    nothing_happened = counted_for[:2] == mark[:2]
    return counted_for[2:] == mark[2:] and abs(age) < _GOOD[nothing_happened]


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
        st.info(counting.problem)
        if st.button("Count again"):
            desk.count = None
            st.rerun(scope="app")
        return
    share = counting.done / counting.total if counting.total else 0.0
    left = ""
    if share > 0.05:
        seconds = (clock.monotonic() - counting.began) * (1 - share) / share
        left = f", about {count(max(1, round(seconds)), 'second')} left"
    said = f"Counting: {counting.done:,} of {count(counting.total, 'customer')}{left}"
    st.progress(share, said if counting.total else "Counting who is inside")
    if st.button("Stop counting"):
        desk.stop()
