"""An enrolment that may not be there yet, as it would be: what a preview looks at."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from db.kinds import Channel, Per, TouchStatus
from db.models.journeys import Enrolment, Journey
from px.journeys.engine.compiled import Compiled
from px.journeys.engine.facts import Asked, Touch
from px.journeys.running.queueing import Going
from px.journeys.running.subjects import Entrant, Known, Subject, all_enrolled


def entrant_for(
    compiled: Compiled,
    customer_id: int | None,
    order_id: int | None,
    *,
    order: Mapping[str, Any] | None = None,
    line_id: int | None = None,
    now: datetime,
) -> Entrant:
    """Who would enter: the customer with this order, for a journey per item with this item."""
    return Entrant(
        journey_id=0,
        version_id=0,
        key=_key(compiled.document.per, customer_id, order_id, line_id),
        customer_id=customer_id,
        order_id=order_id,
        line_id=line_id,
        entered_at=(order or {}).get("placed_at") or now,
        is_holdout=compiled.is_held_out(str(customer_id)),
    )


def subject_for(known: Known, compiled: Compiled, entrant: Entrant, *, now: datetime) -> Subject:
    """Who would enter with their facts: of an order's items the first that is let in."""
    order = known.orders.get(entrant.order_id or 0)
    lines = (order or {}).get("lines") or ()
    ids = [line["id"] for line in lines] if compiled.document.per is Per.ORDER_LINE else []
    subjects = []
    for line_id in ids or [None]:
        whole = entrant_for(
            compiled,
            entrant.customer_id,
            entrant.order_id,
            order=order,
            line_id=line_id,
            now=now,
        )
        subjects.append(known.subject(whole, compiled, is_paused=False))
    return next((s for s in subjects if may_enter(compiled, s, now)), subjects[0])


def enrolled_as(
    session: Session, known: Known, compiled: Compiled, subject: Subject
) -> Subject | None:
    """The enrolment as it is there already, in the words of the document that is looked at."""
    there = _enrolled(session, compiled, subject)
    if there is None:
        return None
    return known.subject(replace(there, journey_id=0, version_id=0), compiled, is_paused=False)


def is_left_out_of_test(session: Session, subject: Subject) -> bool:
    """Whether the journey is being tested with other addresses than this customer's."""
    chosen = session.scalar(
        select(col(Journey.test_addresses)).where(col(Journey.key) == subject.compiled.key)
    )
    own = {subject.customer.get("email"), (subject.order or {}).get("email")}
    return chosen is not None and not own & set(chosen)


def latest_inside(session: Session, journey: str, limit: int) -> list[tuple[int, int | None]]:
    """The customers and orders of those who entered the journey last."""
    rows = session.connection().execute(
        select(col(Enrolment.customer_id), col(Enrolment.order_id))
        .join(Journey, col(Journey.id) == col(Enrolment.journey_id))
        .where(col(Journey.key) == journey, col(Enrolment.customer_id).is_not(None))
        .order_by(col(Enrolment.id).desc())
        .limit(limit)
    )
    return [(row[0] or 0, row[1]) for row in rows]


def going_of(subject: Subject, touchpoint: str, channel: Channel = Channel.EMAIL) -> Going:
    """The touch of this enrolment as if it went now."""
    return Going(subject, Touch(touchpoint, 1, TouchStatus.QUEUED, channel=channel))


def may_enter(compiled: Compiled, subject: Subject, now: datetime) -> bool:
    """Whether the journey's condition of entering lets this one in."""
    return compiled.where is None or compiled.where(Asked(subject.facts, now, None, {}))


def _key(per: Per, customer_id: int | None, order_id: int | None, line_id: int | None) -> str:
    if per is Per.CUSTOMER:
        return f"customer:{customer_id}"
    return f"line:{line_id}" if per is Per.ORDER_LINE else f"order:{order_id}"


def _enrolled(session: Session, compiled: Compiled, subject: Subject) -> Entrant | None:
    """The enrolment that is there, of a customer who has come again the latest."""
    own = col(Enrolment.key) == subject.key
    if compiled.document.per is Per.CUSTOMER:
        own |= col(Enrolment.key).startswith(f"{subject.key}#", autoescape=True)
    latest = (
        select(func.max(col(Enrolment.id)))
        .join(Journey, col(Journey.id) == col(Enrolment.journey_id))
        .where(col(Journey.key) == compiled.key, own)
    )
    found = session.scalar(latest)
    return all_enrolled(session, [found])[0] if found else None
