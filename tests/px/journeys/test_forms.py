"""What the boxes of a form show and write."""

from typing import Any

import pytest

from px.journeys.drawing.forms import (
    AnchorBoxes,
    LengthBoxes,
    anchor_boxes,
    anchor_part,
    clock_part,
    length_boxes,
    length_part,
    reaction_boxes,
    reaction_parts,
    weights_part,
    weights_rows,
    window_part,
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
