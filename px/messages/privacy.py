"""The messages to one customer: told to them, or without anything that says who it was."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session

from db.models.messages import Delivery, Message
from px.core.bulk import table_of
from px.core.privacy import plain_rows
from px.messages.actions import cancel_for_customer

_messages, _deliveries = table_of(Message), table_of(Delivery)
_TOLD = (
    *("channel", "purpose", "to_address", "to_name", "subject", "status", "reason", "due_at"),
    *("sent_at", "opened_at", "prefetched_at", "clicked_at", "answered_at", "unsubscribed_at"),
    *("journey_key", "touchpoint", "context"),
)


def messages_told(session: Session, customer_id: int) -> list[dict[str, Any]]:
    """Every message to the customer with the values it was filled with, oldest first."""
    columns = (_messages.c[name] for name in _TOLD)
    about = _messages.c.customer_id == customer_id
    return plain_rows(session, select(*columns).where(about).order_by(_messages.c.id))


def blank_messages(session: Session, customer_id: int, *, now: datetime) -> int:
    """Nothing leaves any more and no message says who it was to; how many there are."""
    cancel_for_customer(session, customer_id, now=now)
    about = select(_messages.c.id).where(_messages.c.customer_id == customer_id)
    # A server's answer may repeat the address.
    session.connection().execute(
        update(_deliveries).where(_deliveries.c.message_id.in_(about)).values(detail="")
    )
    return len(session.connection().execute(about).all())
