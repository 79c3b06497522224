"""The first page's figures: days in the shop's zone, trouble by reason, and what waits."""

from datetime import UTC, date, datetime

import pytest

from db.models.messages import Message, Template, TemplateVersion
from px.core.work import reading, work
from px.messages.overview import (
    Trouble,
    day_counts,
    trouble,
    waiting,
)

# Half past one on the 4th in Amsterdam is still the 3rd in UTC.
NOW = datetime(2026, 5, 3, 23, 30, tzinfo=UTC)
ZONE = "Europe/Amsterdam"


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 5, day, hour, minute, tzinfo=UTC)


@pytest.fixture
def _template(database: object) -> None:
    with work() as session:
        session.add(Template(id=1, key="hello", name="Hello", created_at=NOW))
        session.flush()
        session.add(TemplateVersion(id=1, template_id=1, number=1, created_at=NOW))


def put(key: str, status: str, at: datetime, *, reason: str | None = None, **more: object) -> None:
    settled = status not in ("queued", "held", "sending")
    columns = {
        "key": key,
        "template_version_id": 1,
        "channel": "email",
        "purpose": "marketing",
        "to_address": "ada@example.com",
        "status": status,
        "reason": reason,
        "due_at": at,
        "queued_at": at,
        "settled_at": at if settled else None,
        "sent_at": at if status == "sent" else None,
        "header_id": f"<{key}@fern.example>",
        "header_date": at,
    }
    with work() as session:
        session.add(Message(**(columns | more)))


@pytest.mark.usefixtures("_template")
class TestDays:
    def test_a_message_counts_for_the_day_it_was_in_the_shop(self) -> None:
        put("late on the 2nd", "sent", utc(2, 21, 59))
        put("first of the 3rd", "sent", utc(2, 22, 0))
        put("last of the 3rd", "failed", utc(3, 21, 59), reason="rejected")
        put("first of the 4th", "skipped", utc(3, 22, 0), reason="no_consent")
        with reading() as session:
            counts = day_counts(session, zone=ZONE, days=2, now=NOW)
        assert [(one.day, one.status, one.count) for one in counts] == [
            (date(2026, 5, 3), "sent", 1),
            (date(2026, 5, 3), "skipped", 0),
            (date(2026, 5, 3), "failed", 1),
            (date(2026, 5, 4), "sent", 0),
            (date(2026, 5, 4), "skipped", 1),
            (date(2026, 5, 4), "failed", 0),
        ]

    def test_a_day_of_25_hours_is_one_day(self) -> None:
        put("in the hour that comes twice", "sent", datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
        put("again", "sent", datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
        put("at its end", "sent", datetime(2026, 10, 25, 22, 59, tzinfo=UTC))
        put("next day", "sent", datetime(2026, 10, 25, 23, 0, tzinfo=UTC))
        moment = datetime(2026, 10, 26, 12, 0, tzinfo=UTC)
        with reading() as session:
            counts = day_counts(session, zone=ZONE, days=2, now=moment)
        assert [one.count for one in counts if one.status == "sent"] == [3, 1]


@pytest.mark.usefixtures("_template")
class TestTrouble:
    def test_it_is_told_by_reason_with_the_words_of_the_latest(self) -> None:
        put("a", "failed", utc(3, 8), reason="channel_error", detail="The first.")
        put("b", "failed", utc(3, 9), reason="channel_error", detail="The latest.")
        put("c", "failed", utc(3, 7), reason="rejected", channel="sms", detail="No such phone.")
        put("d", "held", utc(1, 9), reason="unknown_outcome")
        put("old", "failed", utc(1, 9), reason="rejected")
        put("fine", "sent", utc(3, 9))
        with reading() as session:
            found = trouble(session, since=utc(2, 23))
        assert found == [
            Trouble("failed", "channel_error", "email", 2, utc(3, 9), "The latest."),
            Trouble("failed", "rejected", "sms", 1, utc(3, 7), "No such phone."),
            Trouble("held", "unknown_outcome", "email", 1, utc(1, 9), ""),
        ]

    def test_without_trouble_there_is_none(self) -> None:
        with reading() as session:
            assert trouble(session, since=utc(1, 0)) == []


@pytest.mark.usefixtures("_template")
def test_what_waits_is_counted_up_to_a_moment() -> None:
    put("soon", "queued", utc(4, 1))
    put("later", "queued", utc(4, 20))
    put("much later", "queued", utc(6, 1))
    put("held", "held", utc(4, 1), reason="paused")
    with reading() as session:
        assert waiting(session, until=utc(4, 23)) == (2, utc(4, 1))
        assert waiting(session, until=utc(3, 0)) == (0, None)
