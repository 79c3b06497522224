"""When marketing left to customers, each with the touch it came from."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from db.kinds import MessageStatus, Purpose
from db.models.messages import Message
from px.core.bulk import chunks


class Left(NamedTuple):
    """A marketing message that left."""

    at: datetime
    touch_id: int | None


def marketing_left(session: Session, customer_ids: Iterable[int]) -> dict[int, list[Left]]:
    """The marketing that left to each customer, over all journeys, oldest first."""
    found: dict[int, list[Left]] = {}
    for ids in chunks(dict.fromkeys(customer_ids)):
        rows = session.connection().execute(
            select(col(Message.customer_id), col(Message.sent_at), col(Message.touch_id))
            .where(
                col(Message.customer_id).in_(ids),
                col(Message.purpose) == Purpose.MARKETING.value,
                col(Message.status) == MessageStatus.SENT.value,
            )
            .order_by(col(Message.sent_at), col(Message.id))
        )
        for customer_id, at, touch_id in rows:
            if customer_id is not None and at is not None:
                found.setdefault(customer_id, []).append(Left(at, touch_id))
    return found
