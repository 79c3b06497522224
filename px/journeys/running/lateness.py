"""What came too late: touches that wait for a decision, and those that were skipped."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from db.kinds import Reason, TouchStatus
from db.models.journeys import Enrolment, Journey, Touch
from px.journeys.running.versions import documents_of
from px.journeys.words import labels, spaced


@dataclass(frozen=True, slots=True)
class LateTouch:
    """A touch whose time had passed: waiting for a decision, or skipped (`settled_at`)."""

    id: int
    journey: str
    journey_name: str
    touchpoint: str
    label: str
    customer_id: int | None
    order_id: int | None
    due_at: datetime | None
    settled_at: datetime | None

    def is_older(self, age: timedelta, *, now: datetime) -> bool:
        """Whether it was due longer ago than that."""
        return self.due_at is not None and now - self.due_at > age


def touches_in_review(session: Session, *, limit: int) -> list[LateTouch]:
    """What waits for somebody's decision, the longest overdue first."""
    return _found(session, col(Touch.status) == TouchStatus.REVIEW, limit=limit)


def skipped_as_late(session: Session, *, since: datetime, limit: int) -> list[LateTouch]:
    """What was skipped or dropped since then as too late, the longest overdue first."""
    return _found(session, _skipped_since(since), limit=limit)


def count_skipped_as_late(session: Session, *, since: datetime) -> int:
    """How many were skipped or dropped since then because they came too late."""
    statement = select(func.count()).select_from(Touch).where(_skipped_since(since))
    return session.connection().execute(statement).scalar_one()


def _skipped_since(since: datetime) -> ColumnElement[bool]:
    return (
        (col(Touch.status) == TouchStatus.SKIPPED)
        & (col(Touch.reason) == Reason.LATE)
        & (col(Touch.settled_at) >= since)
    )


def _found(session: Session, where: ColumnElement[bool], *, limit: int) -> list[LateTouch]:
    rows = session.execute(
        select(
            col(Touch.id),
            col(Journey.key),
            col(Journey.name),
            col(Touch.touchpoint),
            col(Touch.customer_id),
            col(Enrolment.order_id),
            col(Touch.due_at),
            col(Touch.settled_at),
            col(Enrolment.version_id),
        )
        .join(Enrolment, col(Enrolment.id) == col(Touch.enrolment_id))
        .join(Journey, col(Journey.id) == col(Touch.journey_id))
        .where(where)
        .order_by(col(Touch.due_at).is_(None), col(Touch.due_at), col(Touch.id))
        .limit(limit)
    ).all()
    documents = documents_of(session, {row[-1] for row in rows})
    names = {version_id: labels(data) for version_id, data in documents.items()}
    return [
        LateTouch(
            touch_id or 0,
            key,
            name,
            touchpoint,
            names.get(version_id, {}).get(touchpoint) or spaced(touchpoint),
            customer_id,
            order_id,
            due_at,
            settled_at,
        )
        for (
            touch_id,
            key,
            name,
            touchpoint,
            customer_id,
            order_id,
            due_at,
            settled_at,
            version_id,
        ) in rows
    ]
