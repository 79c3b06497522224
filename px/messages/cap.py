"""When marketing left to a customer, over all journeys, and what wants to: what the cap counts."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import and_, bindparam, case, or_, select
from sqlmodel import Session, col

from db.kinds import MessageStatus, Purpose, Reason
from db.models.messages import Message
from db.types import moment
from px.core.bulk import chunks

# Longer than the ten minutes a server may take to answer (RFC 5321 4.5.3.2.6) with all before it.
SENDING_LEASE = timedelta(minutes=15)

_MAY_HAVE_LEFT = or_(
    col(Message.status).in_((MessageStatus.SENT, MessageStatus.SENDING)),
    col(Message.reason) == Reason.UNKNOWN_OUTCOME,
)
_MARKETING = (
    col(Message.customer_id).in_(bindparam("ids", expanding=True)),
    col(Message.purpose) == Purpose.MARKETING,
)
# Most have left: of those only that time is read.
_NOT_SENT_YET = col(Message.sent_at).is_(None)
_TIMES = select(
    col(Message.customer_id),
    moment(col(Message.sent_at)),
    case((_NOT_SENT_YET, col(Message.lease_until))).label("lease_until"),
    case((_NOT_SENT_YET, col(Message.due_at))).label("due_at"),
).where(
    *_MARKETING,
    _MAY_HAVE_LEFT,
    or_(_NOT_SENT_YET, col(Message.sent_at) >= bindparam("since")),
)
# Due, and nothing stands in its way: a refusal of the channel would be said in its detail.
_WANTS_TO_GO = and_(
    col(Message.status) == MessageStatus.QUEUED,
    col(Message.due_at) <= bindparam("now"),
    col(Message.detail) == "",
)
_PLACES = select(
    col(Message.id),
    col(Message.status),
    col(Message.priority),
    col(Message.sent_at),
    col(Message.lease_until),
    col(Message.due_at),
    col(Message.expires_at),
).where(
    *_MARKETING,
    or_(_MAY_HAVE_LEFT, _WANTS_TO_GO),
    or_(_NOT_SENT_YET, col(Message.sent_at) >= bindparam("since")),
)


class InLine(NamedTuple):
    """A message in the order in which the outbox lets go: the smaller first."""

    priority: int
    due_at: datetime
    id: int


def sent_marketing(
    session: Session, customer_ids: Iterable[int], *, since: datetime
) -> dict[int, list[datetime]]:
    """When marketing left, is leaving or may have left to each customer, oldest first."""
    found: dict[int, list[datetime]] = {}
    for chunk in chunks(dict.fromkeys(customer_ids)):
        rows = session.connection().execute(_TIMES, {"ids": chunk, "since": since})
        for customer_id, sent_at, lease_until, due_at in rows:
            at = sent_at or _begun(lease_until) or due_at
            if at >= since:
                found.setdefault(customer_id, []).append(at)
    return {customer_id: sorted(times) for customer_id, times in found.items()}


def places_of(
    session: Session, customer_id: int, place: InLine, *, since: datetime, now: datetime
) -> tuple[list[datetime], int]:
    """When marketing left to the customer, oldest first, and how many that are due go before."""
    taken, before = [], 0
    values = {"ids": [customer_id], "since": since, "now": now}
    rows = session.connection().execute(_PLACES, values)
    for row in rows:
        if row.status == MessageStatus.QUEUED and row.sent_at is None:
            is_of_use = row.expires_at is None or row.expires_at > now
            before += is_of_use and InLine(row.priority, row.due_at, row.id) < place
            continue
        at = row.sent_at or _begun(row.lease_until) or row.due_at
        if at >= since:
            taken.append(at)
    return sorted(taken), before


def _begun(lease_until: datetime | None) -> datetime | None:
    """When the sending began whose lease ends then."""
    return lease_until - SENDING_LEASE if lease_until else None
