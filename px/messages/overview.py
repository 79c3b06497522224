"""What the first page reads about the messages: days, trouble, and what waits."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select, text
from sqlmodel import Session, col

from db.kinds import MessageStatus
from db.models.messages import Message

# Written out as in the index on due times, which is not used for a bound value.
_QUEUED = text("messages.status = 'queued'")
_SETTLED = (MessageStatus.SENT, MessageStatus.SKIPPED, MessageStatus.FAILED)


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many messages came to this end on this day, in the shop's zone."""

    day: date
    status: str
    count: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """Messages that failed or are held for one reason, with the words of the latest of them."""

    status: str
    reason: str
    channel: str
    count: int
    latest_at: datetime
    detail: str


def _day_begins(day: date, zone: str) -> datetime:
    """Midnight of that day in the zone; where the clocks skip it, the moment they skip to."""
    return datetime.combine(day, time(0), ZoneInfo(zone))


def day_counts(session: Session, *, zone: str, days: int, now: datetime) -> list[DayCount]:
    """Sent, skipped and failed messages of the last `days` days, today included; none is zero."""
    today = now.astimezone(ZoneInfo(zone)).date()
    shown = [today - timedelta(days=ago) for ago in range(days - 1, -1, -1)]
    place = case(
        *(
            (col(Message.settled_at) < _day_begins(day + timedelta(days=1), zone), place)
            for place, day in enumerate(shown)
        )
    )
    begins = _day_begins(shown[0], zone)
    found = {
        (row[0], row[1]): row[2]
        for row in session.connection().execute(
            select(place, col(Message.status), func.count())
            .where(col(Message.settled_at) >= begins, col(Message.status).in_(_SETTLED))
            .group_by(place, col(Message.status))
        )
    }
    return [
        DayCount(day, status.value, found.get((place, status.value), 0))
        for place, day in enumerate(shown)
        for status in _SETTLED
    ]


def trouble(session: Session, *, since: datetime) -> list[Trouble]:
    """What failed since then and what is held now, most of all first."""
    failed = (col(Message.status) == MessageStatus.FAILED) & (col(Message.settled_at) >= since)
    held = col(Message.status) == MessageStatus.HELD
    columns = (col(Message.status), col(Message.reason), col(Message.channel))
    latest = func.max(col(Message.id))
    groups = (
        select(*columns, func.count().label("number"), latest.label("latest"))
        .where(failed | held)
        .group_by(*columns)
        .subquery()
    )
    rows = session.connection().execute(
        select(
            groups.c.status,
            groups.c.reason,
            groups.c.channel,
            groups.c.number,
            func.coalesce(col(Message.settled_at), col(Message.queued_at)),
            col(Message.detail),
        )
        .join_from(groups, Message, col(Message.id) == groups.c.latest)
        .order_by(groups.c.number.desc(), groups.c.reason)
    )
    return [Trouble(row[0], row[1] or "", *row[2:]) for row in rows]


def waiting(session: Session, *, until: datetime) -> tuple[int, datetime | None]:
    """How many messages in the outbox are due by then, and when the first is."""
    statement = select(func.count(), func.min(col(Message.due_at))).where(
        _QUEUED, col(Message.due_at) <= until
    )
    number, first = session.connection().execute(statement).one()
    return number, first
