"""The messages to one customer, as the customer's page tells them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from db.models.messages import Message


@dataclass(frozen=True, slots=True)
class CustomerMessage:
    """One message to a customer: what it said, where it stands and why."""

    id: int
    touch_id: int | None
    order_id: int | None
    journey_key: str | None
    channel: str
    purpose: str
    to_address: str
    subject: str
    status: str
    reason: str | None
    detail: str
    due_at: datetime
    sent_at: datetime | None
    settled_at: datetime | None

    @property
    def at(self) -> datetime:
        """When it happened, or will."""
        return self.sent_at or self.settled_at or self.due_at


_ROW = tuple(col(getattr(Message, name)) for name in CustomerMessage.__slots__)


def messages_of(session: Session, customer_id: int, *, limit: int = 500) -> list[CustomerMessage]:
    """The last messages to the customer, newest first."""
    rows = session.connection().execute(
        select(*_ROW)
        .where(col(Message.customer_id) == customer_id)
        .order_by(col(Message.id).desc())
        .limit(limit)
    )
    return [CustomerMessage(*row) for row in rows]
