"""Counting the map in a thread of its own: one at a time, with how far it is; the last is kept."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Lock, Thread
from typing import NamedTuple

from px.core import clock
from px.core.errors import PxError
from px.core.settings import Settings
from px.core.work import reading
from px.journeys import pressure
from px.journeys.ahead.pressure import PressureMap

_log = logging.getLogger("px.pages")


class Mark(NamedTuple):
    """What a map depends on: what has happened, and the journeys, their order and the settings."""

    happened: tuple[object, ...]
    rules: tuple[object, ...]


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
            if self.count is None or self.count.found or self.count.mark.rules != mark.rules:
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
