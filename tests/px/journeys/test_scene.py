"""What the timeline draws of a journey, finished or not."""

import json
from datetime import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from px.journeys import editing
from px.journeys.drawing.placing import DAY, placed
from px.journeys.drawing.scene import scene_of
from px.journeys.drawing.warnings import JourneyWarning


def point(key: str, anchor: str = "delivered", after: str = "1d", **more: Any) -> dict[str, Any]:
    return {"key": key, "anchor": anchor, "after": after, "message": "text", **more}


def journey(*points: dict[str, Any], **more: Any) -> dict[str, Any]:
    start = {"format": 1, "journey": "j", "name": "Serum", "enter": {"on": "order_placed"}}
    return {**start, "touchpoints": list(points), **more}


def scene(data: dict[str, Any], **more: Any) -> dict[str, Any]:
    return scene_of(data, problems=editing.problems_of(data), **more)


def card(drawn: dict[str, Any], key: str) -> dict[str, Any]:
    return next(one for one in drawn["cards"] if one["key"] == key)


def lanes(data: dict[str, Any]) -> list[tuple[str, int]]:
    return [(lane["anchor"], lane["depth"]) for lane in scene(data)["lanes"]]


def test_a_card_for_large_orders_says_the_amount_in_the_shops_currency() -> None:
    large = {"field": "order.total_minor", "op": "gte", "value": 5000}
    drawn = scene(journey(point("thanks", **{"if": large})), currency="EUR")
    assert card(drawn, "thanks")["condition"] == "if order total is at least 50.00 EUR"
    assert "if order total is at least 50.00 EUR" in card(drawn, "thanks")["spoken"]


def test_lanes_go_as_owning_goes_and_what_follows_stands_below() -> None:
    data = journey(
        point("late", "shipment_delayed"),
        point("renew", "date:subscription.renews_on", "-5d"),
        point("nudge", "unanswered:ask"),
        point("thanks", "answered:ask", ask={"question": "more"}),
        point("deep", "sent:thanks"),
        point("ask", ask={"question": "skin-type"}),
        point("hello", "order_placed"),
        point("way", "shipped"),
    )
    assert lanes(data) == [
        ("order_placed", 0),
        ("shipped", 0),
        ("delivered", 0),
        ("answered:ask", 1),
        ("sent:thanks", 2),
        ("unanswered:ask", 1),
        ("date:subscription.renews_on", 0),
        ("shipment_delayed", 0),
    ]


def test_the_usual_lanes_stand_there_before_anything_does() -> None:
    assert lanes(journey()) == [("order_placed", 0), ("shipped", 0), ("delivered", 0)]
    assert lanes(journey(per="subscription", enter={"on": "subscription_started"})) == [
        ("subscription_started", 0),
        ("date:subscription.renews_on", 0),
    ]
    assert lanes(journey(per="customer", enter={"on": "review_posted"})) == [("review_posted", 0)]


def test_lanes_in_a_circle_or_of_something_gone_are_drawn_all_the_same() -> None:
    data = journey(point("a", "sent:b"), point("b", "sent:a"), point("c", "sent:gone"))
    drawn = scene(data)
    assert {"sent:a", "sent:b", "sent:gone"} <= {lane["anchor"] for lane in drawn["lanes"]}
    gone = next(lane for lane in drawn["lanes"] if lane["anchor"] == "sent:gone")
    assert gone["of"] == "a touchpoint that is gone"


def test_lanes_have_the_words_of_a_shop_owner() -> None:
    data = journey(
        point("ask", name="Your skin", ask={"question": "skin-type"}),
        point("a", "unanswered:ask"),
        point("b", "date:customer.traits.birthday"),
        point("c", "milestone:first_use"),
    )
    words = [(lane["word"], lane["of"]) for lane in scene(data)["lanes"]]
    assert words == [
        ("Order placed", ""),
        ("Shipped", ""),
        ("Delivered", ""),
        ("Without an answer", "Your skin"),
        ("Birthday", ""),
        ("Milestone: first use", ""),
    ]


@pytest.mark.parametrize(
    ("anchor", "after", "at", "when"),
    [
        ("delivered", "0", None, "At once"),
        ("delivered", "30m", None, "30 minutes after"),
        ("delivered", "3d", None, "Day 3"),
        ("delivered", "3d", "09:15", "Day 3, 09:15"),
        ("delivered", "0", "09:15", "Next 09:15"),
        ("delivered", "1d2h", None, "Day 1 + 2 hours"),
        ("date:subscription.renews_on", "-5d", "09:00", "5 days before, 09:00"),
        ("date:subscription.renews_on", "-5d", None, "5 days before"),
        ("date:subscription.renews_on", "0", "09:00", "Day 0, 09:00"),
        ("delivered", "what", None, "At once"),
    ],
)
def test_a_card_says_when(anchor: str, after: str, at: str | None, when: str) -> None:
    drawn = scene(journey(point("a", anchor, after, at=at)))
    assert card(drawn, "a")["when"] == when


def test_a_card_has_its_name_condition_signs_and_everything_spoken() -> None:
    data = journey(
        point(
            "a",
            name="How to use it",
            after="11d",
            at="09:15",
            phase="usage",
            channels=["whatsapp", "email"],
            ask={"question": "skin-type"},
            message=None,
            variants=[{"weight": 1, "message": "one"}, {"weight": 1, "message": "two"}],
            window={"from": "09:00", "to": "20:00", "days": ["mon"]},
            **{"if": {"field": "customer.traits.skin_type", "op": "eq", "value": "dry"}},
        )
    )
    one = card(scene(data, names={"one": "First text"}), "a")
    assert one["spoken"] == (
        "How to use it, WhatsApp or Email, Day 11, 09:15, counted from when the parcel is "
        "delivered, if skin type is dry, Usage, asks a question, 2 texts compared, "
        "Mon between 09:00 and 20:00, sends First text or Two"
    )
    assert (one["condition"], one["texts"], one["asks"]) == ("if skin type is dry", 2, True)
    assert one["window"] == {"from": 540, "to": 1200, "days": ["mon"]}
    assert one["minutes"] == 11 * DAY + 555


def test_problems_warnings_and_figures_stand_at_their_card() -> None:
    data = journey(point("a"), point("b", message=None))
    warned = [
        JourneyWarning("a", "near", "Two within two days."),
        JourneyWarning(None, "x", "All."),
    ]
    figures = {"a": {"skipped": 2, "sent": 41, "opened": 30, "clicked": 0}}
    drawn = scene(data, warnings=warned, figures=figures)
    assert card(drawn, "a")["warnings"] == ["Two within two days."]
    assert card(drawn, "b")["problems"] == ["Choose the text to send."]
    assert card(drawn, "a")["figures"] == [
        {"kind": "sent", "count": 41, "unsure": False},
        {"kind": "opened", "count": 30, "unsure": True},
        {"kind": "skipped", "count": 2, "unsure": False},
    ]


def test_lines_lead_from_a_question_to_what_depends_on_it() -> None:
    trait = {"field": "customer.traits.skin_type", "op": "eq", "value": "dry"}
    data = journey(
        point("ask", ask={"question": "skin-type"}),
        point("other", ask={"question": "size"}),
        point("nudge", "unanswered:ask"),
        point("dry", **{"if": {"all": [{"not": trait}, {"did": "order_placed"}]}}),
        point("good", "answered:other", **{"if": {"field": "answer", "op": "gte", "value": 9}}),
        point("any", **{"if": {"field": "answer", "op": "exists"}}),
        point("gone", "sent:nobody"),
    )
    assert [(link["from"], link["to"], link["why"]) for link in scene(data)["links"]] == [
        ("ask", "nudge", "anchor"),
        ("ask", "dry", "condition"),
        ("other", "good", "anchor"),
        ("ask", "any", "condition"),
        ("other", "any", "condition"),
    ]


def test_a_repeat_is_dots_at_its_days() -> None:
    data = journey(
        point("a", after="30d", at="10:00", repeat={"every": "2w", "times": 4}),
        point("b", repeat={"every": "0", "times": 4}),
        point("c", repeat={"every": "1d", "times": 10**9}),
    )
    drawn = scene(data)
    assert card(drawn, "a")["dots"] == [n * DAY + 600 for n in (44, 58, 72)]
    assert card(drawn, "b")["dots"] == []
    assert len(card(drawn, "c")["dots"]) == 365


def bands(*points: dict[str, Any]) -> list[tuple[int, int]]:
    drawn = scene(journey(*points))
    lane = next(lane for lane in drawn["lanes"] if lane["anchor"] == "delivered")
    return [(band["phase"], band["from"] // DAY) for band in lane["bands"]]


def test_bands_follow_the_phases_of_the_cards() -> None:
    assert bands(
        point("a", after="1d", phase="unboxing"),
        point("b", after="4d", at="10:00", phase="usage"),
        point("c", after="30d", phase="renewal"),
        point("d", after="9d"),
    ) == [(1, 1), (2, 4), (4, 30)]


def test_a_card_out_of_order_leaves_the_bands_of_the_others() -> None:
    assert bands(
        point("a", after="1d", phase="unboxing"),
        point("b", after="4d", phase="usage"),
        point("c", after="14d", phase="care"),
        point("d", after="28d", phase="usage"),
        point("e", after="29d", phase="usage"),
    ) == [(1, 1), (2, 4)]
    assert bands() == []


def test_lanes_not_drawn_yet_are_offered() -> None:
    drawn = scene(journey(point("a", "out_for_delivery")), quiet=(time(21), time(8)))
    offered = {offer["anchor"]: offer["word"] for offer in drawn["offers"]}
    assert "out_for_delivery" not in offered
    assert offered["date:subscription.renews_on"] == "Renewal date"
    assert drawn["quiet"] == ["21:00", "08:00"]


BROKEN: list[dict[str, Any]] = [
    {},
    {"touchpoints": [{}]},
    {"touchpoints": [{"key": "a"}, {"key": "a", "anchor": "sent:a"}]},
    {"touchpoints": [{"key": "a", "repeat": "daily", "window": "always", "if": "nonsense"}]},
    {"touchpoints": [{"key": "a", "repeat": {"every": None, "times": "x"}, "at": "99:99"}]},
    {"touchpoints": [{"key": "a", "phase": "nowhere", "anchor": ":", "ask": True}]},
    {"enter": "x", "phases": [], "touchpoints": [{"key": "a", "if": {"all": [{}, None]}}]},
]


@pytest.mark.parametrize("data", BROKEN)
def test_an_unfinished_journey_is_drawn_as_far_as_it_goes(data: dict[str, Any]) -> None:
    drawn = scene(data)
    assert len(drawn["cards"]) == len(data.get("touchpoints", []))
    json.dumps(drawn, allow_nan=False)


POINTS = st.lists(
    st.builds(
        point,
        key=st.sampled_from("abcdef"),
        anchor=st.sampled_from(["delivered", "shipped", "sent:a", "answered:b", "date:x", ""]),
        after=st.sampled_from(["0", "1d", "2h", "5w", "-3d", "x"]),
        phase=st.sampled_from(["pre_arrival", "usage", "renewal", "nowhere", None]),
        ask=st.sampled_from([None, {"question": "q"}]),
    ),
    max_size=12,
    unique_by=lambda one: one["key"],
)


@settings(max_examples=60)
@given(points=POINTS)
def test_every_card_has_a_lane_and_bands_go_forward(points: list[dict[str, Any]]) -> None:
    drawn = scene(journey(*points))
    known = [lane["anchor"] for lane in drawn["lanes"]]
    assert len(known) == len(set(known))
    assert {one["lane"] for one in drawn["cards"]} <= set(known)
    for lane in drawn["lanes"]:
        starts = [(band["phase"], band["from"]) for band in lane["bands"]]
        assert starts == sorted(set(starts))


@settings(max_examples=60)
@given(day=st.integers(0, 400), at=st.sampled_from([None, "09:15", "23:59"]))
def test_what_is_moved_is_drawn_at_that_day(day: int, at: str | None) -> None:
    data = journey(point("a", at=at, channels=["email"]))
    moved = placed(data, "a", anchor="shipped", minutes=day * DAY)
    drawn = card(scene(moved), "a")
    assert (drawn["lane"], drawn["minutes"] // DAY) == ("shipped", day)
