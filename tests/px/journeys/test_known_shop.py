"""What the shop knows decides what the builder warns of, and what Today says of live journeys."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from px import journeys
from px.core.settings import Settings
from px.core.work import reading, work
from px.customers import CustomerFacts
from px.journeys import KnownShop, known_shop, live_warnings
from px.messages import archive_template
from px.orders import LineFacts, OrderFacts, record_orders

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
CARE = """
format: 1
journey: care
name: Serum care
enter: {on: order_placed, where: {field: order.skus, op: contains, value: SERUM-30}}
touchpoints:
  - {key: tips, anchor: order_placed, after: 1d, message: tips,
     if: {field: customer.traits.skin type, op: eq, value: dry}}
  - {key: more, anchor: delivered, message: tips}
templates:
  tips: {subject: Tips, body: Some tips.}
"""
DATA: dict[str, Any] = {
    "enter": {"on": "order_placed"},
    "touchpoints": [
        {"anchor": "delivered", "if": {"field": "customer.traits.skin type", "op": "exists"}},
        {"anchor": "pickup_ready", "if": {"not": {"field": "customer.traits.pet", "op": "exists"}}},
    ],
}


def sell(sku: str, **traits: str) -> None:
    ada = CustomerFacts(source="shop", email="ada@example.com", traits=traits)
    order = OrderFacts(
        source="shop",
        number=f"#{sku}",
        placed_at=NOW,
        customer=ada,
        email="ada@example.com",
        lines=(LineFacts(sku=sku, name=sku, unit_minor=100),),
        fingerprint=sku,
    )
    with work() as session:
        record_orders(session, [order], historic_before=NOW - timedelta(days=30), now=NOW)


@pytest.mark.usefixtures("database")
def test_a_shop_without_orders_is_told_nothing_of_what_is_still_to_come(settings: Settings) -> None:
    with reading() as session:
        assert known_shop(session, DATA, settings) == KnownShop(
            journeys=frozenset(), currency="USD"
        )


@pytest.mark.usefixtures("database")
def test_a_shop_knows_what_it_sold_what_its_customers_are_and_what_happened(
    settings: Settings,
) -> None:
    sell("SERUM-30", **{"skin type": "dry"})
    with reading() as session:
        assert known_shop(session, DATA, settings) == KnownShop(
            traits=frozenset({"skin type"}),
            skus=frozenset({"serum-30"}),
            kinds=frozenset({"order_placed"}),
            journeys=frozenset(),
            currency="USD",
        )


@pytest.mark.usefixtures("database")
def test_what_became_wrong_with_a_live_journey_is_told(settings: Settings) -> None:
    sell("SERUM-30", **{"skin type": "dry"})
    with work() as session:
        journeys.import_journey(session, CARE, overwrite=False, by="Mia", now=NOW)
        journeys.publish(session, "care", by="Mia", now=NOW)
    with reading() as session:
        assert live_warnings(session, settings) == []


@pytest.mark.usefixtures("database")
def test_a_live_journey_for_a_product_that_was_never_sold_is_told(settings: Settings) -> None:
    sell("BRUSH-1", **{"skin type": "dry"})
    with work() as session:
        journeys.import_journey(session, CARE, overwrite=False, by="Mia", now=NOW)
        journeys.publish(session, "care", by="Mia", now=NOW)
    with reading() as session:
        found = live_warnings(session, settings)
    assert [(key, name, one.kind) for key, name, one in found] == [
        ("care", "Serum care", "product_gone")
    ]


@pytest.mark.usefixtures("database")
def test_a_live_journey_whose_text_was_put_away_is_told(settings: Settings) -> None:
    sell("SERUM-30", **{"skin type": "dry"})
    with work() as session:
        journeys.import_journey(session, CARE, overwrite=False, by="Mia", now=NOW)
        journeys.publish(session, "care", by="Mia", now=NOW)
        archive_template(session, "tips", now=NOW)
    with reading() as session:
        assert {one.sentence for _, _, one in live_warnings(session, settings)} == {
            "The text “Tips” is put away or gone: bring it back, or choose another."
        }
