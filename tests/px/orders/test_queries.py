"""Orders as pages ask for them, and sums that are larger than they look."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from db.kinds import ImportKind, OrderStatus
from db.models.customers import Customer
from px.core.settings import Settings
from px.core.work import reading, work
from px.customers import CustomerFacts
from px.orders import (
    LineFacts,
    OrderFacts,
    known_orders,
    order_by_number,
    order_counts,
    orders_of,
    record_orders,
)
from tests.px.orders.reading import NOW, events, load, rows, write

pytestmark = pytest.mark.usefixtures("database")


def test_an_order_is_shown_with_its_items_and_parcels(settings: Settings, tmp_path: Path) -> None:
    load("06_continuation.csv", settings)
    text = "order_number,carrier,tracking_number,shipped_at\n1001,DHL,T1,2026-05-02\n"
    load(write(tmp_path / "s.csv", text), settings, ImportKind.SHIPMENTS)
    with reading() as session:
        order = order_by_number(session, "1001")
        assert order_by_number(session, "9999") is None
        assert known_orders(session, [99]) == {}
    assert order
    assert (order.number, order.total_minor, order.status) == ("#1001", 8800, "paid")
    assert [(line.position, line.sku, line.quantity) for line in order.lines] == [
        (0, "SERUM-30", 1),
        (1, "SOAP", 2),
        (2, "BRUSH", 1),
    ]
    assert [(parcel.carrier, parcel.status) for parcel in order.parcels] == [("DHL", "in_transit")]


def test_a_customers_orders_come_newest_first(settings: Settings) -> None:
    load("04_email_case.csv", settings)
    with reading() as session:
        assert [order.number for order in orders_of(session, 1)] == ["#1002", "#1001"]
        assert [order.number for order in orders_of(session, 1, limit=1)] == ["#1002"]


def test_orders_are_counted(settings: Settings) -> None:
    load("13_test_order.csv", settings, ImportKind.ORDERS)
    load("01_guest.csv", settings, historic_days=2)
    with reading() as session:
        assert order_counts(session) == {
            "all": 4,
            "historic": 2,
            "tests": 1,
            "without_customer": 1,
        }


def bought(number: int, total: int, **more: object) -> OrderFacts:
    return OrderFacts(
        source="shop",
        number=str(number),
        placed_at=NOW - timedelta(days=number),
        customer=CustomerFacts("shop", email="ada@example.com"),
        currency="IDR",
        total_minor=total,
        lines=(LineFacts("S", "Serum", 1, total),),
        **more,  # type: ignore[arg-type]
    )


def test_somebody_may_spend_billions_of_the_smallest_unit() -> None:
    with work() as session:
        orders = [bought(number, 3_000_000_000) for number in range(3)]
        record_orders(session, orders, now=NOW, historic_before=NOW - timedelta(days=30))
    assert rows(Customer, ["spent_minor"], Customer.id) == [9_000_000_000]


def test_orders_told_of_twice_in_one_list_are_one_order() -> None:
    with work() as session:
        counts = record_orders(
            session,
            [bought(1, 100), bought(1, 200)],
            now=NOW,
            historic_before=NOW - timedelta(days=30),
        )
    assert (counts.new, counts.unchanged) == (1, 1)
    assert rows(Customer, ["orders", "spent_minor"], Customer.id) == [(1, 200)]


def test_an_order_never_paid_for_is_in_no_sum() -> None:
    with work() as session:
        orders = [bought(1, 100, status=OrderStatus.VOIDED), bought(2, 50)]
        record_orders(session, orders, now=NOW, historic_before=NOW - timedelta(days=30))
    assert rows(Customer, ["orders", "spent_minor"], Customer.id) == [(1, 50)]
    assert "order_paid" not in [k for k, order in events("kind", "order_id") if order == 1]


def test_more_than_a_thousand_orders_are_taken_in_one_go() -> None:
    with work() as session:
        orders = [bought(number, 1) for number in range(2500)]
        counts = record_orders(
            session, orders, now=NOW, historic_before=datetime(2020, 1, 1, tzinfo=UTC)
        )
    assert (counts.new, len(counts.became), counts.new_customers) == (2500, 2500, [0])
    assert rows(Customer, ["orders", "spent_minor"], Customer.id) == [(2500, 2500)]
