"""Why a customer is not in a journey, as a sentence."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from px import journeys
from px.core import settings as px_settings
from px.core.work import reading, work
from px.journeys import why_not_inside
from px.orders import record_orders
from tests.builders import order, settle_in
from tests.walk.test_order_to_message import run

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
TEXT = """
format: 1
journey: {key}
name: {name}
per: {per}
enter: {enter}
touchpoints:
  - {{key: note, purpose: transactional, anchor: order_placed, message: note}}
templates:
  note: {{subject: "Note", body: "Hello"}}
"""


@pytest.fixture
def cast(database: Any) -> dict[str, int]:
    with work() as session:
        return settle_in(session, now=NOW, key=px_settings.current(session).key)


def publish(key: str, enter: str, *, per: str = "order", at: datetime = NOW, **more: Any) -> None:
    text = TEXT.format(key=key, name=f"{key.capitalize()} care", per=per, enter=enter)
    with work() as session:
        journeys.import_journey(session, text, overwrite=True, by="Mia", now=at)
        journeys.publish(session, key, by="Mia", now=at, **more)


def buy(name: str) -> None:
    with work() as session:
        key = px_settings.current(session).key
        fresh = order(name, f"#{name}9", at=NOW + timedelta(hours=1))
        old = NOW - timedelta(days=9)
        record_orders(session, [fresh], now=NOW, historic_before=old, key=key)
    run(NOW + timedelta(hours=2))


def why(customer: int) -> dict[str, str]:
    with reading() as session:
        now = NOW + timedelta(hours=2)
        current = px_settings.current(session)
        found = why_not_inside(session, customer, settings=current, now=now)
    return {one.name: one.why for one in found}


def test_the_order_has_no_brush(cast):
    publish("brush", "{on: order_placed, where: {field: order.skus, op: contains, value: BRUSH}}")
    buy("ada")
    said = why(cast["ada"])["Brush care"]
    assert said.startswith("it needs that SKUs in the order")
    assert said.endswith("BRUSH, but order #ada9 has Night Fern serum")


def test_no_item_of_the_order_is_a_brush(cast):
    enter = "{on: order_placed, where: {field: line.sku, op: eq, value: BRUSH}}"
    publish("brush", enter, per="order_line")
    buy("ada")
    assert why(cast["ada"])["Brush care"].endswith("but order #ada9 has Night Fern serum")


def test_only_the_part_that_fails_is_told(cast):
    publish(
        "club",
        "{on: order_placed, where: {all: [{field: order.skus, op: contains, value: SERUM-30}, "
        "{field: customer.orders, op: gte, value: 9}]}}",
    )
    buy("ada")
    assert why(cast["ada"]) == {
        "Club care": "it needs that number of orders is at least 9, but number of orders is 4"
    }


def test_an_amount_that_is_not_reached_is_told_in_the_shops_currency(cast):
    publish("club", "{on: order_placed, where: {field: order.total_minor, op: gte, value: 5000}}")
    buy("ada")
    assert why(cast["ada"]) == {
        "Club care": "it needs that order total is at least 50.00 USD, but order total is 49.00 USD"
    }


def test_the_last_order_is_older_than_the_journey(cast):
    publish("serum", "{on: order_placed}")
    assert why(cast["dora"]) == {
        "Serum care": "their last order is of 24 Apr 2026, and it went live on 4 May 2026"
    }


def test_nothing_happened_that_begins_it(cast):
    publish("return", "{on: return_requested}")
    assert why(cast["ada"]) == {
        "Return care": "it begins when a return is requested, which has not happened"
    }


def test_whoever_is_or_was_inside_is_not_told_why_not(cast):
    publish("serum", "{on: order_placed}")
    buy("ada")
    assert why(cast["ada"]) == {}


def test_drafts_and_archived_journeys_are_nobodys_matter(cast):
    publish("serum", "{on: return_requested}")
    with work() as session:
        journeys.archive(session, "serum", now=NOW)
    assert why(cast["ada"]) == {}


def test_a_journey_in_test_mode_lets_only_chosen_addresses_in(cast):
    from sqlmodel import select

    from db.models.journeys import Journey

    publish("serum", "{on: order_placed}")
    with work() as session:
        session.scalars(select(Journey)).one().test_addresses = ["mia@example.com"]
    buy("ada")
    assert why(cast["ada"]) == {"Serum care": "it is being tested, and only chosen addresses enter"}
