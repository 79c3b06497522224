"""Journeys with their published versions and what is drawn in them, who is inside, and every touch
with what became of it.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from db.kinds import EnrolmentStatus, JourneyStatus, Purpose, RehearsalStatus, TouchStatus
from db.models.base import id_field, ref
from db.types import json_field, kind_field, one_of


class Journey(SQLModel, table=True):
    """A journey. `draft` is the document being edited; `live_version_id` the one that new
    enrolments get. With `test_addresses` only customers with one of these e-mails enter.
    """

    __tablename__ = "journeys"
    __table_args__ = (one_of("status", JourneyStatus),)

    id: int | None = id_field()
    key: str = Field(max_length=80, unique=True)
    name: str = Field(max_length=200)
    status: str = kind_field(default="draft")
    draft: dict[str, Any] | None = json_field(default=None, nullable=True)
    draft_by: str = Field(default="", max_length=320)
    draft_at: datetime | None = None
    live_version_id: int | None = None
    priority: int = 0
    test_addresses: list[str] | None = json_field(default=None, nullable=True)
    went_live_at: datetime | None = None
    paused_at: datetime | None = None
    created_at: datetime


class JourneyVersion(SQLModel, table=True):
    """A published document, never changed."""

    __tablename__ = "journey_versions"
    __table_args__ = (UniqueConstraint("journey_id", "number"),)

    id: int | None = id_field()
    journey_id: int = ref("journeys.id")
    number: int
    document: dict[str, Any] = json_field()
    note: str = ""
    published_by: str = Field(default="", max_length=320)
    published_at: datetime


class Drawing(SQLModel, table=True):
    """What one of the team has drawn in a journey and not saved.

    `data` may be unfinished, `pending` is a YAML text that is not valid yet. `saved` is the
    document it began from, which was stored at `draft_at` over `live_version_id`.
    """

    __tablename__ = "drawings"
    __table_args__ = (UniqueConstraint("journey_id", "staff_id"),)

    id: int | None = id_field()
    journey_id: int = ref("journeys.id")
    staff_id: int = ref("staff.id", index=True)
    data: dict[str, Any] = json_field()
    pending: str | None = None
    saved: dict[str, Any] = json_field()
    draft_at: datetime | None = None
    live_version_id: int | None = None
    drawn_at: datetime


class Enrolment(SQLModel, table=True):
    """One customer, or one order or line of theirs, inside one version of one journey.

    `key` says what it is about: order:12, line:40, customer:7 or, on coming again, customer:7#2.
    What was due before `not_before` is not sent any more: it was moved to a version without sending
    at once.
    """

    __tablename__ = "enrolments"
    __table_args__ = (
        one_of("status", EnrolmentStatus),
        UniqueConstraint("journey_id", "key"),
    )

    id: int | None = id_field()
    journey_id: int = ref("journeys.id")
    version_id: int = ref("journey_versions.id", ondelete="RESTRICT", index=True)
    key: str = Field(max_length=80)
    customer_id: int | None = ref("customers.id", default=None, index=True)
    order_id: int | None = ref("orders.id", default=None, index=True)
    line_id: int | None = ref("order_lines.id", default=None)
    entry_event_id: int | None = None
    entered_at: datetime
    status: str = kind_field(default="active")
    is_holdout: bool = False
    not_before: datetime | None = None
    ended_at: datetime | None = None


class Touch(SQLModel, table=True):
    """One touchpoint (and occurrence) for one enrolment. Settled rows are never changed.

    `due_at` is for people; `wake_at` is when the engine looks at an open touch again.
    """

    __tablename__ = "touches"
    __table_args__ = (
        one_of("status", TouchStatus),
        one_of("purpose", Purpose),
        UniqueConstraint("enrolment_id", "touchpoint", "occurrence"),
        Index(
            "ix_touches_wake",
            "wake_at",
            sqlite_where=text("wake_at IS NOT NULL"),
            postgresql_where=text("wake_at IS NOT NULL"),
        ),
        Index(
            "ix_touches_undecided",
            "status",
            "reason",
            sqlite_where=text("status IN ('held', 'review')"),
            postgresql_where=text("status IN ('held', 'review')"),
        ),
        Index("ix_touches_journey", "journey_id", "touchpoint", "status"),
        Index("ix_touches_customer", "customer_id"),
    )

    id: int | None = id_field()
    enrolment_id: int = ref("enrolments.id")
    journey_id: int
    customer_id: int | None = None
    touchpoint: str = Field(max_length=80)
    occurrence: int = 1
    purpose: str = kind_field()
    status: str = kind_field(default="waiting")
    reason: str | None = kind_field(default=None, nullable=True)
    due_at: datetime | None = None
    wake_at: datetime | None = None
    settled_at: datetime | None = None
    channel: str | None = kind_field(default=None, nullable=True)
    variant: str | None = Field(default=None, max_length=80)


class Rehearsal(SQLModel, table=True):
    """A document played over the shop's past, in the background, with what came of it.

    `scope` says which orders or which customer. `done` of `total` customers are played. `figures`
    and `examples` are kept for comparison.
    """

    __tablename__ = "rehearsals"
    __table_args__ = (
        one_of("status", RehearsalStatus),
        Index("ix_rehearsals_journey", "journey_key", "id"),
        Index(
            "ix_rehearsals_open",
            "id",
            sqlite_where=text("status IN ('waiting', 'running')"),
            postgresql_where=text("status IN ('waiting', 'running')"),
        ),
    )

    id: int | None = id_field()
    journey_key: str = Field(max_length=80)
    document: dict[str, Any] = json_field()
    mark: str = Field(max_length=80)
    scope: dict[str, Any] = json_field(default_factory=dict)
    status: str = kind_field(default="waiting")
    done: int = 0
    total: int = 0
    note: str = ""
    figures: dict[str, Any] | None = json_field(default=None, nullable=True)
    asked_by: str = Field(default="", max_length=320)
    asked_at: datetime
    started_at: datetime | None = None
    lease_until: datetime | None = None
    ended_at: datetime | None = None
