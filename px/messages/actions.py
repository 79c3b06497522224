"""Messages into the outbox, and what the team does to them there: the only maker of their rows."""

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, or_, update
from sqlmodel import Session, col

from db.kinds import Channel, MessageStatus, Purpose, Reason
from db.models.messages import Message
from px.channels import sender_domain
from px.core.bulk import chunks, insert_new
from px.core.settings import Settings
from px.core.text import one_line
from px.messages.rules import KEPT
from px.messages.stamps import FREE

_log = logging.getLogger("px.messages")
_WAITING = (MessageStatus.QUEUED, MessageStatus.HELD)
_GIVEN_UP = (MessageStatus.FAILED, MessageStatus.SKIPPED, MessageStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to send. `key` names it for ever: queueing it again changes nothing.

    The higher `priority` leaves first, after everything transactional. Without `expires_at` it is
    of use for 72 hours, marketing for 24.
    """

    key: str
    customer_id: int | None
    template_version_id: int
    channel: Channel
    purpose: Purpose
    to_address: str
    due_at: datetime
    order_id: int | None = None
    touch_id: int | None = None
    journey_key: str | None = None
    touchpoint: str | None = None
    to_name: str = ""
    zone: str = "UTC"
    context: dict[str, Any] = field(default_factory=dict)
    expires_at: datetime | None = None
    priority: int = 0


def queue_messages(
    session: Session, messages: Sequence[NewMessage], *, settings: Settings, now: datetime
) -> None:
    """Every message is in the outbox once, with the Message-ID and Date of all its attempts."""
    domain = sender_domain(settings)
    for chunk in chunks(messages):
        insert_new(session, Message, [new_row(message, domain, now) for message in chunk], ["key"])


def cancel(session: Session, ids: Sequence[int], *, by: str, now: datetime) -> int:
    """Those of the messages that still wait are called off; how many."""
    return _change(
        session,
        ids,
        col(Message.status).in_(_WAITING),
        status=MessageStatus.CANCELLED,
        reason=Reason.CANCELLED,
        detail=f"Cancelled by {by}.",
        settled_at=now,
        **FREE,
    )


def cancel_for_touches(
    session: Session, touch_ids: Sequence[int], *, reason: Reason, now: datetime
) -> int:
    """The messages of these touches that still wait will not leave, for that reason; how many."""
    return sum(
        session.connection()
        .execute(
            update(Message)
            .where(col(Message.touch_id).in_(chunk), col(Message.status).in_(_WAITING))
            .values(
                status=MessageStatus.SKIPPED,
                reason=reason,
                detail=reason.meaning,
                settled_at=now,
                **FREE,
            )
        )
        .rowcount
        for chunk in chunks(touch_ids)
    )


def cancel_for_customer(session: Session, customer_id: int, *, now: datetime) -> None:
    """Nothing waits for the customer, and no message says who they were; the record stays."""
    session.connection().execute(
        update(Message)
        .where(col(Message.customer_id) == customer_id, col(Message.status).in_(_WAITING))
        .values(
            status=MessageStatus.SKIPPED,
            reason=Reason.UNREACHABLE,
            detail="The customer's data was erased.",
            settled_at=now,
            **FREE,
        )
    )
    session.connection().execute(
        update(Message)
        .where(col(Message.customer_id) == customer_id)
        .values(
            to_address="",
            to_name="",
            context={},
            subject="",
            # What a server answered may repeat the address.
            detail=case(
                (col(Message.status) == MessageStatus.FAILED, ""), else_=col(Message.detail)
            ),
        )
    )


def retry(session: Session, ids: Sequence[int], *, by: str, now: datetime) -> int:
    """Those of the messages that were given up or held leave again, under all rules; how many."""
    changed = 0
    for purpose, kept in KEPT.items():
        changed += _change(
            session,
            ids,
            and_(
                col(Message.purpose) == purpose,
                or_(col(Message.status).in_(_GIVEN_UP), col(Message.status) == MessageStatus.HELD),
                col(Message.to_address) != "",
            ),
            **_due(now, f"Sent again by {by}."),
            expires_at=now + kept,
            settled_at=None,
            told_at=None,
        )
    return changed


def send_now(session: Session, ids: Sequence[int], *, by: str, now: datetime) -> int:
    """Those of the messages that wait for their time wait no longer; the rules still apply."""
    waits = and_(
        col(Message.status).in_(_WAITING),
        or_(col(Message.due_at) > now, col(Message.status) == MessageStatus.HELD),
        or_(col(Message.reason).is_(None), col(Message.reason) != Reason.UNKNOWN_OUTCOME),
    )
    return _change(session, ids, waits, **_due(now, f"Sent now by {by}."))


def confirm_sent(session: Session, ids: Sequence[int], *, by: str, now: datetime) -> int:
    """Those of the messages whose outcome was unknown did arrive; how many."""
    unknown = and_(col(Message.status).in_(_WAITING), col(Message.reason) == Reason.UNKNOWN_OUTCOME)
    return _change(
        session,
        ids,
        unknown,
        status=MessageStatus.SENT,
        reason=None,
        detail=f"It arrived, says {by}.",
        sent_at=case((col(Message.due_at) < now, col(Message.due_at)), else_=now),
        settled_at=now,
        **FREE,
    )


def mark_told(session: Session, message_ids: Sequence[int], *, now: datetime) -> None:
    """The journeys know what became of these messages."""
    for chunk in chunks(message_ids):
        session.connection().execute(
            update(Message).where(col(Message.id).in_(chunk)).values(told_at=now)
        )


def _due(now: datetime, detail: str) -> dict[str, Any]:
    return {
        "status": MessageStatus.QUEUED,
        "reason": None,
        "detail": detail,
        "due_at": now,
        **FREE,
    }


def _change(
    session: Session, ids: Sequence[int], condition: ColumnElement[bool], **values: Any
) -> int:
    changed = sum(
        session.connection()
        .execute(update(Message).where(col(Message.id).in_(chunk), condition).values(**values))
        .rowcount
        for chunk in chunks(ids)
    )
    if changed:
        _log.info("outbox: %s of %s: %s", changed, len(ids), values["detail"])
    return changed


def new_row(message: NewMessage, domain: str, now: datetime) -> dict[str, Any]:
    """The message as it is queued at `now`."""
    return {
        "key": message.key,
        "customer_id": message.customer_id,
        "order_id": message.order_id,
        "touch_id": message.touch_id,
        "journey_key": message.journey_key,
        "touchpoint": message.touchpoint,
        "template_version_id": message.template_version_id,
        "channel": message.channel,
        "purpose": message.purpose,
        "to_address": message.to_address,
        "to_name": one_line(message.to_name, 300),
        "zone": message.zone,
        # In the table the smaller leaves first, so that the index is read in one direction.
        "priority": -message.priority,
        "context": message.context,
        "status": MessageStatus.QUEUED,
        "detail": "",
        "due_at": message.due_at,
        "expires_at": message.expires_at or message.due_at + KEPT[message.purpose],
        "queued_at": now,
        "attempts": 0,
        "header_id": f"<{secrets.token_hex(16)}@{domain}>",
        "header_date": now,
        "subject": "",
    }
