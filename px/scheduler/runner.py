"""The scheduler inside one process: APScheduler ticks, the jobs look at what is due.

Any number of processes may run one. A lease in the database lets one of them react, advance, settle
and sweep; all of them send, for the outbox is claimed row by row.
"""

import logging
import os
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event, Lock, Thread
from typing import Any

from apscheduler.executors.base import BaseExecutor
from apscheduler.executors.base import run_job as run_scheduled
from apscheduler.schedulers.background import BackgroundScheduler

from px.core import settings as px_settings
from px.core.clock import monotonic, now, sleep
from px.core.errors import PxError
from px.core.lease import free_lease, note_tick, take_lease
from px.core.work import marking, reading
from px.messages import Sender
from px.scheduler import jobs
from px.scheduler.jobs import Report

LEASE = "scheduler"
TICK_SECONDS = 2
_LEASE_SECONDS = 30
_SWEEP_SECONDS = 60
_DRAIN_SECONDS = 9.0
_FILE_SECONDS = 2.0
_log = logging.getLogger("px.scheduler")


class Runner:
    """Starts and stops the jobs of this process."""

    def __init__(
        self,
        *,
        connections: int | None = None,
        clock: Callable[[], datetime] = now,
        tick_seconds: float = TICK_SECONDS,
    ) -> None:
        self._owner = f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._clock = clock
        self._seconds = tick_seconds
        self._sender = Sender(clock=clock, connections=connections)
        self._stopping = Event()
        self._busy: set[str] = set()
        self._lock = Lock()
        self._swept_at = float("-inf")
        # Of the jobs in threads of their own; no name is added later, for a tick goes through them.
        self._problems = dict.fromkeys(("send", "imports", "rehearsals"), "")
        self._scheduler = _scheduler()

    def start(self) -> None:
        """The jobs run over and over from now on."""
        for job in (self.tick, self.send, self.read_files, self.rehearse):
            self._scheduler.add_job(
                job, "interval", seconds=self._seconds, id=job.__name__, next_run_time=_soon()
            )
        self._scheduler.start()

    def stop_soon(self) -> None:
        """Nothing new is begun; to be called from a signal handler."""
        self._stopping.set()
        self._sender.stop()

    def stop(self) -> bool:
        """What was being done is finished, everything else is free for others. Within 10 seconds.

        False when something could not be finished in that time.
        """
        self.stop_soon()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        started = monotonic()
        while self._busy and monotonic() - started < self._patience():
            sleep(0.02)
        self._sender.close()
        with marking() as session:
            free_lease(session, LEASE, owner=self._owner, now=self._clock())
        return not self._busy

    def _patience(self) -> float:
        """A file or a rehearsal may take minutes: it goes on later, and is not waited for."""
        return _FILE_SECONDS if self._busy <= {"read_files", "rehearse"} else _DRAIN_SECONDS

    def tick(self) -> None:
        """Events are answered, touches planned and settled, unless another process does that.

        1. Take or renew the lease. 2. Each job once. 3. Again while there is something to do.
        """
        with self._working("tick"):
            while not self._stopping.is_set() and self._hold():
                report = Report()
                for name in ("react", "advance", "settle"):
                    jobs.run_job(name, getattr(jobs, name), report, now=self._clock())
                self._sweep(report)
                self._note(report)
                if not report.total:
                    return

    def send(self) -> None:
        """Messages that are due have been sent."""
        with self._working("send"):
            said = self._tried("send", lambda _: self._sent())
            self._problems["send"] = " ".join(filter(None, (said, *self._sender.problems.values())))

    def read_files(self) -> None:
        """Files that wait have been read."""
        with self._working("read_files"):
            if not self._stopping.is_set():
                self._problems["imports"] = self._tried("imports", jobs.imports)

    def rehearse(self) -> None:
        """Rehearsals that wait have been played."""
        with self._working("rehearse"):
            if not self._stopping.is_set():
                self._problems["rehearsals"] = self._tried("rehearsals", self._rehearsed)

    def _tried(self, name: str, job: jobs.Job) -> str:
        """The job was done once; why it could not be, in words."""
        report = Report()
        jobs.run_job(name, job, report, now=self._clock())
        return report.problems.get(name, "")

    def _rehearsed(self, now: datetime) -> int:
        return jobs.rehearsals(now, self._stopping.is_set)

    def _sent(self) -> int:
        with reading() as session:
            current = px_settings.current(session)
        return sum(self._sender.run(current).values())

    def _sweep(self, report: Report) -> None:
        if monotonic() - self._swept_at >= _SWEEP_SECONDS:
            self._swept_at = monotonic()
            jobs.run_job("sweep", jobs.sweep, report, now=self._clock())

    def _hold(self) -> bool:
        try:
            with marking() as session:
                return take_lease(
                    session,
                    LEASE,
                    owner=self._owner,
                    seconds=_LEASE_SECONDS,
                    now=self._clock(),
                )
        except PxError as problem:
            _log.warning("the scheduler waits: %s", problem)
            return False

    def _note(self, report: Report) -> None:
        others = {name: words for name, words in self._problems.items() if words}
        detail: dict[str, Any] = {"did": report.counts, "problems": report.problems | others}
        with marking() as session:
            note_tick(session, LEASE, detail=detail, now=self._clock(), remember_gaps=True)

    @contextmanager
    def _working(self, name: str) -> Iterator[None]:
        with self._lock:
            self._busy.add(name)
        try:
            yield
        finally:
            with self._lock:
                self._busy.discard(name)


class _DaemonThreads(BaseExecutor):  # type: ignore[misc]
    """A thread per run that does not keep the process alive: what it leaves is found again."""

    def _do_submit_job(self, job: Any, run_times: list[datetime]) -> None:
        def run() -> None:
            try:
                events = run_scheduled(job, job._jobstore_alias, run_times, self._logger.name)
            except BaseException as error:  # noqa: BLE001 - told to APScheduler, which logs it
                self._run_job_error(job.id, error, error.__traceback__)
            else:
                self._run_job_success(job.id, events)

        Thread(target=run, name=f"px-{job.id}", daemon=True).start()


def _scheduler() -> BackgroundScheduler:
    # It warns whenever a pass takes longer than a tick, which is nothing to act on.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    return BackgroundScheduler(
        timezone=UTC,
        executors={"default": _DaemonThreads()},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        daemon=True,
    )


def _soon() -> datetime:
    return now()
