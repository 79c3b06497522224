"""What a template is filled with: plain values by name, in the customer's zone and currency."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from px.messages import Brand, catalogue, make_context

ADA = {
    "id": 7,
    "first_name": " Ada ",
    "last_name": "Lovelace",
    "email": "ada@example.com",
    "zone": "America/New_York",
    "tags": ["vip"],
    "traits": {"skin_type": "dry", "kids": 2, "note": "a\nb", "none": None},
    "orders": 0,
    "spent_minor": 21400,
    "password_hash": "never",
}
ORDER = {
    "id": 5,
    "number": "#1001",
    "currency": "USD",
    "total_minor": 10300,
    "placed_at": datetime(2026, 5, 5, 2, 0, tzinfo=UTC),
    "is_first": False,
}
LINES = [
    {"sku": "SERUM-30", "name": "Serum", "quantity": 2, "unit_minor": 4900},
    {"sku": "OIL", "name": "Oil", "quantity": 1, "price_minor": 500},
]
PARCEL = {
    "carrier": "DHL",
    "tracking_url": "https://t.example/1",
    "promised_on": "2026-05-08",
    "shipped_at": datetime(2026, 5, 6, 9, 0, tzinfo=UTC),
    "status": "in_transit",
}


SERUM = {
    "sku": "SERUM-30",
    "name": "Serum",
    "quantity": 2,
    "price_minor": 4900,
    "price": "49.00 USD",
    "total": "98.00 USD",
}
OIL = {
    "sku": "OIL",
    "name": "Oil",
    "quantity": 1,
    "price_minor": 500,
    "price": "5.00 USD",
    "total": "5.00 USD",
}


def test_a_customer_with_an_order_becomes_plain_values() -> None:
    context = make_context(customer=ADA, order=ORDER, lines=LINES, line=LINES[0])
    assert context == {
        "customer": {
            "id": "7",
            "first_name": "Ada",
            "last_name": "Lovelace",
            "name": "Ada Lovelace",
            "email": "ada@example.com",
            "tags": ["vip"],
            "traits": {"skin_type": "dry", "kids": 2, "note": "a\nb"},
            "orders": 0,
            "spent_minor": 21400,
            "spent": "214.00 USD",
        },
        "order": {
            "id": "5",
            "number": "#1001",
            "name": "#1001",
            "placed_on": "4 May 2026",
            "currency": "USD",
            "total_minor": 10300,
            "total": "103.00 USD",
            "is_first": False,
            "skus": ["SERUM-30", "OIL"],
            "lines": [SERUM, OIL],
        },
        "line": SERUM,
    }


def test_what_else_is_known_is_taken_by_name() -> None:
    assert make_context(
        shipment=PARCEL,
        shop=Brand(name="Fern & Fable", address="1 High Street\nLondon"),
        journey={"key": "serum", "name": "Serum", "secret": "x"},
        touchpoint={"key": "hello", "name": "Hello"},
        answer=9,
        event={"data": {"reason": "damaged"}},
        unsubscribe_url="https://px.example/u/1",
    ) == {
        "shipment": {
            "carrier": "DHL",
            "tracking_url": "https://t.example/1",
            "status": "in_transit",
            "promised_on": "8 May 2026",
            "shipped_on": "6 May 2026",
        },
        "shop": {
            "name": "Fern & Fable",
            "colour": "#0f766e",
            "address": "1 High Street\nLondon",
        },
        "journey": {"key": "serum", "name": "Serum"},
        "touchpoint": {"key": "hello", "name": "Hello"},
        "answer": 9,
        "event": {"data": {"reason": "damaged"}},
        "unsubscribe_url": "https://px.example/u/1",
    }


def test_nothing_is_known_of_nobody() -> None:
    assert make_context() == {}


def test_rows_serve_as_well_as_mappings() -> None:
    @dataclass
    class Row:
        first_name: str = "Ada"
        zone: str | None = None
        secret: str = "x"

    assert make_context(customer=Row()) == {"customer": {"first_name": "Ada", "name": "Ada"}}


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("America/New_York", "4 May 2026"),
        ("Europe/Berlin", "5 May 2026"),
        ("Nowhere/Land", "5 May 2026"),
    ],
)
def test_days_are_those_where_the_customer_lives(zone: str, day: str) -> None:
    assert make_context(order=ORDER, zone=zone)["order"]["placed_on"] == day


def test_a_day_without_a_time_is_the_same_everywhere() -> None:
    parcel = {"promised_on": date(2026, 5, 8)}
    assert make_context(shipment=parcel, zone="Asia/Tokyo")["shipment"] == {
        "promised_on": "8 May 2026"
    }


def test_money_has_the_digits_of_its_currency() -> None:
    order = {"currency": "JPY", "total_minor": 4900, "discount_minor": 0}
    assert make_context(order=order)["order"] == {
        "currency": "JPY",
        "total_minor": 4900,
        "total": "4,900 JPY",
        "discount": "0 JPY",
        "is_first": False,
    }


def test_a_name_stays_on_one_line_and_shows_nothing_unseen() -> None:
    hostile = {"first_name": "Ada\r\n\r\nBuy\u2028now\x00\u202e\ud800", "last_name": "x" * 1000}
    customer = make_context(customer=hostile)["customer"]
    assert customer["first_name"] == "Ada Buy now"
    assert customer["last_name"] == "x" * 300


class _Model:
    """Something with a password in it, as a settings object has."""

    smtp_password = "HUNTER2"

    def delete(self) -> str:
        return "deleted"


_ANYTHING = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=20),
        st.binary(max_size=5),
        st.datetimes(),
        st.just(_Model()),
        st.just(_Model),
        st.just(print),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
_FIELDS = sorted({v.path.split(".")[-1] for v in catalogue()} | {"unit_minor", "placed_at", "data"})


@settings(deadline=None)
@given(given=st.dictionaries(st.sampled_from(_FIELDS), _ANYTHING, max_size=6))
def test_whatever_comes_in_only_plain_values_come_out(given: dict[str, Any]) -> None:
    context = make_context(
        customer=given,
        order=given,
        line=given,
        shipment=given,
        event=given,
        answer=given.get("name"),
    )
    assert json.loads(json.dumps(context, allow_nan=False)) == context
    assert "HUNTER2" not in json.dumps(context)


def test_deep_and_endless_traits_are_cut() -> None:
    deep: dict[str, Any] = {}
    inner = deep
    for _ in range(5000):
        inner["a"] = {}
        inner = inner["a"]
    given = {"traits": {"deep": deep, "long": list(range(5000))}}
    traits = make_context(customer=given)["customer"]["traits"]
    assert traits["deep"] == {"a": {"a": {"a": None}}}
    assert len(traits["long"]) == 500


def test_a_day_that_no_clock_can_show_elsewhere_stays_as_it_was_written():
    parcel = {"promised_on": "0001-01-01T00:00:00+00:00"}
    made = make_context(shipment=parcel, zone="America/New_York")
    assert made["shipment"] == {"promised_on": "0001-01-01T00:00:00+00:00"}
