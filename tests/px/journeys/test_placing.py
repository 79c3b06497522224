"""Places on the timeline: read, moved to, added at; the words of the format stay what they were."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from px.journeys import editing
from px.journeys.drawing.placing import (
    DAY,
    CannotMove,
    added_at,
    length_text,
    minutes_of,
    phase_at,
    placed,
    why_not,
)


def point(key: str, anchor: str = "delivered", after: str = "1d", **more: Any) -> dict[str, Any]:
    return {"key": key, "anchor": anchor, "after": after, "channels": ["email"], **more}


def journey(*points: dict[str, Any]) -> dict[str, Any]:
    return {"format": 1, "journey": "j", "name": "J", "touchpoints": list(points)}


def only(data: dict[str, Any]) -> dict[str, Any]:
    return editing.points_of(data)[0]


@pytest.mark.parametrize(
    ("after", "at", "minutes"),
    [
        ("0", None, 0),
        (0, None, 0),
        ("30m", None, 30),
        ("1w2d3h", None, 9 * DAY + 180),
        ("3d", "09:15", 3 * DAY + 555),
        ("0", "09:15", 555),
        # Two hours later 01:00 has passed: the next day, as rule 3 of the format says.
        ("2h", "01:00", DAY + 60),
        ("36h", "09:00", DAY + 540),
        ("-5d", "09:00", -5 * DAY + 540),
        ("-1h", "10:00", 600),
        ("-5d12h", None, -5 * DAY - 720),
        ("soon", None, 0),
        (None, "25:00", 0),
    ],
)
def test_a_place_is_read_as_the_plan_counts_it(after: Any, at: Any, minutes: int) -> None:
    assert minutes_of({"after": after, "at": at, "anchor": "delivered"}) == minutes


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "0"), (30, "30m"), (150, "2h30m"), (9 * DAY, "9d"), (-5 * DAY - 720, "-5d12h")],
)
def test_lengths_are_written_shortly(minutes: int, text: str) -> None:
    assert length_text(minutes) == text


def test_another_day_keeps_the_time_of_day_the_repeat_and_what_hangs_on_it() -> None:
    repeat, ask = {"every": "30d", "times": 3}, {"question": "skin"}
    data = journey(
        point("a", at="09:15", repeat=repeat, ask=ask, phase="usage"), point("b", "answered:a")
    )
    moved = placed(data, "a", anchor="delivered", minutes=4 * DAY + 555)
    assert only(moved) == {**only(data), "after": "4d"}
    assert moved["touchpoints"][1] == data["touchpoints"][1]
    assert only(data)["after"] == "1d"


def test_a_whole_day_keeps_the_time_of_day_another_hour_changes_it() -> None:
    data = journey(point("a", at="09:15"))
    assert only(placed(data, "a", anchor="delivered", minutes=4 * DAY))["at"] == "09:15"
    hour = only(placed(data, "a", anchor="delivered", minutes=DAY + 630))
    assert (hour["after"], hour["at"]) == ("1d", "10:30")


def test_standing_still_changes_no_word() -> None:
    data = journey(point("a", after="1w"))
    assert placed(data, "a", anchor="delivered", minutes=7 * DAY) is data


def test_another_anchor_resets_nothing_else() -> None:
    data = journey(point("a", at="09:15", phase="usage", purpose="marketing"))
    moved = placed(data, "a", anchor="shipped", minutes=DAY + 555)
    assert only(moved) == {**only(data), "anchor": "shipped"}


def test_only_before_a_date_is_it_earlier() -> None:
    data = journey(point("a", at="09:15"))
    before = placed(data, "a", anchor="date:subscription.renews_on", minutes=-3 * DAY + 555)
    assert only(before)["after"] == "-3d"
    assert only(placed(before, "a", anchor="delivered", minutes=-3 * DAY))["after"] == "0"


def test_what_cannot_be_counted_from_is_said() -> None:
    data = journey(
        point("a", name="Skin", ask={"question": "skin"}),
        point("b", "answered:a", name="Thanks"),
        point("c", "sent:b", name="More"),
    )
    said = {
        "sent:a": "“Skin” cannot count from itself.",
        "sent:b": "“Thanks” counts from “Skin”, so it cannot be the other way round.",
        "opened:c": "“More” counts from “Skin”, so it cannot be the other way round.",
        "sent:gone": "The touchpoint it would count from is gone.",
        "": "There is nothing there to count from.",
    }
    for anchor, sentence in said.items():
        with pytest.raises(CannotMove, match=sentence):
            placed(data, "a", anchor=anchor, minutes=0)
    assert why_not(data, "c", "answered:b") == (
        "“Thanks” asks no question, so nothing can count from its answer."
    )
    assert why_not(data, "c", "unanswered:a") is None
    with pytest.raises(CannotMove, match="no longer there"):
        placed(data, "z", anchor="delivered", minutes=0)


def test_anchors_that_go_in_a_circle_already_can_be_mended() -> None:
    data = journey(point("a", "sent:b"), point("b", "sent:a"), point("c"))
    assert why_not(data, "c", "sent:a") is None
    assert only(placed(data, "a", anchor="delivered", minutes=0))["anchor"] == "delivered"


def test_a_new_one_stands_where_it_was_wanted() -> None:
    data = journey(point("a", phase="unboxing"), point("b", after="9d", phase="care"))
    data, key = added_at(data, anchor="delivered", minutes=5 * DAY)
    new = next(p for p in data["touchpoints"] if p["key"] == key)
    assert [p["key"] for p in data["touchpoints"]] == ["a", "message", "b"]
    assert new == {
        "key": "message",
        "name": "New message",
        "phase": "unboxing",
        "purpose": "marketing",
        "anchor": "delivered",
        "after": "5d",
        "channels": ["email"],
    }
    data, key = added_at(
        data, anchor="delivered", minutes=2 * DAY + 600, channel="sms", phase="usage"
    )
    new = next(p for p in data["touchpoints"] if p["key"] == key)
    assert (new["after"], new["at"], new["channels"], new["phase"]) == (
        *("2d", "10:00", ["sms"]),
        "usage",
    )


def test_a_new_one_has_the_phase_of_its_neighbour() -> None:
    data = journey(point("a", after="2d", phase="unboxing"), point("b", after="9d", phase="care"))
    assert phase_at(data, "delivered", 3 * DAY) == "unboxing"
    assert phase_at(data, "delivered", 9 * DAY) == "care"
    assert phase_at(data, "delivered", 0) == "unboxing"
    assert phase_at(data, "shipped", 0) is None


ANCHORS = st.sampled_from(["delivered", "shipped", "date:subscription.renews_on", "sent:b"])
CLOCKS = st.none() | st.integers(0, DAY - 1).map(lambda m: f"{m // 60:02d}:{m % 60:02d}")


@given(anchor=ANCHORS, at=CLOCKS, minutes=st.integers(-400 * DAY, 4000 * DAY))
def test_what_is_placed_stands_there(anchor: str, at: str | None, minutes: int) -> None:
    data = journey(point("a", **({"at": at} if at else {})), point("b"))
    moved = only(placed(data, "a", anchor=anchor, minutes=minutes))
    stands = minutes_of(moved)
    wanted = minutes if anchor.startswith("date:") else max(minutes, 0)
    wanted = min(wanted, 3659 * DAY)
    if at and wanted % DAY == 0:
        assert (stands // DAY, moved["at"]) == (wanted // DAY, at)
    else:
        assert stands == wanted
    assert moved["anchor"] == anchor
    again = placed(journey(moved, point("b")), "a", anchor=anchor, minutes=stands)
    assert only(again) == moved


@given(anchor=ANCHORS, minutes=st.integers(-400 * DAY, 4000 * DAY))
def test_what_is_added_stands_there(anchor: str, minutes: int) -> None:
    data, key = added_at(journey(point("b")), anchor=anchor, minutes=minutes)
    new = next(p for p in data["touchpoints"] if p["key"] == key)
    wanted = minutes if anchor.startswith("date:") else max(minutes, 0)
    assert minutes_of(new) == min(wanted, 3659 * DAY)
    assert (
        editing.problems_of(
            {
                **data,
                "enter": {"on": "order_placed"},
                "touchpoints": [{**p, "message": "m"} for p in data["touchpoints"]],
            }
        )
        == editing.Problems()
    )
