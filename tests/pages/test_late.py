"""Late messages: what px says after it was down, and what the buttons do."""

from datetime import datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from db.engine import Database
from db.kinds import Role
from pages._late.sentences import answer
from px import journeys
from px.core.lease import note_tick, take_lease
from px.core.work import reading, work
from px.journeys.results.queries import touch_lines
from px.team import audit
from tests.pages.conftest import Look
from tests.pages.conftest import text_of as marked_text_of
from tests.px.journeys.test_reviewing import JOURNEY
from tests.walk.test_order_to_message import import_orders, order, run

HOUR = timedelta(hours=1)


def text_of(at: AppTest) -> str:
    return marked_text_of(at).replace("\\", "")


def press(at: AppTest, label: str) -> AppTest:
    return next(button for button in at.button if button.label == label).click().run()


def tick(at: datetime) -> None:
    with work() as session:
        take_lease(session, "scheduler", owner="me", seconds=30, now=at)
        note_tick(session, "scheduler", detail={}, now=at, remember_gaps=True)


def statuses(touchpoint: str) -> list[str]:
    with reading() as session:
        return [line.status for line in touch_lines(session) if line.touchpoint == touchpoint]


@pytest.fixture
def down(database: Database, now: datetime) -> None:
    """Two orders, one of yesterday, whose messages were due while px was down until now."""
    live = now - 40 * HOUR
    with work() as session:
        journeys.import_journey(session, JOURNEY, overwrite=False, by="Mia", now=live)
        journeys.publish(session, "care", by="Mia", now=live)
    for number, ago in (("#1", 30), ("#2", 9)):
        import_orders(order(number, placed_at=now - ago * HOUR), now=now - 9 * HOUR)
    tick(now - 9 * HOUR)
    run(now)
    tick(now)


def test_when_nothing_came_too_late_it_says_what_it_is_for(look: Look) -> None:
    assert "Nothing came too late" in text_of(look("late.py"))


def test_what_was_skipped_is_said_where_nothing_waits() -> None:
    assert answer(0, 1, None, "UTC") == (
        "Nothing waits for you. 1 message was skipped as too late."
    )
    assert answer(0, 2, None, "UTC") == (
        "Nothing waits for you. 2 messages were skipped as too late."
    )


def test_what_is_late_is_told_with_the_time_that_px_was_down(look: Look, down: None) -> None:
    said = text_of(look("late.py", Role.MANAGER))
    assert "2 messages are late: send, drop, or look at each." in said.replace("**", "")
    assert "px was down for 9 hours, from Mon 4 May 2026, 03:00 to Mon 4 May 2026, 12:00." in said
    assert "2 messages, from 8 hours to 1 day late" in said


def test_all_are_sent_with_one_button(look: Look, down: None) -> None:
    at = press(look("late.py", Role.MANAGER), "Send all 2 messages")
    assert statuses("ask") == ["queued", "queued"]
    assert "2 messages in the outbox." in [one.value for one in at.success]
    with reading() as session:
        line = next(one for one in audit(session) if one.verb == "sent late")
    assert (line.noun, line.noun_id, line.detail) == ("touches", "", {"messages": 2, "of": 2})


def test_those_older_than_an_age_are_dropped_and_brought_back(look: Look, down: None) -> None:
    at = press(look("late.py", Role.MANAGER), "Drop 1 message older than a day")
    assert sorted(statuses("ask")) == ["review", "skipped"]
    press(at, "Undo: bring 1 message back")
    assert statuses("ask") == ["review", "review"]
    assert not [b for b in at.button if b.label.startswith("Undo")]


def test_another_age_changes_how_many(look: Look, down: None) -> None:
    at = look("late.py", Role.MANAGER)
    at.selectbox[0].set_value("6 hours").run()
    assert [b.label for b in at.button if b.label.startswith("Drop")] == [
        "Drop 2 messages older than 6 hours"
    ]


def test_they_can_be_looked_at_one_by_one(look: Look, down: None) -> None:
    at = look("late.py", Role.MANAGER)
    at.get("button_group")[0].set_value("One by one").run()
    assert "1 of 2" in text_of(at)
    at.toggle[0].set_value(True).run()
    assert "Email on a phone" in text_of(at)
    press(at, "Leave it for later")
    assert "2 of 2" in text_of(at)
    press(at, "Drop this")
    assert "1 of 1" in text_of(at)
    press(at, "Send this")
    assert sorted(statuses("ask")) == ["queued", "skipped"]


def test_what_was_skipped_without_asking_can_be_sent_anyway(look: Look, down: None) -> None:
    at = look("late.py", Role.MANAGER)
    assert "2 messages. px was down for 9 hours" in text_of(at).replace("**", "")
    with reading() as session:
        ids = [line.id for line in touch_lines(session) if line.touchpoint == "tell"]
    at.session_state["px_skipped_gap_0"] = {"ids": [str(ids[0])]}
    press(at.run(), "Send 1 message anyway")
    assert sorted(statuses("tell")) == ["queued", "skipped"]


def test_today_says_that_px_was_down(look: Look, down: None) -> None:
    said = text_of(look("", Role.MANAGER)).replace("**", "")
    assert "px was down for 9 hours, from 4 May 2026, 03:00 to 4 May 2026, 12:00." in said
    assert "2 messages were skipped as too late." in said
