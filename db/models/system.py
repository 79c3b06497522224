"""What belongs to no slice: events, payloads, settings and leases."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from db.kinds import PayloadStatus
from db.models.base import id_field, ref
from db.types import json_field, kind_field, one_of


class Payload(SQLModel, table=True):
    """Something another system sent, kept as it came until it has been read."""

    __tablename__ = "payloads"
    __table_args__ = (one_of("status", PayloadStatus), UniqueConstraint("source", "external_id"))

    id: int | None = id_field()
    source: str = Field(max_length=40)
    external_id: str = Field(max_length=200)
    topic: str = Field(default="", max_length=80)
    body: bytes = Field(sa_type=LargeBinary)
    status: str = kind_field(default="received")
    problem: str = ""
    received_at: datetime
    read_at: datetime | None = None


class Event(SQLModel, table=True):
    """A fact that happened. `key` makes recording it twice the same as once.

    `reacted_at` is empty until px.flow has let every slice answer it.
    """

    __tablename__ = "events"
    __table_args__ = (
        Index(
            "ix_events_unreacted",
            "id",
            sqlite_where=text("reacted_at IS NULL"),
            postgresql_where=text("reacted_at IS NULL"),
        ),
        Index("ix_events_customer", "customer_id", "kind", "at"),
        Index("ix_events_order", "order_id", "kind", "at"),
    )

    id: int | None = id_field()
    key: str = Field(max_length=200, unique=True)
    kind: str = Field(max_length=80)
    at: datetime
    recorded_at: datetime
    customer_id: int | None = ref("customers.id", default=None)
    order_id: int | None = ref("orders.id", default=None)
    data: dict[str, Any] = json_field(default_factory=dict)
    source: str = Field(default="", max_length=40)
    reacted_at: datetime | None = None


class Setting(SQLModel, table=True):
    """A setting made on a page. A secret one is stored encrypted."""

    __tablename__ = "settings"

    key: str = Field(primary_key=True, max_length=80)
    value: Any = json_field(nullable=True)
    is_secret: bool = False
    updated_at: datetime
    updated_by: str = Field(default="", max_length=320)


class Lease(SQLModel, table=True):
    """Who does a thing that only one process may do, until when, and when it last did."""

    __tablename__ = "leases"

    name: str = Field(primary_key=True, max_length=80)
    owner: str = Field(max_length=120)
    until: datetime
    ticked_at: datetime | None = None
    detail: dict[str, Any] = json_field(default_factory=dict)
