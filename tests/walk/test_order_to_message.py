"""The whole walk: an imported order becomes a message in the outbox, once, at the right minute."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from db.kinds import ShipmentStatus
from px import flow, journeys
from px.core.tokens import fingerprint
from px.core.work import reading, work
from px.customers import CustomerFacts
from px.journeys import touch_lines
from px.messages import OutboxFilter, outbox
from px.orders import LineFacts, OrderFacts, ShipmentFacts, record_orders, record_shipments

JOURNEY = """
format: 1
journey: care
name: Care
enter: {on: order_placed}
exit_on: [order_cancelled]
touchpoints:
  - {key: thanks, purpose: transactional, anchor: order_placed, message: thanks}
  - {key: follow-up, purpose: transactional, anchor: "sent:thanks", after: 2d, message: thanks}
  - {key: tips, purpose: transactional, anchor: delivered, after: 1d, message: thanks}
templates:
  thanks: {subject: "Order {{ order.number }}", body: "Thank you, {{ customer.first_name }}."}
"""
PLACED = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def shop(database) -> Any:
    """A shop whose journey went live an hour before Ada's order."""
    live = PLACED - timedelta(hours=1)
    with work() as session:
        journeys.import_journey(session, JOURNEY, overwrite=False, by="Mia", now=live)
        journeys.publish(session, "care", by="Mia", now=live)
    return live


def order(number: str = "#1001", placed_at: datetime = PLACED, **rest: Any) -> OrderFacts:
    ada = CustomerFacts(
        source="shopify", email="ada@example.com", first_name="Ada", zone="Europe/Berlin"
    )
    return OrderFacts(
        source="shopify",
        number=number,
        placed_at=placed_at,
        customer=ada,
        email="ada@example.com",
        lines=(LineFacts(sku="SERUM-30", name="Serum", unit_minor=4900),),
        fingerprint=fingerprint(sorted(rest.items())),
        **rest,
    )


def import_orders(*orders: OrderFacts, now: datetime = PLACED) -> None:
    with work() as session:
        record_orders(session, orders, historic_before=now - timedelta(days=30), now=now)


def run(now: datetime) -> None:
    """The passes that a scheduler makes, until there is nothing left to do."""
    for _ in range(3):
        while flow.react(now=now):
            pass
        while flow.advance(now=now):
            pass
        flow.settle(now=now)


def touches() -> list[tuple[str, str, str | None, str | None]]:
    with reading() as session:
        return [
            (
                line.touchpoint,
                line.status,
                line.reason,
                line.due_at.strftime("%d %H:%M") if line.due_at else None,
            )
            for line in touch_lines(session)
        ]


def in_outbox() -> list[tuple[str | None, str, str]]:
    with reading() as session:
        return [(m.touchpoint, m.status, m.to_address) for m in outbox(session, OutboxFilter())]


def test_an_imported_order_becomes_a_message_in_the_outbox_once(shop):
    import_orders(order())
    import_orders(order())
    run(PLACED)
    run(PLACED)
    assert in_outbox() == [("thanks", "queued", "ada@example.com")]
    assert touches() == [
        ("thanks", "queued", None, "04 12:00"),
        ("follow-up", "waiting", None, None),
        ("tips", "waiting", None, None),
    ]


def test_an_order_from_before_the_journey_went_live_does_not_enrol(shop):
    import_orders(order(placed_at=shop - timedelta(minutes=1)))
    run(PLACED)
    assert touches() == []


def test_an_old_order_is_historic_and_starts_nothing(database):
    with work() as session:
        long_ago = PLACED - timedelta(days=400)
        journeys.import_journey(session, JOURNEY, overwrite=False, by="Mia", now=long_ago)
        journeys.publish(session, "care", by="Mia", now=long_ago)
    import_orders(order(placed_at=PLACED - timedelta(days=31)))
    run(PLACED)
    assert touches() == []


def test_a_delivery_makes_what_waited_for_it_planned_and_then_due(shop):
    import_orders(order())
    delivered = PLACED + timedelta(days=3)
    status = ShipmentStatus.DELIVERED
    parcel = ShipmentFacts("#1001", "p1", status, delivered_at=delivered, happened_at=delivered)
    with work() as session:
        record_shipments(session, [parcel], now=delivered)
    run(delivered)
    assert ("tips", "planned", None, "08 12:00") in touches()
    run(delivered + timedelta(days=1))
    assert ("tips", "queued", "ada@example.com") in in_outbox()


def test_a_cancelled_order_leaves_the_journey_and_takes_back_what_is_queued(shop):
    import_orders(order())
    run(PLACED)
    import_orders(order(cancelled_at=PLACED + timedelta(minutes=5)))
    run(PLACED + timedelta(minutes=5))
    assert in_outbox() == [("thanks", "skipped", "ada@example.com")]
    assert {(key, status, reason) for key, status, reason, _ in touches()} == {
        ("thanks", "skipped", "exited"),
        ("follow-up", "skipped", "exited"),
        ("tips", "skipped", "exited"),
    }


def test_an_event_in_the_future_waits_until_it_has_happened(shop):
    import_orders(order(placed_at=PLACED + timedelta(hours=2)))
    run(PLACED)
    assert touches() == []
    run(PLACED + timedelta(hours=2))
    assert ("thanks", "queued", None, "04 14:00") in touches()


def test_a_paused_journey_holds_and_resuming_sends_what_is_not_too_late(shop):
    import_orders(order())
    with work() as session:
        journeys.pause(session, "care", now=PLACED)
    run(PLACED)
    assert ("thanks", "held", "paused", "04 12:00") in touches()
    with work() as session:
        journeys.resume(session, "care", now=PLACED + timedelta(days=1))
    run(PLACED + timedelta(days=1))
    assert ("thanks", "queued", None, "04 12:00") in touches()


def test_publishing_again_moves_those_inside_and_nobody_gets_a_thing_twice(shop):
    import_orders(order())
    run(PLACED)
    changed = JOURNEY.replace("tips, purpose", "care-tips, purpose").replace(
        "anchor: delivered, after: 1d", "anchor: order_placed, after: 5d"
    )
    with work() as session:
        journeys.import_journey(session, changed, overwrite=False, by="Mia", now=PLACED)
        journeys.publish(session, "care", by="Mia", now=PLACED)
    run(PLACED)
    assert touches() == [
        ("thanks", "queued", None, "04 12:00"),
        ("care-tips", "planned", None, "09 12:00"),
        ("follow-up", "waiting", None, None),
        ("tips", "skipped", "removed", None),
    ]
    assert in_outbox() == [("thanks", "queued", "ada@example.com")]


def test_a_missing_template_stops_publishing_with_the_touchpoint_named(database):
    with work() as session:
        journeys.import_journey(
            session, JOURNEY.split("templates:")[0], overwrite=False, by="Mia", now=PLACED
        )
    missing = r"touchpoints\[0\].message: there is no template"
    with pytest.raises(journeys.InvalidJourney, match=missing), work() as session:
        journeys.publish(session, "care", by="Mia", now=PLACED)


def test_publishing_with_a_date_brings_in_the_orders_since_then(database):
    import_orders(order(), order("#1002", placed_at=PLACED - timedelta(days=10)))
    run(PLACED)
    with work() as session:
        journeys.import_journey(session, JOURNEY, overwrite=False, by="Mia", now=PLACED)
        since = PLACED - timedelta(days=1)
        journeys.publish(session, "care", by="Mia", now=PLACED, since=since)
    run(PLACED)
    assert in_outbox() == [("thanks", "queued", "ada@example.com")]


LATE = JOURNEY.replace(
    "message: thanks}\n  - {key: follow", "LATE, message: thanks}\n  - {key: follow"
)
LATE = LATE.replace("LATE", "late: {within: 1h, else: review}")


@pytest.fixture
def late_thanks(database, settings) -> Any:
    """Ada's thank-you came five hours too late and waits for a decision."""
    with work() as session:
        journeys.import_journey(session, LATE, overwrite=False, by="Mia", now=PLACED)
        journeys.publish(session, "care", by="Mia", now=PLACED)
    import_orders(order())
    run(PLACED + timedelta(hours=5))
    with reading() as session:
        (line,) = touch_lines(session, statuses=["review"])
    return settings, [line.id]


def test_a_late_message_goes_when_somebody_says_so(late_thanks):
    settings, ids = late_thanks
    with work() as session:
        sent = journeys.send_late(session, ids, settings=settings, now=PLACED + timedelta(hours=6))
        again = journeys.send_late(session, ids, settings=settings, now=PLACED + timedelta(hours=6))
    assert (sent, again) == (1, 0)
    assert in_outbox() == [("thanks", "queued", "ada@example.com")]


def test_a_late_message_can_be_dropped(late_thanks):
    _, ids = late_thanks
    with work() as session:
        assert journeys.drop_late(session, ids, now=PLACED + timedelta(hours=6)) == 1
    assert in_outbox() == []
    assert ("thanks", "skipped", "late", "04 12:00") in touches()
