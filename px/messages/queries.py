"""The outbox as others ask for it: what came of messages, and the rows of the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlmodel import Session, col

from db.kinds import MessageStatus
from db.models.messages import Delivery, Message, Template, TemplateVersion

MOST_ROWS = 5000


@dataclass(frozen=True, slots=True)
class SettledMessage:
    """What came of one message, for whoever asked for it to be sent."""

    message_id: int
    touch_id: int | None
    status: str
    reason: str | None
    sent_at: datetime | None
    settled_at: datetime
    channel: str
    customer_id: int | None
    order_id: int | None
    touchpoint: str | None
    journey_key: str | None


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One message as the outbox shows it."""

    id: int
    key: str
    customer_id: int | None
    channel: str
    purpose: str
    journey_key: str | None
    touchpoint: str | None
    status: str
    reason: str | None
    detail: str
    queued_at: datetime
    due_at: datetime
    expires_at: datetime | None
    sent_at: datetime | None
    to_address: str
    to_name: str
    subject: str
    attempts: int
    header_id: str
    opened_at: datetime | None
    prefetched_at: datetime | None
    clicked_at: datetime | None
    answered_at: datetime | None
    unsubscribed_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One attempt and how it ended."""

    attempt: int
    provider: str
    outcome: str
    code: str
    detail: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OutboxFilter:
    """Which messages to show; what is empty does not narrow.

    `became` is what a reader did with them: opened, clicked, answered or unsubscribed. `template`
    is the key of the text they have, in whichever version.
    """

    status: str | None = None
    channel: str | None = None
    journey_key: str | None = None
    search: str = ""
    customer_id: int | None = None
    touchpoint: str | None = None
    became: str | None = None
    template: str | None = None


BECAME = {
    "opened": col(Message.opened_at),
    "clicked": col(Message.clicked_at),
    "answered": col(Message.answered_at),
    "unsubscribed": col(Message.unsubscribed_at),
}


_SETTLED = (
    col(Message.id),
    col(Message.touch_id),
    col(Message.status),
    col(Message.reason),
    col(Message.sent_at),
    col(Message.settled_at),
    col(Message.channel),
    col(Message.customer_id),
    col(Message.order_id),
    col(Message.touchpoint),
    col(Message.journey_key),
)
_ROW = tuple(col(getattr(Message, name)) for name in OutboxRow.__slots__)


def take_outcomes(session: Session, limit: int) -> list[SettledMessage]:
    """The first messages that came to an end and whose journeys do not know it yet."""
    statement = (
        select(*_SETTLED)
        .where(col(Message.told_at).is_(None), col(Message.settled_at).is_not(None))
        .order_by(col(Message.id))
        .limit(limit)
    )
    return [SettledMessage(*_values(row)) for row in session.connection().execute(statement)]


def outbox(
    session: Session, chosen: OutboxFilter, *, limit: int = MOST_ROWS, offset: int = 0
) -> list[OutboxRow]:
    """The messages that the filter lets through, newest first."""
    statement = _filtered(select(*_ROW), chosen).order_by(col(Message.id).desc())
    rows = session.connection().execute(statement.limit(limit).offset(offset))
    return [OutboxRow(*_values(row)) for row in rows]


def outbox_message(session: Session, message_id: int) -> OutboxRow | None:
    """One message, None when there is none of this number."""
    statement = select(*_ROW).where(col(Message.id) == message_id)
    row = session.connection().execute(statement).one_or_none()
    return OutboxRow(*_values(row)) if row else None


def outbox_size(session: Session, chosen: OutboxFilter) -> int:
    """How many messages the filter lets through."""
    statement = _filtered(select(func.count(col(Message.id))), chosen)
    return int(session.connection().execute(statement).scalar_one())


def count_by_status(session: Session) -> dict[str, int]:
    """How many messages stand where."""
    statement = select(col(Message.status), func.count()).group_by(col(Message.status))
    return {row[0]: row[1] for row in session.connection().execute(statement)}


def count_by_reason(session: Session, *, since: datetime) -> dict[tuple[str, str], int]:
    """How many messages were held, skipped or failed since then, by status and reason."""
    statement = (
        select(col(Message.status), col(Message.reason), func.count())
        .where(
            col(Message.reason).is_not(None),
            or_(col(Message.settled_at) >= since, col(Message.settled_at).is_(None)),
        )
        .group_by(col(Message.status), col(Message.reason))
    )
    return {(row[0], row[1] or ""): row[2] for row in session.connection().execute(statement)}


def oldest_due(session: Session, *, now: datetime) -> datetime | None:
    """When the message was due that has waited longest, None when nothing waits."""
    statement = select(func.min(col(Message.due_at))).where(
        col(Message.status) == MessageStatus.QUEUED, col(Message.due_at) <= now
    )
    return session.connection().execute(statement).scalar()


def journeys_in_outbox(session: Session) -> list[str]:
    """The keys of the journeys that have messages."""
    statement = select(col(Message.journey_key)).distinct().order_by(col(Message.journey_key))
    return [key for key in session.connection().execute(statement).scalars() if key]


def deliveries(session: Session, message_id: int) -> list[DeliveryRow]:
    """Every attempt to send the message, in order."""
    statement = (
        select(
            col(Delivery.attempt),
            col(Delivery.provider),
            col(Delivery.outcome),
            col(Delivery.code),
            col(Delivery.detail),
            col(Delivery.at),
        )
        .where(col(Delivery.message_id) == message_id)
        .order_by(col(Delivery.attempt))
    )
    return [DeliveryRow(*row) for row in session.connection().execute(statement)]


def _values(row: Sequence[Any]) -> list[Any]:
    return list(row)


def _filtered(statement: Select[Any], chosen: OutboxFilter) -> Select[Any]:
    pairs = (
        (col(Message.status), chosen.status),
        (col(Message.channel), chosen.channel),
        (col(Message.journey_key), chosen.journey_key),
        (col(Message.customer_id), chosen.customer_id),
        (col(Message.touchpoint), chosen.touchpoint),
    )
    wanted: Sequence[ColumnElement[bool]] = [column == value for column, value in pairs if value]
    if chosen.became in BECAME:
        wanted = [*wanted, BECAME[chosen.became].is_not(None)]
    if chosen.template:
        wanted = [*wanted, col(Message.template_version_id).in_(_versions_of(chosen.template))]
    if text := chosen.search.strip():
        wanted = [*wanted, _matches(text)]
    return statement.where(and_(True, *wanted))


def _versions_of(template: str) -> Select[Any]:
    of_key = select(col(Template.id)).where(col(Template.key) == template).scalar_subquery()
    return select(col(TemplateVersion.id)).where(col(TemplateVersion.template_id) == of_key)


def _matches(text: str) -> ColumnElement[bool]:
    columns = (Message.to_address, Message.to_name, Message.subject, Message.header_id)
    return or_(*(col(column).icontains(text, autoescape=True) for column in columns))
