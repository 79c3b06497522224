"""What is done over and over, each a look at what is due: no job is tied to a tick.

    imports   reads files that wait            react    answers what happened
    advance   plans touches that wake up       send     sends messages that are due
    settle    tells journeys what came of it   sweep    ends what is of no use any more
    rehearsals  plays journeys over the past, and nothing leaves

A job that fails is logged and named among the problems; the others go on.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event

from px.core.errors import PxError
from px.core.settings import Settings
from px.core.work import work
from px.messages import send_due, sweep_outbox

_log = logging.getLogger("px.scheduler")
_MOST_ROUNDS = 50
Counts = dict[str, int | str]
Job = Callable[[datetime], int]


@dataclass(slots=True)
class Report:
    """What the jobs of a pass did, and which could not."""

    counts: dict[str, int] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How much was done."""
        return sum(self.counts.values())


def imports(now: datetime) -> int:
    """Every file that waits has been read; how many."""
    from px.orders.imports import run_imports

    return run_imports(now=now)


def react(now: datetime) -> int:
    """The next events have been answered; how many."""
    from px import flow

    return flow.react(now=now)


def advance(now: datetime) -> int:
    """The next touches that wake up have been planned; how many enrolments."""
    from px import flow

    return flow.advance(now=now)


def settle(now: datetime) -> int:
    """The next messages that came to an end have settled their touches; how many."""
    from px import flow

    return flow.settle(now=now)


def sweep(now: datetime) -> int:
    """Messages that are of no use any more have come to an end; how many."""
    with work() as session:
        return sweep_outbox(session, now=now)


def rehearsals(now: datetime, stopping: Callable[[], bool] = bool) -> int:
    """Every rehearsal that waits has been played, or goes back to waiting; how many."""
    from px.journeys import run_rehearsals

    return run_rehearsals(now=now, stopping=stopping)


def run_job(name: str, job: Job, report: Report, *, now: datetime) -> int:
    """The job was done once; what it did or why it could not stands in the report."""
    try:
        done = job(now)
    except PxError as problem:
        _log.warning("job %s: %s", name, problem)
        report.problems[name] = str(problem)
        return 0
    except Exception:  # noqa: BLE001 - one of the edges: the other jobs go on
        _log.exception("job %s failed", name)
        report.problems[name] = "It failed; the log says why."
        return 0
    report.counts[name] = report.counts.get(name, 0) + done
    return done


def drain(name: str, job: Job, report: Report, *, now: datetime, stopping: Event) -> int:
    """The job has nothing left to do, or could not go on; how much it did."""
    total = 0
    while not stopping.is_set() and (done := run_job(name, job, report, now=now)):
        total += done
    return total


def run_once(*, now: datetime, settings: Settings) -> dict[str, Counts]:
    """One pass of every job at `now`, as a worker would do it; counts, or the problem, by job.

    What a message that left sets off at once still belongs to the pass.
    """
    report, never, sent = Report(), Event(), Counted()
    run_job("imports", imports, report, now=now)
    for _ in range(_MOST_ROUNDS):
        done = drain("react", react, report, now=now, stopping=never)
        done += drain("advance", advance, report, now=now, stopping=never)
        done += run_job("send", lambda at: sent.send(at, settings), report, now=now)
        done += drain("settle", settle, report, now=now, stopping=never)
        if not done:
            break
    run_job("sweep", sweep, report, now=now)
    drain("settle", settle, report, now=now, stopping=never)
    run_job("rehearsals", rehearsals, report, now=now)
    report.problems |= sent.problems
    return _told(report, sent)


class Counted:
    """What the send job of a pass did, by outcome."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.problems: dict[str, str] = {}

    def send(self, now: datetime, settings: Settings) -> int:
        """What is due has been sent; how many messages came to something."""
        counts, problems = send_due(settings=settings, clock=lambda: now)
        for outcome, count in counts.items():
            self.counts[outcome] = self.counts.get(outcome, 0) + count
        if problems:
            self.problems["send"] = " ".join(problems.values())
        return sum(counts.values())


def _told(report: Report, sent: Counted) -> dict[str, Counts]:
    told: dict[str, Counts] = {}
    for name in ("imports", "react", "advance", "send", "settle", "sweep", "rehearsals"):
        told[name] = {"done": report.counts.get(name, 0)}
        if name == "send":
            told[name] |= sent.counts
        if name in report.problems:
            told[name]["problem"] = report.problems[name]
    return told
