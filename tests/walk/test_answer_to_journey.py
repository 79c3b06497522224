"""An answer brings a customer into another journey, as the reaction of its touchpoint says."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from px import journeys
from px.core.events import NewEvent, record_events
from px.core.work import reading, work
from px.customers import customer_by_email
from px.journeys import touch_lines
from tests.walk.test_order_to_message import PLACED, import_orders, order, run

pytestmark = pytest.mark.usefixtures("database")
CARE = """
format: 1
journey: care
name: Care
enter: {on: order_placed}
exit_on: ["milestone:over"]
touchpoints:
  - key: survey
    purpose: transactional
    anchor: order_placed
    message: survey
    ask: {question: score}
    react:
      - {if: {field: answer, op: lte, value: 6}, do: [open_feedback]}
      - {if: {field: answer, op: gte, value: 9}, do: [{enrol: reviews}, {award: 50}]}
templates:
  survey: {subject: How was it, body: "How was it?"}
"""
REVIEWS = """
format: 1
journey: reviews
name: Reviews
enter: {on: "milestone:never", where: {field: order.country, op: ne, value: US}}
touchpoints:
  - {key: ask, purpose: transactional, anchor: order_placed, after: 1h, message: review}
templates:
  review: {subject: A review, body: "Would you write a review?"}
"""
LIVE = PLACED - timedelta(hours=1)
SOON = PLACED + timedelta(minutes=10)


def publish(text: str, key: str, at: datetime = LIVE) -> None:
    with work() as session:
        journeys.import_journey(session, text, overwrite=False, by="Mia", now=at)
        journeys.publish(session, key, by="Mia", now=at)


def happens(kind: str, at: datetime, **data: Any) -> None:
    with work() as session:
        ada = customer_by_email(session, "ada@example.com")
        record_events(session, [NewEvent(f"{kind}:{at}", kind, at, ada, data=data)], now=at)


def answer(value: int, at: datetime = SOON, **data: Any) -> None:
    given = {"touchpoint": "survey", "question": "score", "answer": value} | data
    happens("answered", at, **given)


def inside(journey: str) -> list[tuple[str, str, str]]:
    with reading() as session:
        lines = touch_lines(session, journey=journey)
    return [(line.enrolment.split(":")[0], line.touchpoint, line.status) for line in lines]


def walked(value: int, **data: Any) -> list[tuple[str, str, str]]:
    publish(REVIEWS, "reviews")
    publish(CARE, "care")
    import_orders(order())
    run(PLACED)
    answer(value, **data)
    run(SOON)
    run(SOON)
    return inside("reviews")


def test_who_answers_so_enters_the_other_journey_once_with_the_order_of_the_question() -> None:
    assert walked(10) == [("order", "ask", "planned")]


@pytest.mark.parametrize("value", [3, 7])
def test_who_answers_otherwise_does_not(value: int) -> None:
    assert walked(value) == []


def test_an_answer_to_another_touchpoint_does_nothing() -> None:
    assert walked(10, touchpoint="elsewhere") == []


def test_the_condition_of_the_other_journey_is_asked_as_well() -> None:
    publish(REVIEWS.replace("value: US", "value: DE"), "reviews")
    publish(CARE, "care")
    import_orders(order(country="DE"))
    run(PLACED)
    answer(10)
    run(SOON)
    assert inside("reviews") == []


def test_a_journey_that_is_not_there_or_came_later_takes_nobody() -> None:
    publish(CARE, "care")
    import_orders(order())
    run(PLACED)
    answer(10)
    run(SOON)
    publish(REVIEWS, "reviews", SOON + timedelta(minutes=1))
    run(SOON + timedelta(minutes=2))
    assert inside("reviews") == []


def test_a_later_answer_of_who_has_left_is_heard_too() -> None:
    publish(REVIEWS, "reviews")
    publish(CARE, "care")
    import_orders(order())
    run(PLACED)
    happens("milestone:over", SOON)
    run(SOON)
    later = PLACED + timedelta(days=20)
    answer(9, later)
    run(later)
    assert [touchpoint for _about, touchpoint, _status in inside("reviews")] == ["ask"]
