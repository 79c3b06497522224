"""What comes next and what waits for somebody, as the first page reads it."""

from datetime import UTC, datetime

import pytest

from db.models.customers import Customer
from db.models.journeys import Enrolment, Journey, JourneyVersion, Touch
from px.core.work import reading, work
from px.journeys.results.overview import NextTouch, next_touches, touches_due, touches_waiting


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 5, day, hour, 0, tzinfo=UTC)


@pytest.fixture
def _touches(database: object) -> None:
    with work() as session:
        session.add(Customer(id=7, created_at=at(1), updated_at=at(1)))
        session.add(Journey(id=1, key="serum", name="Night serum", created_at=at(1)))
        session.flush()
        session.add(JourneyVersion(id=1, journey_id=1, number=1, document={}, published_at=at(1)))
        session.flush()
        session.add(
            Enrolment(
                id=1, journey_id=1, version_id=1, key="customer:7", customer_id=7, entered_at=at(1)
            )
        )
        session.flush()
        for touchpoint, status, due, reason in (
            ("later", "planned", at(9), None),
            ("first", "planned", at(4, 15), None),
            ("second", "planned", at(5), None),
            ("waiting", "waiting", None, None),
            ("gone", "sent", at(2), None),
            ("at night", "held", at(4, 20), "quiet_hours"),
            ("paused", "held", at(3), "paused"),
            ("paused too", "held", at(3), "paused"),
            ("late", "review", at(2), "late"),
        ):
            session.add(
                Touch(
                    enrolment_id=1,
                    journey_id=1,
                    customer_id=7,
                    touchpoint=touchpoint,
                    purpose="marketing",
                    status=status,
                    due_at=due,
                    wake_at=due if status == "planned" or reason == "quiet_hours" else None,
                    reason=reason,
                )
            )


@pytest.mark.usefixtures("_touches")
def test_the_planned_touches_come_by_their_time() -> None:
    with reading() as session:
        assert next_touches(session, limit=2) == [
            NextTouch("first", "Night serum", 7, at(4, 15)),
            NextTouch("at night", "Night serum", 7, at(4, 20)),
        ]


@pytest.mark.usefixtures("_touches")
def test_what_is_planned_or_held_for_the_night_is_due_what_is_paused_is_not() -> None:
    with reading() as session:
        assert touches_due(session, until=at(5, 9)) == 3
        assert touches_due(session, until=at(4, 12)) == 0


@pytest.mark.usefixtures("_touches")
def test_what_is_held_or_late_is_counted_by_its_reason() -> None:
    with reading() as session:
        assert touches_waiting(session) == {
            ("held", "quiet_hours"): 1,
            ("held", "paused"): 2,
            ("review", "late"): 1,
        }


@pytest.mark.usefixtures("database")
def test_without_journeys_nothing_comes_and_nothing_waits() -> None:
    with reading() as session:
        assert next_touches(session, limit=6) == []
        assert touches_due(session, until=at(30)) == 0
        assert touches_waiting(session) == {}
