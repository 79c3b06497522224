"""What is called impossible is impossible: no value of a field meets such a condition."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from px.customers.conditions import compile_condition
from px.journeys.drawing.contradictions import exclude, why_never
from tests.px.journeys.test_warnings import field

NUMBERS = st.integers(0, 6)
COMPARISON = st.one_of(
    st.builds(
        field, st.just("answer"), st.sampled_from(["eq", "ne", "gt", "gte", "lt", "lte"]), NUMBERS
    ),
    st.builds(field, st.just("answer"), st.just("in"), st.lists(NUMBERS, min_size=1, max_size=3)),
    st.builds(field, st.just("answer"), st.sampled_from(["exists", "missing"])),
)


class Answered:
    """Facts of which only the answer is known."""

    def __init__(self, value: Any) -> None:
        self.value, self.now = value, None

    def field(self, _name: str) -> Any:
        return self.value

    def happened(self, _kind: str) -> list[Any]:
        return []


@given(st.lists(COMPARISON, min_size=1, max_size=3))
def test_no_answer_meets_what_is_called_impossible(parts: list[dict[str, Any]]) -> None:
    if why_never({"all": parts}, lambda _field: None):
        ask = compile_condition({"all": parts})
        assert [v for v in [None, *range(-1, 8), 2.5] if ask(Answered(v))] == []  # type: ignore[arg-type]


@given(COMPARISON, COMPARISON)
def test_conditions_exclude_each_other_both_ways(one: Any, other: Any) -> None:
    assert exclude(one, other) == exclude(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (field("answer", "lte", 6), field("answer", "gte", 9)),
        (field("answer", "eq", "yes"), field("answer", "ne", "Yes")),
        (field("answer", "eq", "5"), field("answer", "lt", 5)),
        (field("answer", "exists"), field("answer", "missing")),
        (field("order.tags", "contains", "gift"), field("order.tags", "not_contains", "Gift")),
    ],
)
def test_these_exclude_each_other(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert exclude(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (field("answer", "lte", 6), field("answer", "gte", 6)),
        (field("order.skus", "contains", "A"), field("order.skus", "contains", "B")),
        (field("answer", "eq", "yes"), field("customer.country", "eq", "NL")),
        (field("answer", "ne", 1), field("answer", "ne", 2)),
    ],
)
def test_these_do_not(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert not exclude(one, other)


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (
            field("customer.orders", "gte", "two"),
            "number of orders is a number, and “two” is none",
        ),
        (
            field("line.quantity", "in", ["one", "two"]),
            "item's quantity is a number, and “one” is none",
        ),
        (field("customer.orders", "gte", "2"), None),
        (field("customer.orders", "lte", "two"), None),
        (field("customer.tier", "eq", "gold"), None),
    ],
)
def test_a_number_is_never_a_word(condition: dict[str, Any], said: str | None) -> None:
    assert why_never(condition, lambda _name: None) == said


def test_one_way_is_enough_where_any_will_do() -> None:
    ways = {"any": [field("line.sku", "eq", "A"), field("answer", "eq", 1)]}
    assert why_never(ways, lambda name: "no items" if name == "line.sku" else None) is None
    assert why_never(ways, lambda _name: "nothing is known") == "nothing is known"
