"""When marketing left to a customer, over all journeys: what the frequency cap counts."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, select
from sqlmodel import Session, col

from db.kinds import MessageStatus, Purpose, Reason
from db.models.messages import Message
from px.core.bulk import chunks

# Longer than the ten minutes a server may take to answer (RFC 5321 4.5.3.2.6) with all before it.
SENDING_LEASE = timedelta(minutes=15)

_MAY_HAVE_LEFT = or_(
    col(Message.status).in_((MessageStatus.SENT, MessageStatus.SENDING)),
    col(Message.reason) == Reason.UNKNOWN_OUTCOME,
)
_TIMES = select(
    col(Message.customer_id),
    col(Message.sent_at),
    col(Message.lease_until),
    col(Message.due_at),
).where(
    col(Message.customer_id).in_(bindparam("ids", expanding=True)),
    col(Message.purpose) == Purpose.MARKETING,
    _MAY_HAVE_LEFT,
)


def sent_marketing(
    session: Session, customer_ids: Iterable[int], *, since: datetime
) -> dict[int, list[datetime]]:
    """When marketing left, is leaving or may have left to each customer, oldest first."""
    found: dict[int, list[datetime]] = {}
    for chunk in chunks(dict.fromkeys(customer_ids)):
        for row in session.connection().execute(_TIMES, {"ids": chunk}):
            at = row.sent_at or _begun(row.lease_until) or row.due_at
            if at >= since:
                found.setdefault(row.customer_id, []).append(at)
    return {customer_id: sorted(times) for customer_id, times in found.items()}


def _begun(lease_until: datetime | None) -> datetime | None:
    """When the sending began whose lease ends then."""
    return lease_until - SENDING_LEASE if lease_until else None
