"""When somebody hears from us: one test per rule of the journey format."""

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


# Rule 1: anchors


def test_a_touch_goes_when_its_anchor_happens():
    assert one("anchor: delivered", [PLACED, DELIVERED]) == [("sent", None, "2026-05-08 13:00")]


def test_a_touch_waits_while_its_anchor_has_not_happened():
    assert one("anchor: delivered", [PLACED]) == [("waiting", None, None)]


def test_an_anchor_that_happened_before_entering_counts():
    rows = one("anchor: order_placed, after: 5d", [PLACED, DELIVERED], enter="{on: delivered}")
    assert rows == [("sent", None, "2026-05-09 10:00")]


def test_a_touch_counts_from_when_another_was_sent():
    points = (
        point("anchor: order_placed, after: 1d")
        + "\n"
        + point("anchor: 'sent:a', after: 2h", key="b")
    )
    rows = play(journey(points), [PLACED])
    assert [row[1:] for row in rows] == [
        ("a", 1, "sent", None, "2026-05-05 10:00"),
        ("b", 1, "sent", None, "2026-05-05 12:00"),
    ]


ASKING = point("anchor: order_placed, ask: {question: skin-type, wait: 3d}")


def answer(at: str, value: Any) -> dict[str, Any]:
    return event(at, "answered", data={"touchpoint": "a", "question": "skin-type", "answer": value})


def test_no_answer_within_the_wait_is_an_anchor():
    rows = play(
        journey(ASKING + "\n" + point("anchor: 'unanswered:a', after: 1h", key="b")), [PLACED]
    )
    assert rows[1][3:] == ("sent", None, "2026-05-07 11:00")


def test_no_answer_yet_leaves_the_reminder_waiting():
    text = journey(ASKING + "\n" + point("anchor: 'unanswered:a'", key="b"))
    assert play(text, [PLACED], until="2026-05-06T00:00:00Z")[1][3:] == ("waiting", None, None)


def test_an_answer_in_time_skips_the_reminder_as_condition():
    text = journey(ASKING + "\n" + point("anchor: 'unanswered:a'", key="b"))
    assert play(text, [PLACED, answer("2026-05-06T09:00:00Z", "dry")])[1][3:] == (
        "skipped",
        "condition",
        None,
    )


def test_an_answer_is_an_anchor_a_trait_and_a_field_of_conditions():
    text = journey(
        ASKING
        + "\n"
        + point(
            "anchor: 'answered:a', after: 10m, if: {field: answer, op: eq, value: DRY}", key="b"
        )
        + "\n"
        + point(
            "anchor: delivered, if: {field: customer.traits.skin_type, op: eq, value: oily}",
            key="c",
        )
    )
    rows = play(text, [PLACED, answer("2026-05-06T09:00:00Z", "dry"), DELIVERED])
    assert rows[1][3:] == ("sent", None, "2026-05-06 09:10")
    assert rows[2][3:] == ("skipped", "condition", "2026-05-08 13:00")


def test_opened_and_clicked_are_anchors():
    text = journey(
        point("anchor: order_placed")
        + "\n"
        + point("anchor: 'opened:a', after: 1h", key="b")
        + "\n"
        + point("anchor: 'clicked:a'", key="c")
    )
    opened = event("2026-05-04T11:00:00Z", "message_opened", data={"touchpoint": "a"})
    rows = play(text, [PLACED, opened])
    assert rows[1][3:] == ("sent", None, "2026-05-04 12:00")
    assert rows[2][3:] == ("waiting", None, None)


def test_a_date_anchor_counts_from_midnight_of_that_day_where_the_customer_lives():
    promised = event("2026-05-05T08:00:00Z", "shipped", shipment={"promised_on": "2026-05-20"})
    assert one("anchor: 'date:shipment.promised_on', after: -5d", [PLACED, promised]) == [
        ("sent", None, "2026-05-14 22:00")
    ]


def test_a_date_anchor_moves_with_its_field():
    events = [
        PLACED,
        event("2026-05-05T08:00:00Z", "shipped", shipment={"promised_on": "2026-05-20"}),
        event("2026-05-06T08:00:00Z", "shipment_delayed", shipment={"promised_on": "2026-05-25"}),
    ]
    rows = one("anchor: 'date:shipment.promised_on', after: -5d, at: '10:00'", events)
    assert rows == [("sent", None, "2026-05-20 08:00")]


def test_a_trait_can_be_a_date():
    customer = {
        "id": "c1",
        "email": "c@example.com",
        "zone": "UTC",
        "traits": {"birthday": "2026-06-01"},
    }
    placed = event("2026-05-04T10:00:00Z", "order_placed", customer=customer)
    assert one("anchor: 'date:customer.traits.birthday'", [placed]) == [
        ("sent", None, "2026-06-01 00:00")
    ]


# Rule 2: days on the calendar, hours exactly


@pytest.mark.parametrize(
    ("after", "due"),
    [
        ("30m", "2026-03-28 12:30"),
        ("1d", "2026-03-29 11:00"),
        ("24h", "2026-03-29 12:00"),
        ("1w2d3h", "2026-04-06 14:00"),
    ],
)
def test_days_keep_the_wall_clock_over_a_clock_change_and_hours_do_not(after, due):
    placed = event("2026-03-28T12:00:00Z", "order_placed")
    assert one(f"anchor: order_placed, after: {after}", [placed]) == [("sent", None, due)]


def test_a_local_time_that_does_not_exist_moves_to_the_end_of_the_gap():
    placed = event("2026-03-28T01:30:00Z", "order_placed")
    assert one("anchor: order_placed, after: 1d", [placed]) == [("sent", None, "2026-03-29 01:00")]


def test_a_local_time_that_happens_twice_means_the_first():
    placed = event("2026-10-24T00:30:00Z", "order_placed")
    assert one("anchor: order_placed, after: 1d", [placed]) == [("sent", None, "2026-10-25 00:30")]


# Rule 3: at


@pytest.mark.parametrize(
    ("rest", "due"),
    [
        ("after: 1d, at: '09:15'", "2026-05-05 07:15"),
        ("at: '09:15'", "2026-05-05 07:15"),
        ("at: '13:00'", "2026-05-04 11:00"),
        ("at: '12:00'", "2026-05-04 10:00"),
        ("after: 3h, at: '14:00'", "2026-05-05 12:00"),
        ("after: 24h, at: '09:15'", "2026-05-05 07:15"),
    ],
)
def test_at_replaces_the_time_of_day(rest, due):
    assert one(f"anchor: order_placed, {rest}", [PLACED]) == [("sent", None, due)]


# Rule 4: windows


@pytest.mark.parametrize(
    ("window", "due"),
    [
        ("{from: '09:00', to: '20:00'}", "2026-05-04 10:00"),
        ("{from: '12:00', to: '20:00'}", "2026-05-04 10:00"),
        ("{from: '09:00', to: '12:00'}", "2026-05-05 07:00"),
        ("{from: '13:00'}", "2026-05-04 11:00"),
        ("{to: '09:00'}", "2026-05-04 22:00"),
        ("{days: [wed]}", "2026-05-06 10:00"),
        ("{days: [mon]}", "2026-05-04 10:00"),
        ("{from: '22:00', to: '06:00'}", "2026-05-04 20:00"),
        ("{from: '22:00', to: '13:00', days: [sun]}", "2026-05-04 10:00"),
        ("{from: '22:00', to: '11:00', days: [sun]}", "2026-05-10 20:00"),
        ("{from: '09:00', to: '09:00'}", "2026-05-04 10:00"),
    ],
)
def test_a_window_moves_a_touch_to_its_next_opening(window, due):
    assert one(f"anchor: order_placed, late: {{within: 7d}}, window: {window}", [PLACED]) == [
        ("sent", None, due)
    ]


def test_a_touch_whose_time_came_outside_its_window_is_held():
    rows = one(
        "anchor: order_placed, window: {from: '09:00', to: '12:00'}",
        [PLACED],
        until="2026-05-04T20:00:00Z",
    )
    assert rows == [("held", "window", "2026-05-05 07:00")]


# Rule 5: local time


@pytest.mark.parametrize(
    ("customer", "due"),
    [
        ({"zone": "America/New_York"}, "2026-05-05 13:15"),
        ({"zone": "Nowhere/Else", "country": "DE"}, "2026-05-05 07:15"),
        ({"country": "jp"}, "2026-05-05 00:15"),
        ({"country": "XX"}, "2026-05-05 08:15"),
        ({}, "2026-05-05 08:15"),
    ],
)
def test_local_is_the_customers_zone_else_the_countrys_else_the_shops(customer, due):
    placed = event(
        "2026-05-04T10:00:00Z",
        "order_placed",
        customer={"id": "c1", "email": "c@example.com"} | customer,
    )
    rows = one("anchor: order_placed, after: 1d, at: '09:15'", [placed], shop="zone: Europe/London")
    assert rows == [("sent", None, due)]


# Rule 6: quiet hours

QUIET = "quiet_hours: {from: '21:00', to: '08:00'}"
LATE_EVENING = event("2026-05-04T20:00:00Z", "order_placed")


def test_quiet_hours_hold_marketing_until_they_end():
    assert one("anchor: order_placed", [LATE_EVENING], MARKETING, QUIET) == [
        ("sent", None, "2026-05-05 06:00")
    ]


def test_during_quiet_hours_the_touch_says_so():
    rows = one(
        "anchor: order_placed", [LATE_EVENING], MARKETING, QUIET, until="2026-05-04T23:00:00Z"
    )
    assert rows == [("held", "quiet_hours", "2026-05-05 06:00")]


def test_quiet_hours_let_notices_pass():
    assert one("anchor: order_placed", [LATE_EVENING], NOTICE, QUIET) == [
        ("sent", None, "2026-05-04 20:00")
    ]


def test_quiet_hours_that_end_in_an_hour_that_comes_twice_still_end():
    placed = event("2026-10-25T01:05:00Z", "order_placed")
    night = "quiet_hours: {from: '21:00', to: '02:59'}"
    assert one("anchor: order_placed", [placed], MARKETING, night) == [
        ("sent", None, "2026-10-25 01:59")
    ]


def test_a_window_that_lies_in_quiet_hours_is_skipped_not_sent():
    rows = one(
        "anchor: order_placed, window: {from: '22:00', to: '23:00'}", [PLACED], MARKETING, QUIET
    )
    assert rows == [("skipped", "late", "2026-05-04 10:00")]


# Rule 7: the cap


def three(late: str = "5d") -> str:
    return journey(
        "\n".join(
            point(f"anchor: order_placed, after: {n}h, late: {{within: {late}}}", MARKETING, key)
            for n, key in enumerate("abc", 1)
        )
    )


def test_the_cap_moves_a_touch_to_when_it_frees():
    rows = play(three(), [PLACED], shop="cap: {messages: 2, days: 3}")
    assert [row[3:] for row in rows] == [
        ("sent", None, "2026-05-04 11:00"),
        ("sent", None, "2026-05-04 12:00"),
        ("sent", None, "2026-05-07 11:00"),
    ]


def test_a_capped_touch_says_so_while_it_waits():
    rows = play(three(), [PLACED], shop="cap: {messages: 2, days: 3}", until="2026-05-05T00:00:00Z")
    assert rows[2][3:] == ("held", "capped", "2026-05-07 11:00")


def test_a_touch_that_would_be_too_late_under_the_cap_is_skipped():
    rows = play(three("24h"), [PLACED], shop="cap: {messages: 2, days: 3}")
    assert rows[2][3:] == ("skipped", "capped", "2026-05-04 13:00")


def test_the_cap_counts_over_all_orders_of_a_customer_and_not_of_others():
    events = [
        PLACED,
        event("2026-05-04T10:30:00Z", "order_placed", order="o2"),
        event("2026-05-04T10:30:00Z", "order_placed", order="o3", customer="c2"),
    ]
    text = journey(point("anchor: order_placed, after: 1h", MARKETING))
    rows = play(text, events, shop="cap: {messages: 1, days: 1}")
    assert [(row[0], *row[3:]) for row in rows] == [
        ("o1", "sent", None, "2026-05-04 11:00"),
        ("o2", "sent", None, "2026-05-05 11:00"),
        ("o3", "sent", None, "2026-05-04 11:30"),
    ]


def test_notices_take_no_place_under_the_cap():
    points = (
        point("anchor: order_placed")
        + "\n"
        + point("anchor: order_placed, after: 1h", MARKETING, "b")
    )
    rows = play(journey(points), [PLACED], shop="cap: {messages: 1, days: 7}")
    assert [row[3] for row in rows] == ["sent", "sent"]


# Rule 8: anchors that happen again


def test_an_anchor_that_happens_again_keeps_its_first_time():
    again = event("2026-05-09T10:00:00Z", "shipped")
    first = event("2026-05-06T10:00:00Z", "shipped")
    assert one("anchor: shipped, after: 5d", [PLACED, again, first]) == [
        ("sent", None, "2026-05-11 10:00")
    ]


def parcel(at: str, kind: str, name: str, **data: Any) -> dict[str, Any]:
    return event(at, kind, data={"shipment": name} | data)


def test_a_split_shipment_is_delivered_with_its_last_parcel():
    events = [
        PLACED,
        parcel("2026-05-05T10:00:00Z", "shipped", "p1"),
        parcel("2026-05-05T11:00:00Z", "shipped", "p2"),
        parcel("2026-05-07T10:00:00Z", "delivered", "p1"),
        parcel("2026-05-12T10:00:00Z", "delivered", "p2"),
    ]
    assert one("anchor: delivered, after: 1d", events) == [("sent", None, "2026-05-13 10:00")]
    assert one("anchor: delivered, after: 1d", events[:4]) == [("waiting", None, None)]


def test_a_later_parcel_moves_an_open_touch():
    events = [PLACED, DELIVERED, event("2026-05-10T09:00:00Z", "delivered")]
    assert one("anchor: delivered, after: 7d", events) == [("sent", None, "2026-05-17 09:00")]


def test_per_order_line_the_parcel_of_that_line_counts():
    order = {
        "id": "o1",
        "lines": [{"sku": "SERUM", "quantity": 1}, {"sku": "CREAM", "quantity": 1}],
    }
    events = [
        event("2026-05-04T10:00:00Z", "order_placed", order=order),
        parcel("2026-05-07T10:00:00Z", "delivered", "p1", skus=["CREAM"]),
    ]
    rows = play(journey(point("anchor: delivered, after: 1d"), per="order_line"), events)
    assert [(row[0], *row[3:]) for row in rows] == [
        ("o1:1", "waiting", None, None),
        ("o1:2", "sent", None, "2026-05-08 10:00"),
    ]


# Rule 9: late


@pytest.mark.parametrize(
    ("rest", "purpose", "expected"),
    [
        ("", MARKETING, ("skipped", "late", "2026-05-04 11:00")),
        ("", NOTICE, ("skipped", "late", "2026-05-04 11:00")),
        (", late: {within: 5d}", MARKETING, ("sent", None, "2026-05-04 11:00")),
        (", late: {within: 1d, else: review}", MARKETING, ("review", "late", "2026-05-04 11:00")),
    ],
)
def test_a_touch_whose_time_has_passed_goes_only_if_it_is_not_too_late(rest, purpose, expected):
    rows = one(
        f"anchor: order_placed, after: 1h{rest}",
        [PLACED, DELIVERED],
        purpose,
        enter="{on: delivered}",
    )
    assert rows == [expected]


@pytest.mark.parametrize(("purpose", "status"), [(MARKETING, "skipped"), (NOTICE, "sent")])
def test_late_is_a_day_for_marketing_and_three_for_notices(purpose, status):
    events = [PLACED, event("2026-05-06T11:00:00Z", "delivered")]
    assert (
        one("anchor: order_placed, after: 1h", events, purpose, enter="{on: delivered}")[0][0]
        == status
    )
