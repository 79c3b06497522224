"""What changed between two documents, as people say it."""

from typing import Any

import pytest

from px.journeys import changes_in_words

BASE: dict[str, Any] = {
    "format": 1,
    "journey": "care",
    "name": "Care",
    "enter": {"on": "order_placed"},
    "exit_on": ["order_cancelled"],
    "touchpoints": [
        {"key": "start", "name": "First use in three steps", "anchor": "delivered", "after": "1d",
         "message": "first-use"},
        {"key": "survey", "anchor": "sent:start", "after": "3d", "message": "survey"},
    ],
}  # fmt: skip


def with_point(**parts: Any) -> dict[str, Any]:
    first = {k: v for k, v in {**BASE["touchpoints"][0], **parts}.items() if v is not None}
    return {**BASE, "touchpoints": [first, BASE["touchpoints"][1]]}


def test_the_same_document_has_nothing_to_say() -> None:
    assert changes_in_words(BASE, BASE) == []


def test_a_change_of_the_day_an_added_and_a_lost_touchpoint_are_said() -> None:
    tips = {"key": "tips", "name": "Care tips", "anchor": "delivered", "after": "2w",
            "message": "tips"}  # fmt: skip
    after = with_point(after="2d")
    after["touchpoints"] = [after["touchpoints"][0], tips]
    assert changes_in_words(BASE, after) == [
        "First use in three steps: 2 days after the parcel is delivered instead of 1 day",
        "New: Care tips, 2 weeks after the parcel is delivered",
        "Taken out: Survey",
    ]


def test_a_change_of_an_amount_is_said_in_the_shops_currency() -> None:
    large = {"field": "order.total_minor", "op": "gte", "value": 5000}
    larger = {**large, "value": 7500}
    before = {**with_point(**{"if": large}), "enter": {"on": "order_placed", "where": large}}
    react = [{"if": {"field": "customer.spent_minor", "op": "gt", "value": 100}, "do": []}]
    after = {
        **with_point(**{"if": larger, "react": react}),
        "enter": {"on": "order_placed", "where": larger},
    }
    assert changes_in_words(before, after, {}, "EUR") == [
        "Who enters: when the order is placed, only if order total is at least 75.00 EUR, once "
        "instead of when the order is placed, only if order total is at least 50.00 EUR, once",
        "First use in three steps: only if: order total is at least 75.00 EUR instead of "
        "order total is at least 50.00 EUR; "
        "what an answer does:  if spent so far is more than 1.00 EUR",
    ]


POINTS: list[tuple[dict[str, Any], str]] = [
    ({"name": "First steps"}, "now called First steps"),
    ({"anchor": "shipped"},
     "1 day after the parcel is shipped instead of 1 day after the parcel is delivered"),
    ({"after": "0"},
     "as soon as the parcel is delivered instead of 1 day after the parcel is delivered"),
    ({"at": "09:15"}, "1 day after the parcel is delivered, at 09:15 instead of "
                      "1 day after the parcel is delivered"),
    ({"window": {"from": "09:00", "to": "17:00"}}, "hours: between 09:00 and 17:00"),
    ({"if": {"field": "customer.country", "op": "eq", "value": "DE"}},
     "only if: customer's country is DE"),
    ({"late": {"within": "3d", "else": "review"}},
     "when it is late: put to review when more than 3 days late"),
    ({"repeat": {"every": "30d", "times": 12}}, "repeat: every 30 days, 12 times"),
    ({"channels": ["sms", "email"]}, "channels: SMS, else email instead of email"),
    ({"message": "hello"}, "text: Hello instead of The first use"),
    ({"message": None, "variants": [{"weight": 1, "message": "a"}, {"weight": 3, "message": "b"}]},
     "text: A for 25 % or B for 75 % instead of The first use"),
    ({"ask": {"question": "skin-type", "wait": "2d"}},
     "question: “Skin type”, answered within 2 days"),
    ({"purpose": "transactional"}, "purpose: transactional instead of marketing"),
    ({"react": [{"do": [{"hold": True}]}]}, "what an answer does: hold marketing"),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "said"), POINTS, ids=[next(iter(p)) for p, _ in POINTS])
def test_each_part_of_a_touchpoint_has_its_words(parts: dict[str, Any], said: str) -> None:
    texts = {"first-use": "The first use"}
    lines = changes_in_words(BASE, with_point(**parts), texts)
    assert lines == [f"First use in three steps: {said}"]


HEADS: list[tuple[str, Any, str]] = [
    ("name", "Ownership", "Name: Ownership instead of Care"),
    ("exit_on", [], "Ends when: no longer the order is cancelled"),
    ("hold_on", ["shipment_stalled"], "Waits when: the parcel is stuck"),
    ("holdout", 0.1, "Held-out group: 10 %"),
    ("goal", {"on": "order_placed", "within": "60d"}, "Goal: the order is placed within 60 days"),
    ("enter", {"on": "delivered", "again": {"after": "90d"}},
     "Who enters: when the parcel is delivered, again after 90 days "
     "instead of when the order is placed, once"),
    ("map", {"customer_goal": "Clear skin"}, "Journey map changed"),
]  # fmt: skip


@pytest.mark.parametrize(("part", "value", "said"), HEADS, ids=[part for part, _, _ in HEADS])
def test_each_part_of_the_journey_has_its_words(part: str, value: Any, said: str) -> None:
    assert changes_in_words(BASE, {**BASE, part: value}) == [said]


def test_another_order_alone_is_said_once() -> None:
    turned = {**BASE, "touchpoints": BASE["touchpoints"][::-1]}
    assert changes_in_words(BASE, turned) == ["The touchpoints stand in another order"]


def test_an_unfinished_draft_can_be_compared() -> None:
    assert changes_in_words({}, {"touchpoints": [{}]}) == [
        "New: New touchpoint, as soon as something happens"
    ]
