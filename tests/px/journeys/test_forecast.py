from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from db.kinds import Channel, ConsentState, Purpose, ShipmentStatus
from px import flow, journeys
from px.core import settings as px_settings
from px.core.settings import Settings
from px.core.work import reading, work
from px.customers import ConsentFacts, CustomerFacts, customer_by_email
from px.journeys.ahead.forecast import ExpectedTouch, expected_touches, next_days
from px.journeys.results.queries import next_wake, touch_lines
from px.messages import Sender, oldest_due
from px.orders import LineFacts, OrderFacts, ShipmentFacts, record_orders, record_shipments

TEMPLATES = """
templates:
  note: {subject: "Note", body: "Hello {{ customer.first_name }}"}
"""
CARE = (
    """
format: 1
journey: care
name: Care
enter: {on: order_placed}
exit_on: [order_cancelled]
touchpoints:
  - {key: thanks, purpose: transactional, anchor: order_placed, message: note}
  - {key: hello, purpose: marketing, anchor: "sent:thanks", after: 2d, at: "23:30", message: note,
     ask: {question: skin-type, wait: 3d}}
  - {key: nudge, purpose: marketing, anchor: "unanswered:hello", message: note}
  - {key: monthly, purpose: marketing, anchor: order_placed, after: 3d, at: "10:00",
     repeat: {every: 6d, times: 9}, message: note}
  - {key: tips, purpose: marketing, anchor: delivered, after: 1d, at: "09:15", message: note}
  - {key: later, purpose: marketing, anchor: order_placed, after: 9w, message: note}
"""
    + TEMPLATES
)
CLUB = (
    """
format: 1
journey: club
name: Club
per: customer
enter: {on: order_placed}
touchpoints:
  - {key: welcome, purpose: marketing, anchor: order_placed, after: 3d, at: "10:00", message: note,
     late: {within: 8d, else: skip}}
  - {key: quiet, purpose: marketing, anchor: order_placed, after: 5d, at: "22:00", message: note,
     if: {not: {did: message_sent, within: 20h}}}
  - {key: friday, purpose: marketing, anchor: order_placed, after: 4d, message: note,
     window: {from: "09:00", to: "18:00", days: [fri]}, late: {within: 1d, else: review}}
"""
    + TEMPLATES
)
LIVE = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
PLACED = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def shop(database: Any, settings: Settings) -> Settings:
    """A shop in Berlin with both journeys live, at most two marketing messages in five days."""
    with work() as session:
        for text in (CARE, CLUB):
            made = journeys.import_journey(session, text, overwrite=True, by="Mia", now=LIVE)
            journeys.publish(session, made.key, by="Mia", now=LIVE)
        said = {
            "shop_zone": "Europe/Berlin",
            "cap_messages": 2,
            "cap_days": 5,
            "mail_from": "hello@fern.example",
        }
        px_settings.save(session, said, by="Mia", now=LIVE)
        return settings.model_copy(update=said)


def buy(name: str, number: str, *, at: datetime = PLACED) -> int:
    """The customer has ordered a serum; their number."""
    email = f"{name}@example.com"
    yes = ConsentFacts(Channel.EMAIL, Purpose.MARKETING, ConsentState.GIVEN, "checkout", at)
    person = CustomerFacts(
        source="shop", external_id=name, email=email, first_name=name, consents=(yes,)
    )
    order = OrderFacts(
        source="shop",
        number=number,
        placed_at=at,
        customer=person,
        email=email,
        lines=(LineFacts(sku="SERUM-30", name="Serum", unit_minor=4900),),
    )
    with work() as session:
        record_orders(session, [order], historic_before=LIVE, now=at)
        return customer_by_email(session, email) or 0


def arrive(number: str, *, promised: bool = False, at: datetime) -> None:
    """The parcel of the order was delivered, or will be in two days."""
    with work() as session:
        facts = ShipmentFacts(
            order_number=number,
            source="shop",
            key=f"T{number}",
            status=ShipmentStatus.IN_TRANSIT if promised else ShipmentStatus.DELIVERED,
            shipped_at=at,
            promised_on=(at + timedelta(days=2)).date(),
            delivered_at=None if promised else at,
            happened_at=at,
        )
        record_shipments(session, [facts], now=at)


def live_on(shop: Settings, *, since: datetime, until: datetime) -> None:
    """The scheduler has run whenever there was something to do."""
    moment = since
    sender = Sender(clock=lambda: moment, connections=1)
    try:
        while moment <= until:
            for _ in range(4):
                while flow.react(now=moment):
                    pass
                while flow.advance(now=moment):
                    pass
                sender.run(shop)
                flow.settle(now=moment)
            with reading() as session:
                waiting = [next_wake(session), oldest_due(session, now=moment)]
            moment = min((at for at in waiting if at and at > moment), default=until + LONG)
    finally:
        sender.close()


LONG = timedelta(days=1)


def expected(rows: list[ExpectedTouch]) -> set[tuple]:
    """What a forecast says of each touch, in plain values."""
    return {
        (
            row.customer_id,
            row.journey,
            row.touchpoint,
            row.occurrence,
            str(row.status),
            row.reason and str(row.reason),
            row.at,
        )
        for row in rows
        if row.status in ("sent", "skipped", "review")
    }


def happened(*, since: datetime, until: datetime) -> set[tuple]:
    """What became of each touch in these days, in plain values."""
    with reading() as session:
        return {
            (
                line.customer_id,
                line.journey,
                line.touchpoint,
                line.occurrence,
                line.status,
                line.reason,
                line.settled_at,
            )
            for line in touch_lines(session)
            if line.settled_at and since < line.settled_at <= until
        }


@pytest.mark.parametrize("hours", [1, 80, 200])
def test_what_is_forecast_is_what_happens_while_nothing_else_does(shop, hours):
    begin = PLACED + timedelta(hours=hours)
    for name, number, later in (("ada", "#1", 0), ("ben", "#2", 7), ("ada", "#3", 30)):
        buy(name, number, at=PLACED + timedelta(minutes=later))
    live_on(shop, since=PLACED, until=PLACED + timedelta(minutes=40))
    arrive("#1", at=PLACED + timedelta(minutes=50))
    live_on(shop, since=PLACED + timedelta(minutes=50), until=begin)
    end = begin + timedelta(days=30)
    with reading() as session:
        told = next_days(session, days=30, settings=shop, now=begin)
    live_on(shop, since=begin, until=end)
    assert expected(told) == happened(since=begin, until=end)
    assert {row.status for row in told} >= {"sent", "skipped"}


def test_one_customer_is_told_apart_from_the_others(shop):
    ada, ben = buy("ada", "#1"), buy("ben", "#2")
    live_on(shop, since=PLACED, until=PLACED)
    with reading() as session:
        own = next_days(session, customer_id=ada, settings=shop, now=PLACED)
        all_ = next_days(session, settings=shop, now=PLACED)
    assert {row.customer_id for row in own} == {ada}
    assert {row.customer_id for row in all_} == {ada, ben}
    assert expected(own) == {row for row in expected(all_) if row[0] == ada}
    assert [row.at for row in own if row.at] == sorted(row.at for row in own if row.at)


def test_what_waits_for_a_parcel_says_so_with_the_promised_day(shop):
    ada = buy("ada", "#1")
    arrive("#1", promised=True, at=PLACED + timedelta(hours=1))
    now = PLACED + timedelta(hours=2)
    live_on(shop, since=PLACED, until=now)
    with reading() as session:
        told = next_days(session, customer_id=ada, settings=shop, now=now)
    (tips,) = [row for row in told if row.touchpoint == "tips"]
    assert (tips.status, tips.provided) == ("waiting", "the parcel is delivered")
    # Promised for the 6th: a day later at 09:15 in Berlin.
    assert tips.at == datetime(2026, 5, 7, 7, 15, tzinfo=UTC)
    assert tips.channel == Channel.EMAIL


def test_what_follows_silence_is_told_with_its_condition(shop):
    ada = buy("ada", "#1")
    live_on(shop, since=PLACED, until=PLACED)
    with reading() as session:
        told = next_days(session, customer_id=ada, settings=shop, now=PLACED)
    by_key = {row.touchpoint: row for row in told if row.occurrence == 1}
    assert by_key["nudge"].provided == "“Hello” stays without an answer"
    assert by_key["hello"].provided == ""


def test_what_is_in_the_outbox_is_part_of_the_forecast(shop):
    ada = buy("ada", "#1")
    flow.react(now=PLACED)
    with reading() as session:
        told = next_days(session, customer_id=ada, settings=shop, now=PLACED)
    thanks = next(row for row in told if row.touchpoint == "thanks")
    assert (thanks.status, thanks.at) == ("sent", PLACED)


def test_a_paused_journey_sends_nothing(shop):
    ada = buy("ada", "#1")
    live_on(shop, since=PLACED, until=PLACED)
    with work() as session:
        journeys.pause(session, "care", now=PLACED)
    with reading() as session:
        told = next_days(session, customer_id=ada, settings=shop, now=PLACED)
    assert {row.journey for row in told if row.is_message} == {"club"}


def test_a_forecast_writes_nothing(shop):
    buy("ada", "#1")
    live_on(shop, since=PLACED, until=PLACED)
    before = happened(since=LIVE, until=PLACED + timedelta(days=99))
    with reading() as session:
        lines = touch_lines(session)
        next_days(session, settings=shop, now=PLACED)
        assert touch_lines(session) == lines
    assert happened(since=LIVE, until=PLACED + timedelta(days=99)) == before


def test_progress_is_told_by_customers(shop):
    buy("ada", "#1")
    buy("ben", "#2")
    live_on(shop, since=PLACED, until=PLACED)
    told: list[tuple[int, int]] = []
    with reading() as session:
        list(
            expected_touches(
                session, settings=shop, now=PLACED, on_progress=lambda *at: told.append(at)
            )
        )
    assert told == [(2, 2)]
