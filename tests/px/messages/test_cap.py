"""The last place under the cap goes to the message of higher priority, whoever asks first."""

from datetime import datetime, timedelta
from threading import Thread

from db.kinds import Channel, Purpose
from px.core.work import marking, work
from px.messages.rules import Allowed, HoldUntil
from px.messages.send import Claimed, Desk, begin, claim, release
from px.messages.under_way import reprioritise
from tests.px.messages.rows import messages, note, people, queue, template


def _shop(settings, cap: int = 1):
    return settings.model_copy(update={"cap_messages": cap, "quiet_from": "", "quiet_to": ""})


def _queue(shop, customer_id: int, version: int, now: datetime, **priorities: int) -> None:
    for key, priority in priorities.items():
        message = note(
            customer_id, version, now=now, key=key, purpose=Purpose.MARKETING, priority=priority,
            journey_key=key,
        )  # fmt: skip
        queue(shop, message, now=now)


def _waiting(settings, now: datetime, *, cap: int = 1, **priorities: int):
    """A shop whose customer Ada has a message of each of these journeys waiting."""
    shop = _shop(settings, cap)
    (ada,) = people("ada@example.com", now=now)
    _queue(shop, ada, template(now=now), now, **priorities)
    return shop


def _claimed(owner: str, now: datetime, *, limit: int = 10) -> list[Claimed]:
    with work() as session:
        return claim(session, owner=owner, channels=[Channel.EMAIL], limit=limit, now=now)


def _begin(message: Claimed, shop, owner: str, now: datetime):
    with marking() as session:
        return begin(session, message, Desk(owner, shop), now=now)


def test_the_higher_priority_is_claimed_first(database, settings, now):
    _waiting(settings, now, low=1, high=5)
    assert [message.journey_key for message in _claimed("one", now)] == ["high", "low"]


def test_one_that_asks_before_its_turn_waits_for_those_that_go_before(database, settings, now):
    shop = _waiting(settings, now, low=1, high=5)
    high, low = _claimed("one", now)
    minute = now + timedelta(minutes=1)
    assert _begin(low, shop, "one", now) == HoldUntil(minute, "capped")
    assert isinstance(_begin(high, shop, "one", now), Allowed)
    rows = {row.key: (row.status, row.reason, row.due_at) for row in messages()}
    assert rows["low"] == ("held", "capped", minute)
    assert rows["high"][0] == "sending"


def test_with_places_for_both_nobody_waits(database, settings, now):
    shop = _waiting(settings, now, cap=2, low=1, high=5)
    high, low = _claimed("one", now)
    assert isinstance(_begin(low, shop, "one", now), Allowed)
    assert isinstance(_begin(high, shop, "one", now), Allowed)


def test_of_equal_priority_the_one_queued_first_goes(database, settings, now):
    shop = _waiting(settings, now, first=3, second=3)
    first, second = _claimed("one", now)
    assert isinstance(_begin(second, shop, "one", now), HoldUntil)
    assert isinstance(_begin(first, shop, "one", now), Allowed)


def test_a_message_that_its_channel_refuses_keeps_nobody_back(database, settings, now):
    shop = _waiting(settings, now, low=1, high=5)
    high, low = _claimed("one", now)
    with work() as session:
        release(session, [high.id], owner="one", detail="The mail account refuses the password.")
    assert isinstance(_begin(low, shop, "one", now), Allowed)


def test_another_customer_keeps_nobody_back(database, settings, now):
    shop = _shop(settings)
    ada, ben = people("ada@example.com", "ben@example.com", now=now)
    version = template(now=now)
    _queue(shop, ada, version, now, low=1)
    _queue(shop, ben, version, now, high=5)
    _high, low = _claimed("one", now)
    assert isinstance(_begin(low, shop, "one", now), Allowed)


def test_two_workers_let_the_higher_priority_go_however_they_race(database, settings, now):
    shop = _waiting(settings, now, high=9, b=1, c=2, d=3)
    high = _claimed("one", now, limit=1)
    others = _claimed("two", now)
    allowed: list[str] = []

    def begin_all(owner: str, batch: list[Claimed]) -> None:
        for message in batch:
            if isinstance(_begin(message, shop, owner, now), Allowed):
                allowed.append(message.journey_key or "")

    threads = [Thread(target=begin_all, args=pair) for pair in (("two", others), ("one", high))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert allowed == ["high"]


def test_another_order_of_the_journeys_counts_for_what_waits(database, settings, now):
    _waiting(settings, now, low=1, high=5)
    with work() as session:
        reprioritise(session, {"low": 7, "high": 2})
    assert [message.journey_key for message in _claimed("one", now)] == ["low", "high"]
