"""Conditions: what each comparison means, and what is said about one that is not valid."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from px.customers.condition_check import check_condition
from px.customers.conditions import (
    compile_condition,
    kinds_asked,
)

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


class Ada:
    """Ada, as conditions see her."""

    now = NOW
    known: dict[str, Any] = {  # noqa: RUF012
        "customer.country": "DE",
        "customer.tags": ["VIP", "newsletter"],
        "customer.orders": 3,
        "customer.traits.points": "12",
        "customer.traits.since": "2026-04-30",
        "customer.traits.empty": "",
        "order.is_first": True,
        "order.skus": ["SERUM-30"],
    }

    def field(self, name: str) -> Any:
        return self.known.get(name)

    def happened(self, kind: str) -> Sequence[datetime]:
        days = {"order_placed": (40, 20, 2)}.get(kind, ())
        return [NOW - timedelta(days=n) for n in days]


def ask(raw: dict[str, Any]) -> bool:
    assert check_condition(raw) == []
    return compile_condition(raw)(Ada())


@pytest.mark.parametrize(
    ("field", "op", "value", "expected"),
    [
        ("customer.country", "eq", "de", True),
        ("customer.country", "ne", "DE", False),
        ("customer.country", "in", ["at", "de"], True),
        ("customer.country", "not_in", ["at"], True),
        ("customer.country", "starts_with", "d", True),
        ("customer.orders", "eq", "3", True),
        ("customer.orders", "gte", 3, True),
        ("customer.orders", "gt", 3, False),
        ("customer.orders", "lt", "10", True),
        ("customer.traits.points", "lt", 9, False),
        ("customer.traits.points", "gt", "9", True),
        ("customer.tags", "contains", "vip", True),
        ("customer.tags", "contains", "vi", False),
        ("customer.country", "contains", "e", True),
        ("customer.tags", "not_contains", "vip", False),
        ("order.is_first", "eq", True, True),
        ("order.is_first", "eq", "true", True),
        ("customer.traits.since", "before", "2026-05-01", True),
        ("customer.traits.since", "after", "2026-04-29T23:59:00Z", True),
        ("customer.traits.since", "within_last", "7d", True),
        ("customer.traits.since", "within_last", "3d", False),
        ("customer.country", "exists", None, True),
        ("customer.traits.empty", "exists", None, False),
        ("customer.traits.empty", "missing", None, True),
    ],
)
def test_each_comparison_means_what_it_says(field, op, value, expected):
    raw = {"field": field, "op": op} | ({} if value is None else {"value": value})
    assert ask(raw) is expected


@pytest.mark.parametrize(
    ("op", "value", "expected"),
    [
        ("eq", "x", False),
        ("gt", 1, False),
        ("lt", 1, False),
        ("contains", "x", False),
        ("in", ["x"], False),
        ("before", "2030-01-01", False),
        ("ne", "x", True),
        ("not_in", ["x"], True),
        ("not_contains", "x", True),
    ],
)
def test_a_missing_field_makes_every_comparison_false_but_the_negative_ones(op, value, expected):
    assert ask({"field": "customer.traits.nothing", "op": op, "value": value}) is expected


def test_conditions_combine():
    vip = {"field": "customer.tags", "op": "contains", "value": "VIP"}
    french = {"field": "customer.country", "op": "eq", "value": "FR"}
    assert ask({"all": [vip, {"not": french}]})
    assert ask({"any": [french, vip]})
    assert not ask({"all": [vip, french]})


@pytest.mark.parametrize(
    ("did", "expected"),
    [
        ({"did": "order_placed"}, True),
        ({"did": "order_placed", "times": 3}, True),
        ({"did": "order_placed", "times": 4}, False),
        ({"did": "order_placed", "within": "30d", "times": 2}, True),
        ({"did": "order_placed", "within": "1d"}, False),
        ({"did": "milestone:first_use"}, False),
    ],
)
def test_what_a_customer_did_can_be_counted(did, expected):
    assert ask(did) is expected


@pytest.mark.parametrize(
    ("raw", "path", "said"),
    [
        ({"field": "customer.shoe", "op": "eq", "value": 1}, "field", "is not a field"),
        ({"field": "customer.id", "op": "is", "value": 1}, "op", "is not a comparison"),
        ({"field": "customer.id", "op": "eq"}, "value", "eq needs a value"),
        ({"field": "customer.id", "op": "in", "value": "a"}, "value", "needs a list"),
        ({"field": "customer.id", "op": "exists", "value": 3}, "value", "takes no value"),
        (
            {"field": "customer.id", "op": "within_last", "value": "soon"},
            "value",
            "not a length of time",
        ),
        ({"field": "customer.id", "op": "before", "value": "soon"}, "value", "not a date"),
        ({"all": []}, "all", "at least one condition"),
        ({"all": [{"did": "nap"}]}, "all[0].did", "is not an event kind"),
        ({"did": "shipped", "times": 0}, "times", "at least 1"),
        ({"field": "customer.id", "op": "eq", "value": 1, "x": 1}, "", "unknown key x"),
        ("customer", "", "is not a condition"),
        ({}, "", "has the keys none"),
    ],
)
def test_a_condition_that_is_not_valid_is_explained(raw, path, said):
    problems = check_condition(raw)
    assert problems[0].path == path
    assert said in problems[0].message


def test_conditions_nested_without_end_are_refused():
    raw: dict[str, Any] = {"did": "shipped"}
    for _ in range(500):
        raw = {"not": raw}
    assert "nested more than 20 deep" in check_condition(raw)[0].message


def test_the_events_that_a_condition_counts_are_known_beforehand():
    serum = {"field": "order.skus", "op": "contains", "value": "SERUM"}
    assert kinds_asked({"all": [serum, {"not": {"did": "delivered", "within": "30d"}}]}) == {
        "delivered"
    }
