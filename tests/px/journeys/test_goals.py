"""How many reached the goal: only those who have had the time, and the held-out ones apart."""

from datetime import datetime, timedelta

import pytest

from db.models.customers import Customer
from db.models.journeys import Enrolment, Journey, JourneyVersion
from px import journeys
from px.core.events import NewEvent, record_events
from px.core.work import reading, work
from px.journeys import GoalReached, Reached, read_document
from tests.px.journeys.play import journey

POINT = "{key: a, message: m, anchor: order_placed}"
CARE = read_document(journey(POINT, goal="{on: order_placed, within: 60d}"))
# Customer, days since entering, held out, days after entering of a later order.
PEOPLE = [
    (1, 100, False, 30),
    (2, 100, False, 61),
    (3, 100, False, None),
    (4, 59, False, 10),
    (5, 100, True, 60),
    (6, 100, True, None),
]


@pytest.fixture
def _inside(database: object, now: datetime) -> None:
    with work() as session:
        session.add(Journey(id=1, key="care", name="Care", created_at=now))
        session.flush()
        session.add(JourneyVersion(id=1, journey_id=1, number=1, document={}, published_at=now))
        session.flush()
        for number, *_ in PEOPLE:
            session.add(Customer(id=number, created_at=now, updated_at=now))
        session.flush()
        for number, ago, is_holdout, bought in PEOPLE:
            entered = now - timedelta(days=ago)
            session.add(
                Enrolment(
                    journey_id=1,
                    version_id=1,
                    key=f"order:{number}",
                    customer_id=number,
                    entered_at=entered,
                    is_holdout=is_holdout,
                )
            )
            days = [0] if bought is None else [0, bought]
            events = [
                NewEvent(
                    key=f"order:{number}:{day}",
                    kind="order_placed",
                    at=entered + timedelta(days=day),
                    customer_id=number,
                )
                for day in days
            ]
            record_events(session, events, now=now)


@pytest.mark.usefixtures("_inside")
def test_only_who_has_had_the_time_counts_and_the_entry_itself_does_not(now: datetime) -> None:
    with reading() as session:
        found = journeys.goal_reached(session, "care", CARE, now=now)
    assert found == GoalReached(Reached(people=3, reached=1), Reached(people=2, reached=1))
    assert round(found.spoken_to.share, 2) == 0.33


@pytest.mark.usefixtures("_inside")
def test_a_journey_without_a_goal_has_nothing_to_reach(now: datetime) -> None:
    aimless = read_document(journey(POINT))
    with reading() as session:
        assert journeys.goal_reached(session, "care", aimless, now=now) == GoalReached()
        assert journeys.goal_reached(session, "other", CARE, now=now) == GoalReached()
