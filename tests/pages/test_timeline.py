"""Everything between the shop and one customer on one line, each thing told once."""

from datetime import UTC, datetime, timedelta
from typing import Any

from pages._customer.timeline import coming, timeline
from px.core.events import Happened
from px.customers import ConsentLine
from px.journeys import TouchStory
from px.messages import CustomerMessage

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def touch(number: int, status: str, **parts: Any) -> TouchStory:
    known: dict[str, Any] = {
        "journey": "care",
        "journey_name": "Care",
        "label": f"Touch {number}",
        "occurrence": 1,
        "reason": None,
        "due_at": None,
        "settled_at": None,
        "channel": None,
        "order_id": 1,
    }
    return TouchStory(number, **(known | {"status": status} | parts))


def message(touch_id: int | None, status: str, **parts: Any) -> CustomerMessage:
    known: dict[str, Any] = {
        "id": 1,
        "order_id": 1,
        "journey_key": "care",
        "channel": "email",
        "purpose": "marketing",
        "to_address": "ada@example.com",
        "subject": "Hello",
        "reason": None,
        "detail": "",
        "due_at": NOW - HOUR,
        "sent_at": None,
        "settled_at": None,
    }
    return CustomerMessage(**(known | {"touch_id": touch_id, "status": status} | parts))


def told(**parts: Any) -> list[tuple[str, str, str]]:
    given = {"orders": [], "events": [], "messages": [], "touches": [], "consents": []} | parts
    entries = timeline(**given, now=NOW, zone="UTC")
    return [(entry.kind, entry.title, entry.more) for entry in entries]


def test_a_sent_message_is_told_once_and_not_again_by_its_touch_or_event() -> None:
    assert told(
        events=[Happened("message_sent", NOW - HOUR, 1, {})],
        messages=[message(7, "sent", sent_at=NOW - HOUR)],
        touches=[touch(7, "sent", settled_at=NOW - HOUR)],
    ) == [("message", "Hello", "Email to ada@example.com")]


def test_a_message_that_was_skipped_says_why_once() -> None:
    assert told(
        messages=[message(7, "skipped", reason="no_consent", settled_at=NOW)],
        touches=[touch(7, "skipped", reason="no_consent", settled_at=NOW)],
    ) == [
        (
            "not sent",
            "Hello",
            "Email to ada@example.com: "
            "the customer has not agreed to marketing on any of its channels",
        )
    ]


def test_a_touch_that_never_became_a_message_says_why() -> None:
    assert told(touches=[touch(7, "skipped", reason="holdout", settled_at=NOW)]) == [
        (
            "not sent",
            "Touch 7",
            "Skipped: the customer is in the held-out group that measures the journey.",
        )
    ]


def test_what_is_still_to_come_is_not_told_as_past() -> None:
    assert told(messages=[message(7, "queued")], touches=[touch(7, "queued")]) == []
    assert told(events=[Happened("delivered", NOW + HOUR, 1, {})]) == []


def test_events_of_any_kind_are_told_with_what_matters() -> None:
    carrier = {"carrier": "DHL", "tracking_number": "0034", "skus": ["SERUM-30"]}
    assert told(
        events=[
            Happened("delivered", NOW, 1, carrier),
            Happened("milestone:first_use", NOW - HOUR, None, {}),
        ],
        consents=[ConsentLine("sms", "marketing", "withdrawn", "link", NOW - 2 * HOUR)],
    ) == [
        ("parcel", "Delivered", "DHL, 0034"),
        ("other", "Milestone: first use", ""),
        ("consent", "Does not want marketing by SMS", "link"),
    ]


def next_ones(touches: list[TouchStory], messages: list[CustomerMessage]) -> list[tuple[str, str]]:
    found = coming(touches, messages, now=NOW, zone="UTC")
    return [(one.label, said) for one, _status, said in found]


def test_what_comes_stands_in_the_order_it_comes_and_decisions_first() -> None:
    touches = [
        touch(1, "waiting", waits_for="the parcel is delivered"),
        touch(2, "planned", due_at=NOW + 2 * HOUR),
        touch(3, "planned", due_at=NOW + HOUR),
        touch(4, "review", reason="late", due_at=NOW - 30 * HOUR, settled_at=NOW),
        touch(5, "sent", settled_at=NOW),
    ]
    assert [label for label, _ in next_ones(touches, [])] == [
        *("Touch 4", "Touch 3", "Touch 2", "Touch 1"),
    ]


def test_a_message_that_the_outbox_holds_says_so_and_not_that_it_goes_out() -> None:
    held = message(7, "held", reason="unknown_outcome", detail="The line was cut.")
    assert next_ones([touch(7, "queued")], [held]) == [("Touch 7", "Held: The line was cut.")]
