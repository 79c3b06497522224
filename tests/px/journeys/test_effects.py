"""What publishing or resuming would do, counted before it is done."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from db.kinds import ShipmentStatus
from db.models.journeys import Touch
from px import journeys
from px.core import settings as stored
from px.core.work import reading, work
from px.customers import known_customers
from px.journeys import effect_of_publishing, effect_of_resuming, read_document
from px.orders import ShipmentFacts, record_orders, record_shipments
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
  hints: {{subject: Hints, body: Some hints.}}
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


def told(effect: journeys.Effect | None) -> dict[str, int]:
    """How many people each kind of change concerns."""
    assert effect is not None
    assert sum(effect.people.values()) >= effect.inside
    return {str(change): people for change, people in effect.people.items()}


def test_the_same_document_again_changes_nothing(inside):
    assert told(effect(document("5d"), inside)) == {"unaffected": 2}


def test_another_text_changes_nothing_for_anybody(inside):
    other = document("5d").replace("after: 5d, message: thanks", "after: 5d, message: hints")
    assert told(effect(other, inside)) == {"unaffected": 2}


def test_a_longer_wait_moves_what_is_planned_to_a_later_time(inside):
    assert told(effect(document("6d"), inside)) == {"later": 2}
    assert told(effect(document("4d"), inside)) == {"earlier": 2}


def test_a_shorter_wait_lets_them_go_at_once(inside):
    found = effect(document("1d"), inside + timedelta(days=2))
    assert told(found) == {"at_once": 2}
    assert told(found.quietly) == {"too_late": 2}


def test_a_wait_that_is_long_over_is_too_late(inside):
    later = inside + timedelta(days=4, hours=23)
    assert told(effect(document("1d"), later)) == {"too_late": 2}


def test_new_touchpoints_are_added_and_old_ones_taken_out(inside):
    one_more = effect(document("5d", MORE), inside)
    assert told(one_more) == {"new": 2}
    replaced = document("5d", MORE).replace("key: tips", "key: hints")
    found = effect(replaced, inside)
    assert told(found) == {"new": 2, "lost": 2}
    assert {str(change): n for change, n in found.touches.items()} == {"new": 4, "lost": 2}


def test_one_who_gets_a_new_touchpoint_at_once_counts_for_both(inside):
    now = MORE.replace("9d", "1h")
    found = effect(document("5d", now), inside + timedelta(hours=2))
    assert told(found) == {"new": 2, "at_once": 2}


def test_the_people_behind_each_number_are_named(inside):
    found = effect(document("5d", MORE), inside)
    with reading() as session:
        names = {one.first_name for one in known_customers(session, found.listed["new"]).values()}
    assert names == {"Ada", "Dora"}


def test_somebody_with_two_orders_counts_once(inside):
    second = order("ada", "#3", at=inside)
    with work() as session:
        record_orders(
            session, [second], now=inside, historic_before=inside - timedelta(days=9), key=b"k"
        )
    run(inside)
    found = effect(document("6d"), inside)
    assert (found.inside, told(found), found.touches["later"]) == (2, {"later": 2}, 3)


def test_counting_writes_nothing(inside):
    effect(document("1d"), inside + timedelta(days=2))
    with reading() as session:
        statuses = [line.status for line in journeys.touch_lines(session, journey="care")]
    assert statuses == ["queued", "queued", "planned", "planned"]


def test_progress_is_told_and_what_it_raises_ends_the_counting(inside):
    told_of: list[tuple[int, int]] = []
    asked = {"settings": stored.Settings(), "now": inside}
    with reading() as session:
        made = read_document(document("6d"))
        effect_of_publishing(
            session, "care", made, **asked, on_progress=lambda done, of: told_of.append((done, of))
        )
        assert told_of == [(2, 2)]
        with pytest.raises(KeyboardInterrupt):
            effect_of_publishing(session, "care", made, **asked, on_progress=closed)


def closed(_done: int, _total: int) -> None:
    """Somebody has closed the window."""
    raise KeyboardInterrupt


def publish(text: str, now: datetime, **how: bool) -> None:
    with work() as session:
        journeys.save_draft(session, read_document(text), by="Mia", now=now)
        journeys.publish(session, "care", by="Mia", now=now, **how)
    run(now)


def fates(touchpoint: str) -> list[tuple[str, str | None]]:
    with reading() as session:
        lines = journeys.touch_lines(session, journey="care")
    return [(line.status, line.reason) for line in lines if line.touchpoint == touchpoint]


def test_a_quiet_move_skips_what_would_go_at_once_and_says_why(inside):
    later = inside + timedelta(days=2)
    publish(document("1d", MORE), later, at_once=False)
    assert fates("tips") == [("skipped", "late"), ("skipped", "late")]
    assert fates("more") == [("planned", None), ("planned", None)]
    with reading() as session:
        customer = journeys.touch_lines(session, journey="care")[0].customer_id
        stories = journeys.touches_of(session, customer)
    said = [journeys.touch_sentence(s, now=later, zone="UTC") for s in stories if s.label == "Tips"]
    assert said == [
        "Skipped: it was due yesterday 12:00, and the journey was changed at 12:00 "
        "without sending anything at once."
    ]


def test_what_comes_after_a_quiet_move_goes_as_usual(inside):
    later = inside + timedelta(days=2)
    publish(document("1d", MORE), later, at_once=False)
    run(inside + timedelta(days=9))
    assert fates("more") == [("queued", None), ("queued", None)]


def test_a_new_touchpoint_reaches_somebody_whose_other_messages_are_all_on_their_way(inside):
    publish(document("5d"), inside)
    run(inside + timedelta(days=5))
    later = inside + timedelta(days=5)
    found = effect(document("5d", MORE), later)
    assert told(found) == {"new": 2}
    publish(document("5d", MORE), later)
    assert fates("more") == [("planned", None), ("planned", None)]


def test_those_who_stay_still_get_what_their_version_counts_from(inside):
    shipped = "- {key: more, purpose: transactional, anchor: shipped, message: thanks}"
    publish(document("5d", shipped), inside)
    publish(document("5d"), inside, move=False)
    parcel = ShipmentFacts(
        order_number="#1",
        source="shop",
        key="a",
        status=ShipmentStatus.IN_TRANSIT,
        happened_at=inside,
    )
    with work() as session:
        record_shipments(session, [parcel], now=inside)
    run(inside)
    assert sorted(fates("more")) == [("queued", None), ("waiting", None)]


def test_publishing_over_a_pause_lets_those_who_stay_go_on(inside):
    pause_until(inside, timedelta(days=5))
    assert fates("tips") == [("held", "paused"), ("held", "paused")]
    publish(document("6d"), inside + timedelta(days=5), move=False)
    assert fates("tips") == [("queued", None), ("queued", None)]


def test_a_touchpoint_that_becomes_marketing_is_known_as_such(inside):
    marketing = document("5d").replace(
        "key: tips, purpose: transactional", "key: tips, purpose: marketing"
    )
    publish(marketing, inside)
    with reading() as session:
        purposes = session.scalars(select(Touch.purpose).where(Touch.touchpoint == "tips")).all()
    assert purposes == ["marketing", "marketing"]


def resumed(now: datetime) -> journeys.Effect:
    with reading() as session:
        return effect_of_resuming(session, "care", settings=stored.current(session), now=now)


def pause_until(inside: datetime, due: timedelta) -> None:
    with work() as session:
        journeys.pause(session, "care", now=inside)
    run(inside + due)


def test_what_a_pause_has_held_goes_at_once_while_it_is_not_late(inside):
    pause_until(inside, timedelta(days=5))
    found = resumed(inside + timedelta(days=6))
    assert (found.held, told(found)) == (2, {"at_once": 2})


def test_what_a_pause_has_held_too_long_will_be_skipped(inside):
    pause_until(inside, timedelta(days=5))
    found = resumed(inside + timedelta(days=9))
    assert (found.held, told(found)) == (2, {"too_late": 2})


def test_the_count_is_what_resuming_then_does(inside):
    pause_until(inside, timedelta(days=5))
    late = inside + timedelta(days=9)
    with work() as session:
        assert journeys.resume(session, "care", now=late) == 2
    run(late)
    assert fates("tips") == [("skipped", "late"), ("skipped", "late")]


def test_with_nobody_inside_there_is_nothing_to_count(database, now):
    with work() as session:
        journeys.import_journey(session, document("5d"), overwrite=False, by="Mia", now=now)
    found = effect(document("5d"), now)
    assert (found.inside, found.people, found.listed) == (0, {}, {})


def test_before_a_launch_those_since_a_day_are_counted_with_what_they_get(database, now):
    facts = [order(name, f"#{name}", at=now - timedelta(days=d)) for name, d in
             (("ada", 1), ("ben", 3), ("cleo", 20))]  # fmt: skip
    with work() as session:
        record_orders(session, facts, now=now, historic_before=now - timedelta(days=40), key=b"k")
        made = read_document(document("5d"))
        asked = {"settings": stored.Settings(), "now": now}
        launch = journeys.effect_of_launching(session, made, since=now - timedelta(days=9), **asked)
        assert journeys.people_since(session, made, since=now - timedelta(days=30), **asked) == 3
    assert launch == journeys.Launch(people=2, at_once=2, next_days=2, too_late=0)
