"""Messages of journeys that are still in the outbox: when each is due, and who goes first."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlmodel import Session, col

from db.kinds import MessageStatus, Reason
from db.models.messages import Message
from px.core.bulk import chunks

_WAITING = (MessageStatus.QUEUED, MessageStatus.HELD)


def under_way(session: Session, touch_ids: Iterable[int]) -> dict[int, datetime]:
    """When the messages of these touches that wait to leave are due; one that waits for a person
    is left out.
    """
    found: dict[int, datetime] = {}
    is_decided = or_(col(Message.reason).is_(None), col(Message.reason) != Reason.UNKNOWN_OUTCOME)
    for chunk in chunks(touch_ids):
        rows = session.connection().execute(
            select(col(Message.touch_id), col(Message.due_at)).where(
                col(Message.touch_id).in_(chunk), col(Message.status).in_(_WAITING), is_decided
            )
        )
        found |= {touch_id: due_at for touch_id, due_at in rows if touch_id is not None}
    return found


def with_message(session: Session, touch_ids: Iterable[int]) -> set[int]:
    """Those of the touches that have a message, whatever became of it."""
    found: set[int] = set()
    for chunk in chunks(touch_ids):
        rows = session.connection().execute(
            select(col(Message.touch_id)).where(col(Message.touch_id).in_(chunk))
        )
        found |= {touch_id for (touch_id,) in rows if touch_id is not None}
    return found


def reprioritise(session: Session, priorities: Mapping[str, int]) -> None:
    """What waits of these journeys leaves by their priority of now."""
    for journey, priority in priorities.items():
        session.connection().execute(
            update(Message)
            .where(col(Message.journey_key) == journey, col(Message.status).in_(_WAITING))
            .values(priority=-priority)
        )
