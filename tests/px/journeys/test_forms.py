"""What the boxes of a form show and write."""

from typing import Any

import pytest

from px.journeys.forms import (
    AnchorBoxes,
    ConditionBoxes,
    LengthBoxes,
    Row,
    anchor_boxes,
    anchor_part,
    clock_part,
    condition_boxes,
    condition_part,
    field_name,
    kept,
    length_boxes,
    length_part,
    reaction_boxes,
    reaction_parts,
    typed_value,
    weights_part,
    weights_rows,
    window_part,
    yaml_problem,
)


@pytest.mark.parametrize(
    ("written", "boxes"),
    [
        ("0", LengthBoxes(0, "d")),
        ("3d", LengthBoxes(3, "d")),
        ("30m", LengthBoxes(30, "m")),
        ("2w", LengthBoxes(2, "w")),
        ("-5d", LengthBoxes(5, "d", before=True)),
        ("1w2d3h", LengthBoxes(0, "other", "1w2d3h")),
        ("-1d12h", LengthBoxes(0, "other", "1d12h", before=True)),
    ],
)
def test_a_length_goes_into_its_boxes_and_comes_back(written: str, boxes: LengthBoxes) -> None:
    assert length_boxes(written) == boxes
    assert length_part(boxes) == written


@pytest.mark.parametrize(
    ("typed", "written"),
    [("9:15", "09:15"), ("09.15", "09:15"), ("9", "09:00"), (" ", None), (None, None)],
)
def test_a_time_of_day_may_be_typed_the_short_way(typed: str | None, written: str | None) -> None:
    assert clock_part(typed) == written


def test_what_is_no_time_of_day_is_kept_so_that_it_can_be_refused_in_words() -> None:
    assert clock_part("noon") == "noon"


@pytest.mark.parametrize(
    "anchor",
    ["delivered", "milestone:first_use", "sent:how-to-start", "date:customer.traits.birthday"],
)
def test_an_anchor_goes_into_its_boxes_and_comes_back(anchor: str) -> None:
    assert anchor_part(anchor_boxes(anchor)) == anchor


def test_a_milestone_is_an_event_like_any_other() -> None:
    assert anchor_boxes("milestone:first_use") == AnchorBoxes("event", "milestone:first_use")


def test_a_window_with_nothing_in_it_is_none() -> None:
    assert window_part("", None, []) is None
    assert window_part("9", "", ["mon"]) == {"from": "09:00", "days": ["mon"]}


def test_one_text_is_a_message_and_several_are_variants() -> None:
    assert weights_part([("first-use", 1)]) == {"message": "first-use", "variants": None}
    assert weights_part([("a", 1), ("b", 3)]) == {
        "message": None,
        "variants": [{"weight": 1, "message": "a"}, {"weight": 3, "message": "b"}],
    }
    assert weights_rows({"variants": [{"weight": 2, "message": "a"}]}) == [("a", 2)]
    assert weights_rows({}) == [("", 1)]


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
]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_goes_into_its_boxes_and_comes_back(condition: Any) -> None:
    assert condition_part(condition_boxes(condition)) == condition


def test_a_condition_that_no_row_can_say_is_a_row_of_yaml() -> None:
    boxes = condition_boxes({"all": [{"did": "delivered"}, {"not": {"did": "shipped"}}]})
    assert boxes.rows[1] == Row("yaml", "", "not:\n  did: shipped")


def test_no_rows_are_no_condition() -> None:
    assert condition_boxes(None) == ConditionBoxes()
    assert condition_part(ConditionBoxes()) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("not: {did: shipped}", None),
        ("not: {did: eaten}", "not.did 'eaten' is not an event kind"),
        ("a: [", "line 1"),
        ("just words", "'just words' is not a condition"),
    ],
)
def test_a_nested_condition_is_checked_where_it_is_typed(text: str, said: str | None) -> None:
    problem = yaml_problem(text)
    assert problem == said if said is None else said in str(problem)


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


@pytest.mark.parametrize(
    "do",
    [
        ["open_feedback", {"hold": True}],
        [{"enrol": "review-request"}, {"award": 50}],
        ["open_feedback"],
    ],
)
def test_what_an_answer_does_goes_into_its_boxes_and_comes_back(do: list[Any]) -> None:
    assert reaction_parts(*reaction_boxes(do)) == do
