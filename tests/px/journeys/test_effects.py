"""What publishing or resuming would do, counted before it is done."""

from datetime import datetime, timedelta

import pytest

from px import journeys
from px.core import settings as stored
from px.core.work import reading, work
from px.journeys import effect_of_publishing, effect_of_resuming, read_document
from px.orders import record_orders
from tests.builders import order
from tests.walk.test_order_to_message import run

JOURNEY = """
format: 1
journey: care
name: Care
enter: {{on: order_placed}}
touchpoints:
  - {{key: thanks, purpose: transactional, anchor: order_placed, message: thanks}}
  - {{key: tips, purpose: transactional, anchor: order_placed, after: {after}, message: thanks}}
  {more}
templates:
  thanks: {{subject: Thanks, body: Thank you.}}
"""
MORE = "- {key: more, purpose: transactional, anchor: order_placed, after: 9d, message: thanks}"


def document(after: str, more: str = "") -> str:
    return JOURNEY.format(after=after, more=more)


@pytest.fixture
def inside(database, now: datetime) -> datetime:
    """Ada and Dora are inside: thanked, with tips planned in five days."""
    with work() as session:
        journeys.import_journey(session, document("5d"), overwrite=False, by="Mia", now=now)
        journeys.publish(session, "care", by="Mia", now=now)
    facts = [order("ada", "#1", at=now), order("dora", "#2", at=now)]
    with work() as session:
        record_orders(session, facts, now=now, historic_before=now - timedelta(days=9), key=b"k")
    run(now)
    return now


def effect(text: str, now: datetime) -> journeys.Effect:
    with reading() as session:
        return effect_of_publishing(
            session, "care", read_document(text), settings=stored.current(session), now=now
        )


def test_the_same_document_again_changes_nothing(inside):
    assert effect(document("5d"), inside) == journeys.Effect(inside=2, asked=2)


def test_a_longer_wait_moves_what_is_planned(inside):
    assert effect(document("6d"), inside) == journeys.Effect(inside=2, asked=2, moved=2)


def test_a_shorter_wait_lets_them_go_at_once(inside):
    later = inside + timedelta(days=2)
    assert effect(document("1d"), later) == journeys.Effect(inside=2, asked=2, at_once=2)


def test_a_wait_that_is_long_over_is_too_late(inside):
    later = inside + timedelta(days=4, hours=23)
    assert effect(document("1d"), later) == journeys.Effect(inside=2, asked=2, too_late=2)


def test_new_touchpoints_are_added_and_old_ones_taken_out(inside):
    one_more = effect(document("5d", MORE), inside)
    assert one_more == journeys.Effect(inside=2, asked=2, added=2)
    replaced = document("5d", MORE).replace("key: tips", "key: hints")
    assert effect(replaced, inside) == journeys.Effect(inside=2, asked=2, added=4, removed=2)


def test_counting_writes_nothing(inside):
    effect(document("1d"), inside + timedelta(days=2))
    with reading() as session:
        statuses = [line.status for line in journeys.touch_lines(session, journey="care")]
    assert statuses == ["queued", "queued", "planned", "planned"]


def resumed(now: datetime) -> journeys.Effect:
    with reading() as session:
        return effect_of_resuming(session, "care", settings=stored.current(session), now=now)


def pause_until(inside: datetime, due: timedelta) -> None:
    with work() as session:
        journeys.pause(session, "care", now=inside)
    run(inside + due)


def test_what_a_pause_has_held_goes_at_once_while_it_is_not_late(inside):
    pause_until(inside, timedelta(days=5))
    soon = inside + timedelta(days=6)
    assert resumed(soon) == journeys.Effect(inside=2, asked=2, held=2, at_once=2)


def test_what_a_pause_has_held_too_long_will_be_skipped(inside):
    pause_until(inside, timedelta(days=5))
    late = inside + timedelta(days=9)
    assert resumed(late) == journeys.Effect(inside=2, asked=2, held=2, too_late=2)


def test_the_count_is_what_resuming_then_does(inside):
    pause_until(inside, timedelta(days=5))
    late = inside + timedelta(days=9)
    with work() as session:
        journeys.resume(session, "care", now=late)
    run(late)
    with reading() as session:
        lines = journeys.touch_lines(session, journey="care")
    assert [(line.status, line.reason) for line in lines if line.touchpoint == "tips"] == [
        ("skipped", "late"),
        ("skipped", "late"),
    ]


def test_with_nobody_inside_there_is_nothing_to_count(database, now):
    with work() as session:
        journeys.import_journey(session, document("5d"), overwrite=False, by="Mia", now=now)
    assert effect(document("5d"), now) == journeys.Effect()


def test_a_part_is_said_to_be_a_part():
    assert journeys.Effect(inside=5000, asked=2000).is_part
    assert not journeys.Effect(inside=2, asked=2).is_part
