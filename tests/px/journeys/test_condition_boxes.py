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
    refusal,
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


TOTAL, SPENT = "order.total_minor", "customer.spent_minor"


@pytest.mark.parametrize(
    ("currency", "value", "shown"),
    [
        ("EUR", 5000, "50.00"),
        ("EUR", 123456, "1234.56"),
        ("EUR", -5, "-0.05"),
        ("EUR", 0, "0.00"),
        ("JPY", 5000, "5000"),
        ("KWD", 5000, "5.000"),
        ("", 5000, "50.00"),
    ],
)
def test_the_box_of_an_amount_shows_it_in_the_shops_currency(
    currency: str, value: int, shown: str
) -> None:
    condition = {"field": TOTAL, "op": "gte", "value": value}
    boxes = condition_boxes(condition, currency)
    assert boxes == Group("all", (Row(TOTAL, "gte", shown),))
    assert condition_part(boxes, currency) == condition


@pytest.mark.parametrize(
    ("currency", "typed", "value"),
    [
        ("EUR", "50", 5000),
        ("EUR", "50.", 5000),
        ("EUR", " 50.5 ", 5050),
        ("EUR", "50.00", 5000),
        ("JPY", "5000", 5000),
        ("KWD", "1.25", 1250),
    ],
)
def test_an_amount_is_typed_in_the_shops_currency_and_written_in_minor_units(
    currency: str, typed: str, value: int
) -> None:
    row = Row(SPENT, "lt", typed)
    assert condition_part(Group("all", (row,)), currency) == {
        "field": SPENT,
        "op": "lt",
        "value": value,
    }
    assert refusal(row, currency) == ""


def test_one_of_several_amounts_is_a_list_of_amounts() -> None:
    condition = {"field": TOTAL, "op": "in", "value": [5000, 7050]}
    boxes = condition_boxes(condition, "EUR")
    assert boxes == Group("all", (Row(TOTAL, "in", "50.00, 70.50"),))
    assert condition_part(boxes, "EUR") == condition


@pytest.mark.parametrize(
    ("currency", "op", "typed", "why"),
    [
        ("EUR", "gte", "fifty", "“fifty” is not an amount; write it as 50.00."),
        ("EUR", "gte", "50,00", "“50,00” is not an amount; write it as 50.00."),
        ("EUR", "gte", "1,250", "“1,250” is not an amount; write it as 50.00."),
        ("EUR", "gte", "50 EUR", "“50 EUR” is not an amount; write it as 50.00."),
        ("EUR", "gte", "\u0665\u0660", "“\u0665\u0660” is not an amount; write it as 50.00."),
        ("EUR", "gte", "1e3", "“1e3” is not an amount; write it as 50.00."),
        ("EUR", "gte", "nan", "“nan” is not an amount; write it as 50.00."),
        ("EUR", "gte", "true", "“true” is not an amount; write it as 50.00."),
        ("EUR", "gte", "9" * 400, f"“{'9' * 400}” is not an amount; write it as 50.00."),
        ("EUR", "gte", "50.005",
         "“50.005” has too many digits after the point; write it as 50.00."),
        ("JPY", "gte", "50.5", "“50.5” has too many digits after the point; write it as 5000."),
        ("KWD", "gte", "1.2345",
         "“1.2345” has too many digits after the point; write it as 5.000."),
        ("EUR", "in", "50, many", "“many” is not an amount; write it as 50.00."),
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused_in_words_and_leaves_the_condition_without_a_value(
    currency: str, op: str, typed: str, why: str
) -> None:
    row = Row(TOTAL, op, typed)
    assert refusal(row, currency) == why
    written = condition_part(Group("all", (row,)), currency)
    assert written == {"field": TOTAL, "op": op, "value": None}
    assert check_condition(written) != []


@pytest.mark.parametrize("value", [5000.5, "5000.5", 10**18, "a lot", "1e999999", float("nan")])
def test_an_amount_that_the_currency_does_not_have_is_never_taken_for_another(value: Any) -> None:
    condition = {"field": TOTAL, "op": "gte", "value": value}
    for currency in ("EUR", "JPY", "KWD", ""):
        boxes = condition_boxes(condition, currency)
        assert refusal(boxes.parts[0], currency) != ""
        assert kept(condition, boxes, boxes, condition_part) is condition


def test_no_amount_yet_is_not_refused() -> None:
    assert refusal(Row(TOTAL, "gte", ""), "EUR") == ""
    assert refusal(Row(TOTAL, "exists", ""), "EUR") == ""
    assert refusal(Row("customer.orders", "gte", "two"), "EUR") == ""


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
    st.builds(
        lambda field, op, value: {"field": field, "op": op, "value": value},
        st.sampled_from(["order.total_minor", "customer.spent_minor"]),
        st.sampled_from(["eq", "ne", "gt", "gte", "lt", "lte", "contains"]),
        st.one_of(
            st.integers(-(10**17), 10**17),
            st.integers(0, 20000),
            st.integers(0, 20000).map(str),
            st.integers(0, 20000).map(float),
        ),
    ),
    st.builds(
        lambda op, values: {"field": "order.total_minor", "op": op, "value": values},
        st.sampled_from(["in", "not_in"]),
        st.lists(st.integers(0, 20000), min_size=1, max_size=3),
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
    Somebody(
        {
            "answer": answer,
            "customer.country": country,
            "customer.traits.size": size,
            "order.total_minor": total,
            "customer.spent_minor": spent,
        },
        bought,
    )
    for answer, country, size, total, spent, bought in [
        (9, "DE", "large", 5000, 10000, 2),
        (3, "DE", None, 50, 5000, 1),
        (None, "NL", "DE", 0, 19999, 3),
        ("large", None, "small", None, 0, 0),
    ]
]
CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD", ""])


@given(CONDITION_TREES, CURRENCIES)
@settings(deadline=None)
def test_every_condition_fits_into_boxes_and_means_the_same_when_it_comes_back(
    raw: Any, currency: str
) -> None:
    written = condition_part(condition_boxes(raw, currency), currency)
    assert check_condition(written) == []
    before, after = compile_condition(raw), compile_condition(written)
    assert [before(one) for one in PEOPLE] == [after(one) for one in PEOPLE]
    assert condition_words(written, currency)
    assert kept(raw, condition_boxes(raw), condition_boxes(raw), condition_part) is raw


@given(st.sampled_from([TOTAL, SPENT]), st.integers(-(10**18) + 1, 10**18 - 1), CURRENCIES)
def test_every_amount_comes_back_from_its_box_to_the_last_digit(
    field: str, value: int, currency: str
) -> None:
    raw = {"field": field, "op": "gte", "value": value}
    assert condition_part(condition_boxes(raw, currency), currency) == raw
