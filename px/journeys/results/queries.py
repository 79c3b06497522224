"""What the pages and the command line read about journeys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlmodel import Session, col

from db.kinds import EnrolmentStatus, TouchStatus
from db.models.journeys import Enrolment, Journey, JourneyVersion, Touch
from px.journeys.engine.facts import TO_COME


@dataclass(frozen=True, slots=True)
class JourneyLine:
    """A journey in the list: where it stands and how many are inside. In test mode only those
    with one of `test_addresses` enter.
    """

    key: str
    name: str
    status: str
    has_draft: bool
    version: int | None
    went_live_at: datetime | None
    changed_at: datetime
    inside: int
    sent: int
    planned: int
    test_addresses: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class TouchLine:
    """One touch in words of the tables."""

    id: int
    journey: str
    journey_name: str
    enrolment: str
    customer_id: int | None
    touchpoint: str
    occurrence: int
    status: str
    reason: str | None
    due_at: datetime | None
    settled_at: datetime | None
    channel: str | None
    variant: str | None


def journey_lines(session: Session) -> list[JourneyLine]:
    """Every journey, the live ones first, then by name."""
    active = session.execute(
        select(col(Enrolment.journey_id), func.count())
        .where(col(Enrolment.status) == EnrolmentStatus.ACTIVE)
        .group_by(col(Enrolment.journey_id))
    )
    inside = {row[0]: row[1] for row in active}
    counts = {row[0]: (row[1], row[2]) for row in session.execute(_counts())}
    rows = session.execute(
        select(Journey, col(JourneyVersion.number)).outerjoin(
            JourneyVersion, col(JourneyVersion.id) == col(Journey.live_version_id)
        )
    )
    lines = [
        JourneyLine(
            row.key,
            row.name,
            row.status,
            row.draft is not None,
            number,
            row.went_live_at,
            row.draft_at or row.went_live_at or row.created_at,
            inside.get(row.id or 0, 0),
            *counts.get(row.id, (0, 0)),
            None if row.test_addresses is None else tuple(row.test_addresses),
        )
        for row, number in rows
    ]
    order = {"live": 0, "paused": 1, "draft": 2, "archived": 3}
    return sorted(lines, key=lambda line: (order[line.status], line.name.casefold()))


def _counts() -> Select[int, Any, Any]:
    return select(
        col(Touch.journey_id),
        func.sum(case((col(Touch.status) == TouchStatus.SENT, 1), else_=0)),
        func.sum(case((col(Touch.status).in_(TO_COME), 1), else_=0)),
    ).group_by(col(Touch.journey_id))


def touch_lines(
    session: Session,
    *,
    customer_id: int | None = None,
    journey: str | None = None,
    statuses: Sequence[str] = (),
    due_before: datetime | None = None,
    limit: int | None = None,
) -> list[TouchLine]:
    """Touches by due time, those without one last."""
    where: list[ColumnElement[bool]] = []
    if customer_id is not None:
        where.append(col(Touch.customer_id) == customer_id)
    if journey is not None:
        where.append(col(Journey.key) == journey)
    if statuses:
        where.append(col(Touch.status).in_(statuses))
    if due_before is not None:
        where.append(or_(col(Touch.due_at).is_(None), col(Touch.due_at) <= due_before))
    statement = (
        select(
            col(Touch.id),
            col(Journey.key),
            col(Journey.name),
            col(Enrolment.key),
            col(Touch.customer_id),
            col(Touch.touchpoint),
            col(Touch.occurrence),
            col(Touch.status),
            col(Touch.reason),
            col(Touch.due_at),
            col(Touch.settled_at),
            col(Touch.channel),
            col(Touch.variant),
        )
        .join(Enrolment, col(Enrolment.id) == col(Touch.enrolment_id))
        .join(Journey, col(Journey.id) == col(Touch.journey_id))
        .where(*where)
        .order_by(col(Touch.due_at).is_(None), col(Touch.due_at), col(Touch.id))
        .limit(limit)
    )
    return [TouchLine(*row) for row in session.execute(statement)]


def touch_counts(session: Session, journey: str) -> dict[str, dict[str, int]]:
    """How many touches of each touchpoint have each status."""
    rows = session.execute(
        select(col(Touch.touchpoint), col(Touch.status), func.count())
        .join(Journey, col(Journey.id) == col(Touch.journey_id))
        .where(col(Journey.key) == journey)
        .group_by(col(Touch.touchpoint), col(Touch.status))
    )
    counts: dict[str, dict[str, int]] = {}
    for touchpoint, status, count in rows:
        counts.setdefault(touchpoint, {})[status] = count
    return counts


def versions(session: Session, journey: str) -> list[JourneyVersion]:
    """The published versions, newest first."""
    return list(
        session.scalars(
            select(JourneyVersion)
            .join(Journey, col(Journey.id) == col(JourneyVersion.journey_id))
            .where(col(Journey.key) == journey)
            .order_by(col(JourneyVersion.number).desc())
        )
    )


def next_wake(session: Session) -> datetime | None:
    """When the engine looks at an open touch again, the first of them."""
    return session.scalar(select(func.min(col(Touch.wake_at))))
