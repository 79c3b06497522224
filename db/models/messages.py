"""Templates with their versions, the outbox of messages, and each delivery."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from db.kinds import Channel, MessageStatus, Outcome, Purpose
from db.models.base import id_field, ref
from db.types import json_field, kind_field, one_of


class Template(SQLModel, table=True):
    """A message text by its key; its words are in the versions, the last one counts."""

    __tablename__ = "templates"

    id: int | None = id_field()
    key: str = Field(max_length=80, unique=True)
    name: str = Field(max_length=200)
    version_id: int | None = None
    archived_at: datetime | None = None
    created_at: datetime


class TemplateVersion(SQLModel, table=True):
    """The words of a template at one time, never changed. Body is Markdown with Liquid."""

    __tablename__ = "template_versions"
    __table_args__ = (UniqueConstraint("template_id", "number"),)

    id: int | None = id_field()
    template_id: int = ref("templates.id")
    number: int
    subject: str = ""
    body: str = ""
    sms: str = ""
    whatsapp: str = ""
    created_by: str = Field(default="", max_length=320)
    created_at: datetime


class Message(SQLModel, table=True):
    """One message to one customer, in the outbox until settled.

    `key` makes queueing it twice the same as once. `context` holds the values its template is
    filled with, fixed when it was queued, so that every attempt and every preview of it has the
    same bytes. The times from `opened_at` on are of the first time; an opening by a machine that
    fetches every mail (`prefetched_at`) is none.
    """

    __tablename__ = "messages"
    __table_args__ = (
        one_of("channel", Channel),
        one_of("purpose", Purpose),
        one_of("status", MessageStatus),
        Index(
            "ix_messages_due",
            "purpose",
            "priority",
            "due_at",
            "id",
            sqlite_where=text("status = 'queued'"),
            postgresql_where=text("status = 'queued'"),
        ),
        Index(
            "ix_messages_sending",
            "lease_until",
            sqlite_where=text("status = 'sending'"),
            postgresql_where=text("status = 'sending'"),
        ),
        Index(
            "ix_messages_untold",
            "id",
            sqlite_where=text("told_at IS NULL AND settled_at IS NOT NULL"),
            postgresql_where=text("told_at IS NULL AND settled_at IS NOT NULL"),
        ),
        Index(
            "ix_messages_cap",
            "customer_id",
            "sent_at",
            sqlite_where=text("purpose = 'marketing'"),
            postgresql_where=text("purpose = 'marketing'"),
        ),
        Index("ix_messages_status", "status", "id"),
        Index("ix_messages_settled", "settled_at", "status"),
        Index("ix_messages_journey", "journey_key", "touchpoint"),
    )

    id: int | None = id_field()
    key: str = Field(max_length=120, unique=True)
    customer_id: int | None = ref("customers.id", default=None, index=True)
    order_id: int | None = ref("orders.id", default=None, ondelete="SET NULL")
    touch_id: int | None = ref("touches.id", default=None, ondelete="SET NULL", index=True)
    journey_key: str | None = Field(default=None, max_length=80)
    touchpoint: str | None = Field(default=None, max_length=80)
    template_version_id: int = ref("template_versions.id", ondelete="RESTRICT")
    channel: str = kind_field()
    purpose: str = kind_field()
    to_address: str = Field(max_length=320)
    to_name: str = Field(default="", max_length=300)
    zone: str = Field(default="UTC", max_length=64)
    priority: int = 0
    context: dict[str, Any] = json_field(default_factory=dict)
    status: str = kind_field(default="queued")
    reason: str | None = kind_field(default=None, nullable=True)
    detail: str = ""
    due_at: datetime
    expires_at: datetime | None = None
    queued_at: datetime
    claimed_by: str | None = Field(default=None, max_length=80)
    lease_until: datetime | None = None
    attempts: int = 0
    header_id: str = Field(max_length=200)
    header_date: datetime
    sent_at: datetime | None = None
    settled_at: datetime | None = None
    told_at: datetime | None = None
    opened_at: datetime | None = None
    prefetched_at: datetime | None = None
    clicked_at: datetime | None = None
    answered_at: datetime | None = None
    unsubscribed_at: datetime | None = None
    subject: str = ""


class Delivery(SQLModel, table=True):
    """One attempt to send one message, and how it ended."""

    __tablename__ = "deliveries"
    __table_args__ = (one_of("outcome", Outcome), UniqueConstraint("message_id", "attempt"))

    id: int | None = id_field()
    message_id: int = ref("messages.id")
    attempt: int
    provider: str = Field(max_length=80)
    outcome: str = kind_field()
    code: str = Field(default="", max_length=40)
    detail: str = ""
    at: datetime
