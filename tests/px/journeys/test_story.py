"""Why somebody heard from us or did not, as plain sentences."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from px import journeys
from px.core.work import reading, work
from px.journeys.results.story import TouchStory, reason_sentence, touch_sentence, touches_of
from tests.builders import order as order_of
from tests.builders import person, settle_in
from tests.walk.test_order_to_message import run

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
ZONE = "Europe/Berlin"


def story(**parts: Any) -> TouchStory:
    """A touch of Ada's, due this morning."""
    known = {
        "id": 1,
        "journey": "care",
        "journey_name": "Care",
        "label": "First use",
        "occurrence": 1,
        "status": "planned",
        "reason": None,
        "due_at": datetime(2026, 5, 4, 7, 15, tzinfo=UTC),
        "settled_at": None,
        "channel": None,
        "order_id": 1,
    }
    return TouchStory(**(known | parts))


TOMORROW = datetime(2026, 5, 5, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"status": "waiting", "waits_for": "the parcel is delivered", "due_at": None},
         "Waits until the parcel is delivered."),
        ({"status": "waiting", "due_at": None}, "Waits for its time."),
        ({"status": "planned", "due_at": TOMORROW}, "Planned for tomorrow 08:00."),
        ({"status": "planned", "due_at": datetime(2026, 6, 1, 8, 0, tzinfo=UTC)},
         "Planned for 1 Jun 10:00."),
        ({"status": "planned", "due_at": datetime(2027, 1, 2, 8, 0, tzinfo=UTC)},
         "Planned for 2 Jan 2027 09:00."),
        ({"status": "queued"}, "Goes out now: its message is in the outbox."),
        ({"status": "sent", "channel": "email", "settled_at": NOW - timedelta(hours=3)},
         "Sent by email at 11:00."),
        ({"status": "sent", "channel": "sms", "settled_at": NOW - timedelta(days=1)},
         "Sent by SMS yesterday 14:00."),
        ({"status": "held", "reason": "quiet_hours", "due_at": TOMORROW},
         "Held until tomorrow 08:00: quiet hours."),
        ({"status": "held", "reason": "quiet_hours", "due_at": NOW + timedelta(hours=2)},
         "Held until 16:00: quiet hours."),
        ({"status": "held", "reason": "capped", "due_at": TOMORROW},
         "Held until tomorrow 08:00: "
         "the customer has had as many marketing messages as the cap allows."),
        ({"status": "held", "reason": "paused"}, "Held: the journey is paused."),
        ({"status": "held", "reason": "exception"},
         "Held: something about the order or a conversation is open."),
        ({"status": "skipped", "reason": "late",
          "due_at": datetime(2026, 4, 30, 7, 15, tzinfo=UTC)},
         "Skipped: it was due on 30 Apr 09:15 and would have been more than 24 hours late."),
        ({"status": "review", "reason": "late", "late_after": "3d"},
         "Waits for your decision: it was due at 09:15 and "
         "would have been more than 3 days late."),
        ({"status": "skipped", "reason": "condition", "condition": "skin type is dry"},
         "Skipped: its condition was not met (only if skin type is dry)."),
        ({"status": "skipped", "reason": "condition"}, "Skipped: its condition was not met."),
        ({"status": "skipped", "reason": "holdout"},
         "Skipped: the customer is in the held-out group that measures the journey."),
        ({"status": "failed", "reason": "template_error"},
         "Failed: the text could not be filled in."),
        ({"status": "failed", "reason": None}, "Failed: no reason was kept."),
    ],
)  # fmt: skip
def test_every_touch_says_what_happened_or_why_not(parts: dict[str, Any], said: str) -> None:
    assert touch_sentence(story(**parts), now=NOW, zone=ZONE) == said


def test_every_reason_has_a_sentence() -> None:
    from db.kinds import Reason

    silent = [reason for reason in Reason if reason_sentence(reason) == "no reason was kept"]
    assert silent == []


JOURNEY = """
format: 1
journey: care
name: Care
enter: {on: order_placed}
touchpoints:
  - {key: thanks, name: Thanks, purpose: transactional, anchor: order_placed, message: thanks}
  - {key: tips, purpose: marketing, anchor: delivered, after: 1d, message: thanks}
  - key: again
    anchor: order_placed
    if: {field: customer.orders, op: gte, value: 9}
    message: thanks
  - key: large
    anchor: order_placed
    if: {field: order.total_minor, op: gte, value: 990000}
    message: thanks
templates:
  thanks: {subject: "Order {{ order.number }}", body: "Thank you."}
"""


def test_the_touches_of_a_customer_tell_themselves_from_the_database(database, now) -> None:
    with work() as session:
        cast = settle_in(session, now=now, key=b"a key")
        journeys.import_journey(session, JOURNEY, overwrite=False, by="Mia", now=now)
        journeys.publish(session, "care", by="Mia", now=now)
    from px.orders import record_orders

    placed = [order_of("ada", "#9", at=now)]
    with work() as session:
        record_orders(session, placed, now=now, historic_before=now - timedelta(days=9), key=b"k")
    run(now)
    with reading() as session:
        told = touches_of(session, cast["ada"], currency="USD")
    assert [(one.label, touch_sentence(one, now=now, zone="UTC")) for one in told] == [
        (
            "Large",
            "Skipped: its condition was not met (only if order total is at least 9,900.00 USD).",
        ),
        ("Again", "Skipped: its condition was not met (only if number of orders is at least 9)."),
        ("Thanks", "Goes out now: its message is in the outbox."),
        ("Tips", "Waits until the parcel is delivered."),
    ]
    assert [one.is_open for one in told] == [False, False, True, True]
    assert person("ada", now=now).email == "ada@example.com"
