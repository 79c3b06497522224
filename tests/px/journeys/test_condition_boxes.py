"""A condition goes into boxes and comes back as it was; every condition of the format fits."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from px.customers.condition_check import check_condition
from px.customers.conditions import compile_condition
from px.journeys.drawing.condition_boxes import (
    Group,
    Row,
    condition_boxes,
    condition_part,
    field_name,
    field_options,
    typed_value,
)
from px.journeys.drawing.forms import kept
from px.journeys.words import condition_words

CONDITIONS: list[Any] = [
    {"field": "order.skus", "op": "contains", "value": "SERUM-30"},
    {"field": "customer.orders", "op": "gte", "value": 2},
    {"field": "order.is_first", "op": "eq", "value": True},
    {"field": "customer.country", "op": "in", "value": ["DE", "AT"]},
    {"field": "customer.traits.skin_type", "op": "exists"},
    {"field": "customer.traits.seen_on", "op": "within_last", "value": "30d"},
    {"did": "order_placed"},
    {"did": "order_placed", "within": "30d", "times": 2},
    {"any": [{"did": "delivered"}, {"field": "answer", "op": "lte", "value": 6}]},
    {"all": [{"did": "delivered"}, {"not": {"did": "shipped"}}]},
    {"not": {"field": "answer", "op": "eq", "value": 7}},
    {"not": {"any": [{"did": "delivered"}, {"field": "answer", "op": "exists"}]}},
    {"not": {"all": [{"did": "delivered"}, {"did": "shipped"}]}},
    {"not": {"not": {"did": "shipped"}}},
    {
        "all": [
            {"any": [{"did": "shipped"}, {"not": {"all": [{"did": "a"}, {"did": "b"}]}}]},
            {"field": "customer.tags", "op": "contains", "value": "vip"},
        ]
    },
]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_goes_into_its_boxes_and_comes_back(condition: Any) -> None:
    assert condition_part(condition_boxes(condition)) == condition


def test_no_rows_are_no_condition() -> None:
    assert condition_boxes(None) == Group()
    assert condition_part(Group()) is None


@pytest.mark.parametrize(
    ("text", "field", "op", "value"),
    [
        ("2", "customer.orders", "gte", 2),
        ("2.5", "answer", "gte", 2.5),
        ("two", "customer.orders", "gte", "two"),
        ("30", "customer.traits.size", "eq", "30"),
        ("DE, AT ,", "customer.country", "in", ["DE", "AT"]),
        ("true", "order.is_first", "eq", True),
        ("30d", "customer.traits.seen_on", "within_last", "30d"),
    ],
)
def test_a_value_is_written_in_the_kind_of_its_field(
    text: str, field: str, op: str, value: object
) -> None:
    assert typed_value(text, field, op) == value


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ("order.skus", "order.skus"),
        ("event.data.carrier", "event.data.carrier"),
        ("Skin type", "customer.traits.skin_type"),
        ("customer.traits.birthday", "customer.traits.birthday"),
    ],
)
def test_a_word_that_is_no_field_is_a_trait_of_the_customer(typed: str, field: str) -> None:
    assert field_name(typed) == field


def test_what_nobody_touched_stays_word_for_word() -> None:
    written = {"any": [{"did": "delivered"}]}
    boxes = condition_boxes(written)
    assert kept(written, boxes, boxes, condition_part) is written


def test_a_deed_that_did_not_happen_is_a_row_and_not_a_group() -> None:
    boxes = condition_boxes({"all": [{"did": "delivered"}, {"not": {"did": "shipped"}}]})
    assert boxes.parts[1] == Row("did", "", "shipped", negated=True)


def test_what_is_not_so_is_a_group_of_which_none_is_so() -> None:
    inside = {"field": "answer", "op": "eq", "value": 7}
    assert condition_boxes({"not": inside}) == Group("none", (Row("answer", "eq", "7"),))


def test_a_group_that_lost_all_but_one_part_says_the_same() -> None:
    assert condition_part(Group("all", (Group("any", (Row("answer", "eq", "7"),)),))) == {
        "any": [{"field": "answer", "op": "eq", "value": 7}]
    }


def test_the_fields_begin_with_what_happened_and_the_traits_in_use() -> None:
    options = field_options(["customer.traits.skin_type", "answer"])
    assert options[:2] == ["did", "customer.traits.skin_type"]
    assert len(options) == len(set(options))


ROWS = st.one_of(
    st.builds(
        lambda field, value: {"field": field, "op": "eq", "value": value},
        st.sampled_from(["answer", "customer.country", "customer.traits.size"]),
        st.sampled_from(["DE", "large"]),
    ),
    st.sampled_from(
        [
            {"did": "order_placed", "within": "90d", "times": 2},
            {"field": "customer.traits.size", "op": "missing"},
            {"field": "answer", "op": "gte", "value": 9},
        ]
    ),
)
CONDITION_TREES = st.recursive(
    ROWS,
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=2, max_size=4)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=4)),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=12,
)


class Somebody:
    """A customer of whom conditions are asked."""

    now = datetime(2026, 5, 4, 12, tzinfo=UTC)

    def __init__(self, fields: dict[str, Any], bought: int) -> None:
        self.fields, self.bought = fields, bought

    def field(self, name: str) -> Any:
        return self.fields.get(name)

    def happened(self, kind: str) -> list[datetime]:
        return [self.now - timedelta(days=5)] * (self.bought if kind == "order_placed" else 0)


PEOPLE = [
    Somebody({"answer": answer, "customer.country": country, "customer.traits.size": size}, bought)
    for answer, country, size, bought in [
        (9, "DE", "large", 2),
        (3, "DE", None, 1),
        (None, "NL", "DE", 3),
        ("large", None, "small", 0),
    ]
]


@given(CONDITION_TREES)
@settings(deadline=None)
def test_every_condition_fits_into_boxes_and_means_the_same_when_it_comes_back(raw: Any) -> None:
    written = condition_part(condition_boxes(raw))
    assert check_condition(written) == []
    before, after = compile_condition(raw), compile_condition(written)
    assert [before(one) for one in PEOPLE] == [after(one) for one in PEOPLE]
    assert condition_words(written)
    assert kept(raw, condition_boxes(raw), condition_boxes(raw), condition_part) is raw
