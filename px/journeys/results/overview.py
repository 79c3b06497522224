"""What the first page reads about the journeys: what comes next, and what waits for somebody."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text
from sqlmodel import Session, col

from db.models.journeys import Journey, Touch
from px.journeys.engine.facts import TO_COME

# Written out as in their indexes, which are not used for bound values.
_AWAKE = text("touches.wake_at IS NOT NULL")
_UNDECIDED = text("touches.status IN ('held', 'review')")


@dataclass(frozen=True, slots=True)
class NextTouch:
    """A planned touch: what, to whom, when, of which journey."""

    touchpoint: str
    journey_name: str
    customer_id: int | None
    due_at: datetime


def next_touches(session: Session, *, limit: int) -> list[NextTouch]:
    """The touches that are due first, planned or held for a while."""
    due = (
        select(
            col(Touch.touchpoint), col(Touch.journey_id), col(Touch.customer_id), col(Touch.due_at)
        )
        .where(_AWAKE, col(Touch.status).in_(TO_COME))
        .order_by(col(Touch.wake_at))
        .limit(limit)
        .subquery()
    )
    rows = session.connection().execute(
        select(due.c.touchpoint, col(Journey.name), due.c.customer_id, due.c.due_at)
        .join_from(due, Journey, col(Journey.id) == due.c.journey_id)
        .order_by(due.c.due_at)
    )
    return [NextTouch(*row) for row in rows]


def touches_due(session: Session, *, until: datetime) -> int:
    """How many touches, planned or held for a while, are due by then."""
    statement = select(func.count()).where(
        _AWAKE,
        col(Touch.status).in_(TO_COME),
        col(Touch.wake_at) <= until,
        col(Touch.due_at) <= until,
    )
    return session.connection().execute(statement).scalar_one()


def touches_waiting(session: Session) -> dict[tuple[str, str], int]:
    """How many touches are held or in review, by status and reason."""
    rows = session.connection().execute(
        select(col(Touch.status), col(Touch.reason), func.count())
        .where(_UNDECIDED)
        .group_by(col(Touch.status), col(Touch.reason))
    )
    return {(row[0], row[1] or ""): row[2] for row in rows}
