"""Who hears from us and who does not: conditions, channels, exits, holds, holdout, re-entry."""

from typing import Any

import pytest

from tests.px.journeys.play import brief, event, journey, play

PLACED = event("2026-05-04T10:00:00Z", "order_placed")
DELIVERED = event("2026-05-08T13:00:00Z", "delivered")
MARKETING = "purpose: marketing, message: m"
NOTICE = "purpose: transactional, message: m"


def point(rest: str, purpose: str = NOTICE, key: str = "a") -> str:
    return f"{{key: {key}, {purpose}, {rest}}}"


def one(
    rest: str, events: list[dict[str, Any]], purpose: str = NOTICE, shop: str = "", **more: str
) -> list[tuple]:
    until = more.pop("until", "2028-01-01T00:00:00Z")
    return brief(play(journey(point(rest, purpose), **more), events, until=until, shop=shop))


def test_a_condition_is_asked_when_the_touch_is_due():
    customer = {"id": "c1", "traits": {"vip": "yes"}}
    rest = "anchor: order_placed, after: 3d, if: {field: customer.traits.vip, op: eq, value: YES}"
    assert one(rest, [PLACED]) == [("skipped", "condition", "2026-05-07 10:00")]
    assert (
        one(rest, [PLACED, event("2026-05-06T10:00:00Z", "replied", customer=customer)])[0][0]
        == "sent"
    )


def test_the_first_channel_that_reaches_and_consents_is_taken():
    customer = {
        "id": "c1",
        "email": "c@example.com",
        "phone": "+491701234567",
        "consent": {"sms": True},
    }
    placed = event("2026-05-04T10:00:00Z", "order_placed", customer=customer)
    text = journey("{key: a, anchor: order_placed, channels: [email, sms], message: m}")
    assert brief(play(text, [placed])) == [("sent", None, "2026-05-04 10:00")]


@pytest.mark.parametrize(
    ("customer", "purpose", "expected"),
    [
        ({}, NOTICE, "unreachable"),
        ({"email": "c@example.com"}, MARKETING, "no_consent"),
        ({"email": "c@example.com", "consent": {"email": False}}, MARKETING, "no_consent"),
        ({"phone": "+491701234567", "consent": {"sms": True}}, MARKETING, "unreachable"),
    ],
)
def test_nobody_is_written_to_without_an_address_or_consent(customer, purpose, expected):
    placed = event("2026-05-04T10:00:00Z", "order_placed", customer={"id": "c1"} | customer)
    assert one("anchor: order_placed", [placed], purpose)[0][:2] == ("skipped", expected)


def test_an_unsubscribed_customer_gets_notices_only():
    gone = event("2026-05-05T10:00:00Z", "unsubscribed", order=None)
    assert one("anchor: delivered", [PLACED, gone, DELIVERED], MARKETING)[0][:2] == (
        "skipped",
        "suppressed",
    )
    assert one("anchor: delivered", [PLACED, gone, DELIVERED], NOTICE)[0][:2] == ("sent", None)


def test_a_bounced_address_gets_nothing():
    bounced = event("2026-05-05T10:00:00Z", "message_bounced", order=None)
    assert one("anchor: delivered", [PLACED, bounced, DELIVERED])[0][:2] == (
        "skipped",
        "suppressed",
    )


def test_a_test_order_gets_nothing():
    placed = event("2026-05-04T10:00:00Z", "order_placed", order={"id": "o1", "test": True})
    assert one("anchor: order_placed", [placed])[0][:2] == ("skipped", "test_order")


def test_an_exit_settles_every_open_touch_at_once():
    points = (
        point("anchor: order_placed")
        + "\n"
        + point("anchor: delivered", key="b")
        + "\n"
        + point("anchor: order_placed, after: 9d", key="c")
    )
    cancelled = event("2026-05-05T10:00:00Z", "order_cancelled")
    rows = play(journey(points, exit_on="[order_cancelled]"), [PLACED, cancelled, DELIVERED])
    assert [row[3:] for row in rows] == [
        ("sent", None, "2026-05-04 10:00"),
        ("skipped", "exited", None),
        ("skipped", "exited", "2026-05-13 10:00"),
    ]


def test_buying_again_can_be_an_exit_of_a_journey_per_order():
    second = event("2026-05-20T10:00:00Z", "order_placed", order="o2")
    text = journey(point("anchor: order_placed, after: 30d"), exit_on="[order_placed]")
    rows = play(text, [PLACED, second])
    assert [(row[0], row[3], row[4]) for row in rows] == [
        ("o1", "skipped", "exited"),
        ("o2", "sent", None),
    ]


def test_cancelling_one_order_leaves_the_others_inside():
    cancelled = event("2026-05-05T10:00:00Z", "order_cancelled", order="o2")
    assert (
        one("anchor: delivered", [PLACED, cancelled, DELIVERED], exit_on="[order_cancelled]")[0][0]
        == "sent"
    )


HOLD = {"hold_on": "[shipment_stalled]", "resume_on": "[delivered]"}
STALLED = event("2026-05-05T10:00:00Z", "shipment_stalled")


def test_a_hold_keeps_marketing_back_and_lets_notices_pass():
    until = {"until": "2026-05-07T00:00:00Z"}
    assert one(
        "anchor: order_placed, after: 2d", [PLACED, STALLED], MARKETING, **HOLD, **until
    ) == [("held", "exception", "2026-05-06 10:00")]
    assert (
        one("anchor: order_placed, after: 2d", [PLACED, STALLED], NOTICE, **HOLD, **until)[0][0]
        == "sent"
    )


def test_after_a_hold_the_late_rule_decides():
    events = [PLACED, STALLED, DELIVERED]
    assert one("anchor: order_placed, after: 2d", events, MARKETING, **HOLD)[0] == (
        "skipped",
        "late",
        "2026-05-06 10:00",
    )
    assert one("anchor: order_placed, after: 4d", events, MARKETING, **HOLD)[0] == (
        "sent",
        None,
        "2026-05-08 10:00",
    )


def test_a_reaction_can_hold_the_journey():
    text = journey(
        "{key: a, purpose: transactional, anchor: order_placed, message: m, ask: {question: nps}, "
        "react: [{if: {field: answer, op: lte, value: 6}, do: [{hold: true}]}]}\n"
        + point("anchor: order_placed, after: 2d", MARKETING, "b"),
        resume_on="[conversation_resolved]",
    )
    unhappy = event(
        "2026-05-05T10:00:00Z",
        "answered",
        data={"touchpoint": "a", "question": "nps", "answer": "3"},
    )
    happy = event(
        "2026-05-05T10:00:00Z", "answered", data={"touchpoint": "a", "question": "nps", "answer": 9}
    )
    assert play(text, [PLACED, unhappy])[1][3:] == ("held", "exception", "2026-05-06 10:00")
    assert play(text, [PLACED, happy])[1][3:] == ("sent", None, "2026-05-06 10:00")


def test_the_holdout_gets_notices_and_no_marketing():
    points = (
        point("anchor: order_placed", MARKETING) + "\n" + point("anchor: order_placed", key="b")
    )
    rows = play(journey(points, holdout="1"), [PLACED])
    assert [row[3:5] for row in rows] == [("skipped", "holdout"), ("sent", None)]


def test_the_holdout_is_about_its_share_and_always_the_same_people():
    text = journey(point("anchor: order_placed", MARKETING), holdout="0.25")
    events = [
        event("2026-05-04T10:00:00Z", "order_placed", customer=f"c{n}", order=f"o{n}")
        for n in range(400)
    ]
    held = [row[0] for row in play(text, events) if row[4] == "holdout"]
    assert 70 <= len(held) <= 130
    assert held == [row[0] for row in play(text, events) if row[4] == "holdout"]


def test_a_repeat_comes_every_so_often():
    rows = play(
        journey(point("anchor: order_placed, after: 1d, repeat: {every: 30d, times: 3}")), [PLACED]
    )
    assert [(row[2], row[5]) for row in rows] == [
        (1, "2026-05-05 10:00"),
        (2, "2026-06-04 10:00"),
        (3, "2026-07-04 10:00"),
    ]


@pytest.mark.parametrize(
    ("again", "expected"),
    [("never", ["c1"]), ("always", ["c1", "c1#2", "c1#3"]), ("{after: 20d}", ["c1", "c1#2"])],
)
def test_a_customer_enters_again_as_the_journey_allows(again, expected):
    days = ("2026-05-04", "2026-05-20", "2026-06-01")
    events = [
        event(f"{day}T10:00:00Z", "order_placed", order=f"o{n}") for n, day in enumerate(days)
    ]
    text = journey(
        point("anchor: order_placed"), per="customer", enter=f"{{on: order_placed, again: {again}}}"
    )
    assert [row[0] for row in play(text, events)] == expected


def test_who_does_not_meet_the_entry_condition_stays_out():
    enter = "{on: order_placed, where: {field: order.skus, op: contains, value: serum-30}}"
    with_serum = event(
        "2026-05-04T10:00:00Z", "order_placed", order={"id": "o1", "lines": [{"sku": "SERUM-30"}]}
    )
    without = event(
        "2026-05-04T10:00:00Z", "order_placed", order={"id": "o2", "lines": [{"sku": "CREAM"}]}
    )
    assert [
        row[0]
        for row in play(journey(point("anchor: order_placed"), enter=enter), [with_serum, without])
    ] == ["o1"]
