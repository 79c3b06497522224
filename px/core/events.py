"""The record of what happened. Every slice writes its events here; px.flow reads them in order."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlmodel import Session, col

from db.kinds import EventKind
from db.models.system import Event as Event
from db.types import moment
from px.core.bulk import chunks, insert_new

MILESTONE = "milestone:"
_NEWEST = 20_000


@dataclass(frozen=True, slots=True)
class NewEvent:
    """A fact to record. `key` names it for ever: recording it again changes nothing.

    With `historic` nobody answers it: it is there to be read only.
    """

    key: str
    kind: str
    at: datetime
    customer_id: int | None = None
    order_id: int | None = None
    data: dict[str, Any] = field(default_factory=dict)
    source: str = ""
    historic: bool = False


class Happened(NamedTuple):
    """A recorded event as planning reads it."""

    kind: str
    at: datetime
    order_id: int | None
    data: dict[str, Any]


class Heard(NamedTuple):
    """A recorded event with when px was told of it; historic ones were told of long after."""

    kind: str
    at: datetime
    order_id: int | None
    data: dict[str, Any]
    heard_at: datetime


def is_event_kind(kind: str) -> bool:
    """Whether `kind` is one of ours, or milestone:KEY with a key."""
    return kind in EventKind._value2member_map_ or (
        kind.startswith(MILESTONE) and len(kind) > len(MILESTONE)
    )


def record_events(session: Session, events: Iterable[NewEvent], *, now: datetime) -> None:
    """Every event stands in the record once, however often it is given."""
    for chunk in chunks(events):
        insert_new(session, Event, [_row(event, now) for event in chunk], ["key"])


def unreacted_events(session: Session, limit: int, *, now: datetime) -> list[Event]:
    """The first events recorded that have happened by `now` and that nobody has answered yet."""
    waiting = select(Event).where(col(Event.reacted_at).is_(None), col(Event.at) <= now)
    statement = waiting.order_by(col(Event.id)).limit(limit)
    return list(session.scalars(statement))


def next_unreacted(session: Session) -> datetime | None:
    """When the first event happened, or will have, that nobody has answered yet."""
    return session.scalar(select(func.min(col(Event.at))).where(col(Event.reacted_at).is_(None)))


def newest_event(session: Session) -> int:
    """The number of the event recorded last, 0 before the first."""
    return session.scalar(select(func.max(col(Event.id)))) or 0


def mark_reacted(session: Session, event_ids: list[int], *, now: datetime) -> None:
    """These events have been answered."""
    session.connection().execute(
        update(Event).where(col(Event.id).in_(event_ids)).values(reacted_at=now)
    )


def hear_again(session: Session, kind: str, *, since: datetime) -> int:
    """The events of this kind since then are to be answered once more; how many.

    Whoever has answered them before changes nothing: every answer has a unique key.
    """
    again = update(Event).where(
        col(Event.kind) == kind, col(Event.at) >= since, col(Event.reacted_at).is_not(None)
    )
    return session.connection().execute(again.values(reacted_at=None)).rowcount


def events_of(
    session: Session, customer_ids: Iterable[int], kinds: Iterable[str]
) -> dict[int, list[Happened]]:
    """What happened to each customer, of these kinds, oldest first."""
    found: dict[int, list[Happened]] = {}
    for customer_id, kind, at, order_id, data in _rows_of(session, customer_ids, kinds):
        found.setdefault(customer_id, []).append(Happened(kind, at, order_id, data))
    return found


def happened_to(customer: Any, kinds: Iterable[str]) -> ColumnElement[bool]:
    """Whether an event of one of these kinds was recorded of the customer in that column."""
    own = select(col(Event.id)).where(
        col(Event.customer_id) == customer, col(Event.kind).in_(list(kinds))
    )
    return own.exists()


def newest_of_kind(
    session: Session, kind: str, *, since: datetime, until: datetime, limit: int
) -> tuple[list[Event], int]:
    """The newest events of a kind between two times, at most `limit`, and how many there are."""
    within = (col(Event.kind) == kind, col(Event.at) >= since, col(Event.at) < until)
    total = session.scalar(select(func.count()).select_from(Event).where(*within)) or 0
    newest = select(Event).where(*within).order_by(col(Event.at).desc()).limit(limit)
    return list(session.scalars(newest)) if total else [], total


def heard_of(
    session: Session, customer_ids: Iterable[int], kinds: Iterable[str]
) -> dict[int, list[Heard]]:
    """What happened to each customer, of these kinds, oldest first, and when it was told."""
    found: dict[int, list[Heard]] = {}
    told = (moment(col(Event.recorded_at)), moment(col(Event.reacted_at)))
    rows = _rows_of(session, customer_ids, kinds, *told)
    for customer_id, kind, at, order_id, data, recorded_at, reacted_at in rows:
        # Whoever answers it a second time has heard of it before.
        heard_at = min(recorded_at, reacted_at or recorded_at)
        found.setdefault(customer_id, []).append(Heard(kind, at, order_id, data, heard_at))
    return found


def customers_with(
    session: Session,
    kinds: Iterable[str],
    *,
    since: datetime,
    until: datetime | None = None,
    customer_id: int | None = None,
) -> list[int]:
    """The customers to whom something of these kinds happened from `since` to `until`."""
    statement = _between(select(col(Event.customer_id)), kinds, since, until, customer_id)
    rows = session.scalars(statement.distinct().order_by(col(Event.customer_id)))
    return [one for one in rows if one is not None]


def count_events(
    session: Session,
    kinds: Iterable[str],
    *,
    since: datetime,
    until: datetime | None = None,
    customer_id: int | None = None,
) -> int:
    """How often something of these kinds happened to a customer from `since` to `until`."""
    statement = _between(select(func.count()), kinds, since, until, customer_id)
    return session.scalar(statement) or 0


def _between(
    statement: Select[Any],
    kinds: Iterable[str],
    since: datetime,
    until: datetime | None,
    customer_id: int | None,
) -> Select[Any]:
    whose = (
        col(Event.customer_id).is_not(None)
        if customer_id is None
        else col(Event.customer_id) == customer_id
    )
    found = statement.where(col(Event.kind).in_(list(kinds)), col(Event.at) >= since, whose)
    return found if until is None else found.where(col(Event.at) <= until)


def last_event_at(
    session: Session, customer_ids: Iterable[int], kinds: Iterable[str]
) -> datetime | None:
    """When the last event of these kinds happened to one of the customers."""
    wanted, found = list(kinds), []
    for ids in chunks(customer_ids):
        at = session.scalar(
            select(func.max(col(Event.at))).where(
                col(Event.customer_id).in_(ids), col(Event.kind).in_(wanted)
            )
        )
        found.append(at)
    return max((at for at in found if at is not None), default=None)


def kinds_seen(session: Session, wanted: Iterable[str]) -> set[str]:
    """Those of the wanted kinds that were ever recorded."""
    newest = select(col(Event.kind)).order_by(col(Event.id).desc()).limit(_NEWEST).subquery()
    seen = set(session.scalars(select(newest.c.kind).distinct()))
    # There is no index by kind: what is not among the newest is looked for in all.
    return {
        kind
        for kind in set(wanted)
        if kind in seen
        or session.scalar(select(col(Event.id)).where(col(Event.kind) == kind).limit(1))
    }


def _rows_of(
    session: Session, customer_ids: Iterable[int], kinds: Iterable[str], *more: Any
) -> Iterator[Any]:
    """Customer, kind, time, order, data and what else is asked for of each event, oldest first."""
    happened = (col(Event.kind), moment(col(Event.at)), col(Event.order_id), col(Event.data))
    wanted = list(kinds)
    for ids in chunks(dict.fromkeys(customer_ids)) if wanted else ():
        statement = (
            select(col(Event.customer_id), *happened, *more)
            .where(col(Event.customer_id).in_(ids), col(Event.kind).in_(wanted))
            .order_by(col(Event.at), col(Event.id))
        )
        yield from session.connection().execute(statement).all()


def _row(event: NewEvent, now: datetime) -> dict[str, Any]:
    return {
        "key": event.key,
        "kind": event.kind,
        "at": event.at,
        "recorded_at": now,
        "customer_id": event.customer_id,
        "order_id": event.order_id,
        "data": event.data,
        "source": event.source,
        "reacted_at": now if event.historic else None,
    }
