"""What a rehearsal comes to in figures."""

from datetime import UTC, date, datetime

from db.kinds import Channel, Reason, TouchStatus
from px.journeys.facts import Touch
from px.journeys.figures import pick_examples, rehearsal_figures
from px.journeys.rehearsal import RehearsedTouch

SENT, SKIPPED = TouchStatus.SENT, TouchStatus.SKIPPED


def row(
    customer: str,
    touchpoint: str,
    status: TouchStatus = SENT,
    reason: Reason | None = None,
    at: datetime | None = datetime(2026, 5, 4, 12, 0, tzinfo=UTC),
) -> RehearsedTouch:
    channel = Channel.EMAIL if status is SENT else None
    touch = Touch(touchpoint, 1, status, reason, at, None, channel, None, at)
    return RehearsedTouch(f"order-of-{customer}", customer, touch, "Hello", "Hello you")


ROWS = [
    row("ada", "thanks"),
    row("ada", "tips", at=datetime(2026, 5, 4, 22, 30, tzinfo=UTC)),
    row("ben", "thanks"),
    row("ben", "tips", SKIPPED, Reason.NO_CONSENT),
    row("cleo", "tips", SKIPPED, Reason.NO_CONSENT),
]


def test_messages_customers_and_reasons_are_counted():
    figures = rehearsal_figures(ROWS, zone="UTC")
    assert (figures.enrolments, figures.customers) == (3, 3)
    assert (figures.messages, figures.written_to) == (3, 2)
    assert figures.outcomes == [("sent", None, 3), ("skipped", "no_consent", 2)]
    assert figures.per_touchpoint == {"thanks": {"sent": 2}, "tips": {"sent": 1, "skipped": 2}}


def test_a_day_is_a_day_of_the_shop():
    figures = rehearsal_figures(ROWS, zone="Europe/Berlin")
    assert figures.per_day == [(date(2026, 5, 4), "email", 2), (date(2026, 5, 5), "email", 1)]
    assert figures.busiest == (date(2026, 5, 4), 2)


def test_examples_are_of_every_touchpoint_and_of_different_people():
    rows = [row(c, t) for t in ("thanks", "tips") for c in ("ada", "ben", "cleo")]
    chosen = [(one.touch.touchpoint, one.customer) for one in pick_examples(rows, 3)]
    assert chosen == [("thanks", "ada"), ("tips", "ben"), ("thanks", "cleo")]


def test_there_are_as_many_examples_as_messages_at_most():
    assert len(pick_examples([row("ada", "thanks"), row("ada", "tips")], 5)) == 2


def test_nothing_rehearsed_is_nothing_counted():
    figures = rehearsal_figures([], zone="UTC")
    assert (figures.messages, figures.busiest, figures.examples) == (0, None, [])
