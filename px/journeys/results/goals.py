"""How many have reached the goal of a journey, among those who have had its time."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from db.models.journeys import Enrolment, Journey
from px.core.events import events_of
from px.customers.durations import parse_duration
from px.journeys.document import Document

NEWEST = 2_000


class Reached(NamedTuple):
    """Of so many, so many reached the goal."""

    people: int = 0
    reached: int = 0

    @property
    def share(self) -> float:
        """The share that reached it."""
        return self.reached / self.people if self.people else 0.0


class GoalReached(NamedTuple):
    """Those whom the journey spoke to, and those held out of its marketing."""

    spoken_to: Reached = Reached()
    held_out: Reached = Reached()


def goal_reached(
    session: Session, journey_key: str, document: Document, *, now: datetime
) -> GoalReached:
    """Who of the newest enrolments whose time for the goal is over has reached it in that time."""
    if document.goal is None:
        return GoalReached()
    within = parse_duration(document.goal.within).exact
    columns = (
        col(Enrolment.customer_id),
        col(Enrolment.entered_at),
        col(Enrolment.is_holdout),
    )
    own = select(col(Journey.id)).where(col(Journey.key) == journey_key).scalar_subquery()
    newest = (
        select(*columns)
        .where(
            col(Enrolment.journey_id) == own,
            col(Enrolment.customer_id).is_not(None),
            col(Enrolment.entered_at) <= now - within,
        )
        .order_by(col(Enrolment.id).desc())
        .limit(NEWEST)
    )
    rows = session.connection().execute(newest)
    people = [(customer, at, held) for customer, at, held in rows if customer is not None]
    happened = events_of(session, (customer for customer, *_ in people), [document.goal.on])
    counts = {False: [0, 0], True: [0, 0]}
    for customer_id, entered_at, is_holdout in people:
        ends = entered_at + within
        won = any(entered_at < one.at <= ends for one in happened.get(customer_id, ()))
        counts[is_holdout][0] += 1
        counts[is_holdout][1] += won
    return GoalReached(Reached(*counts[False]), Reached(*counts[True]))
