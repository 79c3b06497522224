"""The first page: an empty shop's two ways in, and then what went wrong and what is next."""

from datetime import UTC, datetime, timedelta

import pytest

from db.kinds import Role
from db.models.messages import Message, Template, TemplateVersion
from db.models.orders import Order
from pages._today.sentences import answer, down, scheduler, told, waits
from px import journeys
from px.core.lease import Gap, note_tick, take_lease
from px.core.work import work
from px.messages import Trouble, archive_template
from tests.pages.conftest import Look, text_of

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def fill(*statuses: tuple[str, str | None, str]) -> None:
    with work() as session:
        session.add(Order(source="file", number="1", placed_at=NOW, created_at=NOW, updated_at=NOW))
        session.add(Template(id=1, key="hello", name="Hello", created_at=NOW))
        session.flush()
        session.add(TemplateVersion(id=1, template_id=1, number=1, created_at=NOW))
        session.flush()
        for number, (status, reason, detail) in enumerate(statuses):
            session.add(
                Message(
                    key=f"m{number}",
                    template_version_id=1,
                    channel="email",
                    purpose="marketing",
                    to_address="ada@example.com",
                    status=status,
                    reason=reason,
                    detail=detail,
                    due_at=NOW,
                    queued_at=NOW,
                    settled_at=None if status in ("held", "queued") else NOW,
                    sent_at=NOW if status == "sent" else None,
                    header_id=f"<{number}@fern.example>",
                    header_date=NOW,
                )
            )


def tick(at: datetime) -> None:
    with work() as session:
        take_lease(session, "scheduler", owner="host:1", seconds=30, now=at)
        note_tick(session, "scheduler", detail={}, now=at)


class TestEmpty:
    def test_an_admin_is_offered_an_import_and_a_demo_shop(self, look: Look) -> None:
        at = look()
        assert [button.label for button in at.button] == [
            "Import your orders",
            "Look around with a demo shop",
        ]
        assert "There is nothing here yet" in text_of(at)

    def test_support_is_offered_neither(self, look: Look) -> None:
        assert not look("", Role.SUPPORT).button


class TestStanding:
    def test_failures_are_the_first_thing_said_with_their_reason(self, look: Look) -> None:
        fill(
            ("failed", "channel_error", "The mail account refuses the password."),
            ("failed", "channel_error", "The mail account refuses the password."),
            ("sent", None, ""),
        )
        tick(NOW)
        text = text_of(look())
        assert (
            "**2 messages failed since yesterday.** The mail account refuses the password\\."
            in text
        )
        assert "The scheduler ran now." in text or "The scheduler ran just now." in text

    def test_what_a_mail_server_says_is_shown_as_text(self, look: Look) -> None:
        fill(("failed", "rejected", "550 <img src=x onerror=alert(1)> [x](javascript:y)"))
        text = text_of(look())
        assert r"550 \<img src\=x onerror\=alert\(1\)\> \[x\]\(javascript\:y\)" in text

    def test_a_scheduler_that_does_not_run_is_a_warning(self, look: Look) -> None:
        fill(("sent", None, ""))
        at = look()
        assert "nothing is sent until it does" in at.warning[0].value

    def test_the_setup_list_counts_what_is_done_and_is_for_admins(self, look: Look) -> None:
        fill(("sent", None, ""))
        at = look()
        assert [expander.label for expander in at.expander] == [
            "Set up · 1 of 5 done",
            "Show as a table",
        ]

    def test_the_figures_count_sent_due_and_failed(self, look: Look) -> None:
        fill(("sent", None, ""), ("queued", None, ""), ("failed", "rejected", "No."))
        at = look()
        assert [(m.label, m.value) for m in at.metric] == [
            ("Sent today", "1"),
            ("Sent in 7 days", "1"),
            ("Due in 24 hours", "1"),
            ("Failed since yesterday", "1"),
        ]


class TestSentences:
    @pytest.mark.parametrize(
        ("ticked", "well", "words"),
        [
            (
                None,
                False,
                "px has not begun to send yet: nothing is sent until it does. "
                "It begins within a minute of its start.",
            ),
            (datetime(2026, 5, 4, 11, 59, 50, tzinfo=UTC), True, "ran just now"),
            (datetime(2026, 5, 4, 11, 58, 0, tzinfo=UTC), True, "ran 2 minutes ago"),
            (datetime(2026, 5, 4, 11, 50, 0, tzinfo=UTC), False, "last ran 10 minutes ago"),
        ],
    )
    def test_the_schedulers_lag_is_told(
        self, ticked: datetime | None, well: bool, words: str
    ) -> None:
        is_well, sentence = scheduler(ticked, now=NOW)
        assert is_well is well
        assert words in sentence

    def test_trouble_is_told_by_kind_number_and_reason(self) -> None:
        one = Trouble("held", "quiet_hours", "sms", 2, NOW, "")
        assert told(one, now=NOW, zone="UTC") == (
            "**2 SMS held**, the latest now. "
            "It is the shop's quiet hours where the customer lives\\."
        )

    def test_planned_messages_that_are_held_are_told_with_their_reason(self) -> None:
        assert waits("held", "paused", 3) == (
            "**3 planned messages are held.** The journey is paused\\."
        )
        assert waits("held", "paused", 1).startswith("**1 planned message is held.** ")
        assert waits("review", "late", 1) == (
            "**1 planned message came too late**: decide whether they still go out."
        )

    def test_what_was_skipped_while_px_was_down_is_a_sentence(self) -> None:
        gap = Gap(NOW - timedelta(hours=9), NOW)
        assert down(gap, 1, "UTC").endswith(" 1 message was skipped as too late.")
        assert down(gap, 2, "UTC").endswith(" 2 messages were skipped as too late.")

    def test_a_quiet_day_is_said_to_be_one(self) -> None:
        from pages._today.figures import Figures

        quiet = Figures(1, 0, 0, [], [], {}, [], {}, None)
        said = answer(quiet, is_live=True, now=NOW, zone="UTC")
        assert said == "Nothing has gone out today, and nothing went wrong."


GONE = """
format: 1
journey: care
name: Serum care
enter: {on: order_placed}
touchpoints:
  - {key: tips, anchor: order_placed, message: tips}
templates:
  tips: {subject: Tips, body: Some tips.}
"""


class TestJourneysInTrouble:
    @pytest.fixture(autouse=True)
    def _a_text_was_put_away(self, look: Look) -> None:
        fill(("sent", None, ""))
        with work() as session:
            journeys.import_journey(session, GONE, overwrite=False, by="Mia", now=NOW)
            journeys.publish(session, "care", by="Mia", now=NOW)
            archive_template(session, "tips", now=NOW)

    def test_what_keeps_a_live_journey_from_sending_is_said_before_it_sends(
        self, look: Look
    ) -> None:
        said = text_of(look())
        assert "**Serum care**: The text “Tips” is put away or gone" in said
        assert "Nothing failed and nothing is held" not in said

    def test_support_is_not_asked_to_mend_it(self, look: Look) -> None:
        assert "Serum care" not in text_of(look(role=Role.SUPPORT))
