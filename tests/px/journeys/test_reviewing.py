"""What came too late: listed, sent, dropped, and brought back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from db.models.messages import Message
from px import journeys
from px.core.settings import Settings
from px.core.work import reading, work
from px.journeys.results.queries import touch_lines
from tests.walk.test_order_to_message import import_orders, order, run

PLACED = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
BACK = PLACED + timedelta(hours=5)
JOURNEY = """
format: 1
journey: care
name: Care
enter: {on: order_placed}
touchpoints:
  - {key: ask, name: How is it, purpose: transactional, anchor: order_placed, after: 30m,
     late: {within: 1h, else: review}, message: note}
  - {key: tell, name: A word, purpose: transactional, anchor: order_placed, after: 1h,
     late: {within: 1h, else: skip}, message: note}
  - {key: later, purpose: transactional, anchor: order_placed, after: 9d, message: note}
templates:
  note: {subject: "Note", body: "Hello"}
"""


@pytest.fixture
def down(database: Any, settings: Settings) -> Settings:
    """Three orders came in, then px was down for five hours."""
    with work() as session:
        live = PLACED - timedelta(hours=1)
        journeys.import_journey(session, JOURNEY, overwrite=False, by="Mia", now=live)
        journeys.publish(session, "care", by="Mia", now=live)
    for number in range(3):
        placed = PLACED + timedelta(minutes=number)
        import_orders(order(f"#{number}", placed_at=placed), now=placed)
    run(PLACED + timedelta(minutes=5))
    run(BACK)
    return settings


def waiting() -> list[journeys.LateTouch]:
    with reading() as session:
        return journeys.touches_in_review(session, limit=10)


def skipped(since: datetime = PLACED) -> list[journeys.LateTouch]:
    with reading() as session:
        return journeys.skipped_as_late(session, since=since, limit=10)


def statuses(touchpoint: str) -> list[str]:
    with reading() as session:
        return [line.status for line in touch_lines(session) if line.touchpoint == touchpoint]


def test_what_waits_is_listed_by_its_name_the_longest_overdue_first(down):
    found = waiting()
    assert [touch.label for touch in found] == ["How is it"] * 3
    assert [touch.due_at for touch in found] == [
        PLACED + timedelta(minutes=minutes) for minutes in (30, 31, 32)
    ]
    assert {(touch.journey, touch.journey_name) for touch in found} == {("care", "Care")}
    old = [touch for touch in found if touch.is_older(timedelta(minutes=269), now=BACK)]
    assert len(old) == 1


def test_what_was_skipped_without_asking_is_listed_too(down):
    found = skipped()
    assert [(touch.label, touch.settled_at) for touch in found] == [("A word", BACK)] * 3
    assert skipped(since=BACK + timedelta(seconds=1)) == []
    with reading() as session:
        assert journeys.count_skipped_as_late(session, since=PLACED) == 3
        assert journeys.count_skipped_as_late(session, since=BACK + timedelta(hours=1)) == 0


def test_all_are_sent_at_once_and_once(down):
    ids = [touch.id for touch in waiting()]
    for going in (3, 0):
        with work() as session:
            assert journeys.send_late(session, ids, settings=down, now=BACK) == going
    with reading() as session:
        assert len(session.scalars(select(Message)).all()) == 3
    assert waiting() == []


def test_what_was_dropped_can_be_brought_back_and_sent(down):
    ids = [touch.id for touch in waiting()]
    with work() as session:
        assert journeys.drop_late(session, ids, now=BACK) == 3
    assert waiting() == []
    with work() as session:
        assert journeys.review_again(session, ids) == 3
        assert journeys.review_again(session, ids) == 0
    assert [touch.id for touch in waiting()] == ids
    with work() as session:
        assert journeys.send_late(session, ids, settings=down, now=BACK) == 3


def test_what_was_skipped_can_be_sent_anyway(down):
    ids = [touch.id for touch in skipped()]
    with work() as session:
        journeys.review_again(session, ids)
        assert journeys.send_late(session, ids, settings=down, now=BACK) == 3
    assert statuses("tell") == ["queued"] * 3


def test_what_is_open_or_was_sent_is_not_brought_back(down):
    with reading() as session:
        ids = [line.id for line in touch_lines(session) if line.touchpoint == "later"]
    ids += [touch.id for touch in waiting()]
    with work() as session:
        assert journeys.review_again(session, ids) == 0
    assert statuses("later") == ["planned"] * 3


def test_a_touch_whose_message_came_too_late_in_the_outbox_stays_as_it_is(down):
    ids = [touch.id for touch in waiting()]
    with work() as session:
        journeys.send_late(session, ids, settings=down, now=BACK)
    from px import messages

    with work() as session:
        messages.sweep_outbox(session, now=BACK + timedelta(hours=200))
        journeys.settle(session, settings=down, now=BACK + timedelta(hours=200))
    assert statuses("ask") == ["skipped"] * 3
    with work() as session:
        assert journeys.review_again(session, ids) == 0
