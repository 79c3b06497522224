"""The journeys of one customer: told to them, or ended."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session

from db.kinds import EnrolmentStatus, Reason, TouchStatus
from db.models.journeys import Enrolment, Journey, Touch
from px.core.bulk import table_of
from px.core.privacy import plain_rows
from px.journeys.engine.facts import OPEN
from px.journeys.rehearsal.rehearsals import forget_in_rehearsals

_journeys, _enrolments, _touches = table_of(Journey), table_of(Enrolment), table_of(Touch)
_TOLD = (
    *("touchpoint", "occurrence", "purpose", "status", "reason", "due_at", "settled_at"),
    *("channel", "variant"),
)


def journeys_told(session: Session, customer_id: int) -> list[dict[str, Any]]:
    """Every journey the customer is or was in, with each touch and what became of it."""
    statement = (
        select(_enrolments, _journeys.c.name.label("journey"))
        .join(_journeys, _journeys.c.id == _enrolments.c.journey_id)
        .where(_enrolments.c.customer_id == customer_id)
        .order_by(_enrolments.c.id)
    )
    return [
        {
            "journey": row.journey,
            "about": row.key,
            "entered_at": row.entered_at.isoformat(),
            "status": row.status,
            "held_out": row.is_holdout,
            "touches": plain_rows(session, _touches_of(row.id)),
        }
        for row in session.connection().execute(statement).all()
    ]


def end_journeys(session: Session, customer_id: int, *, now: datetime) -> int:
    """The customer is in no journey any more, no touch of theirs is open and no rehearsal shows
    their messages; how many journeys ended.
    """
    forget_in_rehearsals(session, customer_id)
    about = _enrolments.c.customer_id == customer_id
    active = about & (_enrolments.c.status == EnrolmentStatus.ACTIVE)
    connection = session.connection()
    ids = connection.execute(select(_enrolments.c.id).where(active)).scalars().all()
    connection.execute(
        update(_touches)
        .where(_touches.c.enrolment_id.in_(ids), _touches.c.status.in_([*OPEN, TouchStatus.REVIEW]))
        .values(status=TouchStatus.SKIPPED, reason=Reason.EXITED, settled_at=now, wake_at=None)
    )
    connection.execute(
        update(_enrolments).where(active).values(status=EnrolmentStatus.EXITED, ended_at=now)
    )
    return len(ids)


def _touches_of(enrolment_id: int) -> Any:
    columns = (_touches.c[name] for name in _TOLD)
    return select(*columns).where(_touches.c.enrolment_id == enrolment_id).order_by(_touches.c.id)
