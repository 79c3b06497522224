"""The playing of rehearsals, in the background.

Whoever plays one holds its row by its lease and writes how far it is about once a second; one left
behind by a process that died is played again from the start by another. Nothing but that row is
written.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlmodel import Session, col

from db.kinds import RehearsalStatus
from db.models.journeys import Rehearsal as Row
from px.core import clock
from px.core.calm import giving_way, without_collecting
from px.core.errors import NotFound, PxError
from px.core.work import marking, reading, work
from px.journeys.document import Document
from px.journeys.engine.compiled import compile_document
from px.journeys.publishing.drafts import journey_row, live_document
from px.journeys.reading import read_document, to_data
from px.journeys.rehearsal.figures import Figures, Tally
from px.journeys.rehearsal.past import Past
from px.journeys.rehearsal.rehearsal import Player
from px.journeys.rehearsal.rehearsals import RehearsalScope, mark_of, sweep_rehearsals

MOST_ORDERS = 200_000
MOST_TOUCHES = 10_000_000
LONGEST = timedelta(minutes=30)
_LEASE = timedelta(seconds=60)
_EVERY = 1.0
_BACK = {"status": RehearsalStatus.WAITING.value, "done": 0, "note": ""}
_BUG = (
    "It could not be played to its end; the log says why. Your orders and messages are untouched."
)


class _Stopped(Exception):
    """Somebody cancelled it, or another worker has taken it over."""


def run_rehearsals(*, now: datetime, stopping: Callable[[], bool] = bool) -> int:
    """Every rehearsal that waits has been played, one after another; how many.

    May take minutes: it wants a thread of its own. When `stopping` says so, the one under way goes
    back to those that wait.
    """
    started = clock.monotonic()
    done = 0
    while not stopping() and (lease := _claim(_later(now, started))) is not None:
        _run(lease, now, started, stopping)
        done += 1
    return done


class _Lease:
    """One rehearsal held by this process, and how far it is."""

    def __init__(self, row: Row, until: datetime) -> None:
        self.row = row
        self.until = until
        self.done = self.total = 0
        self.note = ""
        self.noted_at = float("-inf")

    def hold(self, at: datetime, values: Mapping[str, Any]) -> None:
        """The row says so; _Stopped when it is somebody else's by now, or nobody's."""
        until = _until(at)
        with marking() as session:
            changed = session.connection().execute(
                update(Row)
                .where(
                    col(Row.id) == self.row.id,
                    col(Row.status) == RehearsalStatus.RUNNING.value,
                    col(Row.lease_until) == self.until,
                )
                .values(lease_until=until, **values)
            )
        if not changed.rowcount:
            raise _Stopped
        self.until = until


def _claim(now: datetime) -> _Lease | None:
    """The next rehearsal that waits, or whose player has died, is held by us alone."""
    free = or_(
        col(Row.status) == RehearsalStatus.WAITING.value,
        and_(col(Row.status) == RehearsalStatus.RUNNING.value, col(Row.lease_until) <= now),
    )
    while True:
        with marking() as session:
            row = session.scalars(select(Row).where(free).order_by(col(Row.id)).limit(1)).first()
            if row is None:
                return None
            until = _until(now)
            taken = session.connection().execute(
                update(Row)
                .where(col(Row.id) == row.id, free)
                .values(
                    status=RehearsalStatus.RUNNING.value,
                    lease_until=until,
                    started_at=now,
                    done=0,
                    total=0,
                    note="Reading the orders",
                )
            )
            if taken.rowcount:
                session.expunge(row)
                return _Lease(row, until)


def _run(lease: _Lease, now: datetime, started: float, stopping: Callable[[], bool]) -> None:
    begun = clock.monotonic()

    def pulse() -> None:
        at = clock.monotonic()
        if at - lease.noted_at < _EVERY:
            return
        lease.noted_at = at
        if stopping():
            lease.hold(_later(now, started), _BACK)
            raise _Stopped
        if at - begun > LONGEST.total_seconds():
            raise PxError(_too_long(lease))
        progress = {"done": lease.done, "total": lease.total, "note": lease.note}
        lease.hold(_later(now, started), progress)

    try:
        with giving_way():
            figures = _played(lease, now=now, pulse=pulse)
        ending: dict[str, Any] = {
            "status": RehearsalStatus.DONE.value,
            "figures": figures,
            "note": "",
            "done": lease.total,
            "total": lease.total,
        }
    except _Stopped:
        return
    except PxError as problem:
        ending = {"status": RehearsalStatus.FAILED.value, "note": str(problem)}
    except Exception:
        _end(lease, {"status": RehearsalStatus.FAILED.value, "note": _BUG}, now, started)
        raise
    _end(lease, ending, now, started)
    with work() as session:
        sweep_rehearsals(session, lease.row.journey_key)


def _end(lease: _Lease, values: Mapping[str, Any], now: datetime, started: float) -> None:
    at = _later(now, started)
    try:
        lease.hold(at, {**values, "ended_at": at})
    except _Stopped:
        return


def _played(lease: _Lease, *, now: datetime, pulse: Callable[[], None]) -> dict[str, Any]:
    """The figures of the document and of the live version beside it, over one state of the past."""
    document = read_document(lease.row.document)
    scope = RehearsalScope.from_data(lease.row.scope)
    with _snapshot() as session:
        live = _live(session, lease.row.journey_key)
        is_as_live = live is not None and mark_of(to_data(live)) == lease.row.mark
        documents = [document] if live is None or is_as_live else [document, live]
        past = Past(session, documents, scope.at(now))
        _refuse(past, documents, now)
        lease.total, lease.note = len(past.customers), "Playing"
        tallies = _tally(past, documents, lease, now=now, pulse=pulse)
        return {
            "own": tallies[0].to_data(),
            "live": tallies[1].to_data() if len(tallies) > 1 else None,
            "is_as_live": is_as_live,
            "orders": past.orders_placed(until=now),
        }


def _tally(
    past: Past,
    documents: list[Document],
    lease: _Lease,
    *,
    now: datetime,
    pulse: Callable[[], None],
) -> list[Figures]:
    """Each document over the same people, read once."""
    players = [Player(past.rehearsal(document), now, pulse=pulse) for document in documents]
    tallies = [Tally(player.journey, zone=past.settings.shop_zone) for player in players]
    for people in past.chunks():
        with without_collecting():
            for customer_id, events in people:
                for player, tally in zip(players, tallies, strict=True):
                    tally.add(*player.play(customer_id, events))
                lease.done += 1
                pulse()
    return [tally.figures() for tally in tallies]


def _refuse(past: Past, documents: list[Document], now: datetime) -> None:
    """PxError when there is more to play than anybody would wait for."""
    entries = past.entries(until=now)
    if entries > MOST_ORDERS:
        raise PxError(
            f"There are {entries:,} orders in this time; a rehearsal plays at most "
            f"{MOST_ORDERS:,}. Choose a shorter time."
        )
    each = max(len(compile_document(document).occurrences) for document in documents)
    if entries * each > MOST_TOUCHES:
        raise PxError(
            f"This journey has {each:,} messages for each of {entries:,} orders, which is too "
            f"much to play. Repeat less often, or choose at most {MOST_TOUCHES // each:,} orders."
        )


@contextmanager
def _snapshot() -> Iterator[Session]:
    """A session that sees one state of the database until it ends, and blocks nobody."""
    with reading() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield session


def _live(session: Session, key: str) -> Document | None:
    """The published version, when there is one."""
    try:
        row = journey_row(session, key)
    except NotFound:
        return None
    return live_document(session, row) if row.live_version_id is not None else None


def _too_long(lease: _Lease) -> str:
    minutes = int(LONGEST.total_seconds() // 60)
    return (
        f"It was stopped after {minutes} minutes, with {lease.done:,} of {lease.total:,} customers "
        "played. Choose a shorter time."
    )


def _later(now: datetime, started: float) -> datetime:
    return now + timedelta(seconds=clock.monotonic() - started)


def _until(now: datetime) -> datetime:
    """The end of a lease taken now. No two are the same: it also says whose the lease is."""
    return now + _LEASE + timedelta(microseconds=secrets.randbelow(1_000_000))
