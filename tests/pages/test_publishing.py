"""Publishing a journey: what is said before, whom it concerns, and what then stands."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from px import flow, journeys
from px.core.work import reading, work
from px.journeys import read_document, to_data
from px.orders import record_orders
from tests.builders import order
from tests.pages.conftest import Look
from tests.pages.conftest import text_of as marked_text_of

KEY = "care"
JOURNEY = """
format: 1
journey: care
name: Care
enter: {on: order_placed}
touchpoints:
  - {key: thanks, purpose: transactional, anchor: order_placed, message: thanks}
  - {key: tips, purpose: transactional, anchor: order_placed, after: 5d, message: thanks}
templates:
  thanks: {subject: Thanks, body: Thank you.}
"""


def text_of(at: AppTest) -> str:
    return marked_text_of(at).replace("\\", "")


def asked(at: AppTest) -> AppTest:
    """With the dialog open: in a test every run is a whole one, which would close it."""
    next(button for button in at.button if button.label == "Publish journey").click()
    return at.run()


def publish(at: AppTest) -> AppTest:
    """The dialog's own button is pressed."""
    [button for button in at.button if button.label == "Publish journey"][1].click()
    return asked(at)


@pytest.fixture
def drafted(database, now: datetime) -> None:
    with work() as session:
        journeys.import_journey(session, JOURNEY, overwrite=False, by="Mia", now=now)


@pytest.fixture
def inside(drafted: None, now: datetime) -> None:
    """Ada and Dora are inside for two days, with tips to come, and a shorter wait is drafted."""
    placed = now - timedelta(days=2)
    with work() as session:
        journeys.publish(session, KEY, by="Mia", now=placed, note="The first one")
        facts = [order("ada", "#1", at=placed), order("dora", "#2", at=placed)]
        record_orders(session, facts, now=placed, historic_before=placed, key=b"k")
    play(placed)
    with work() as session:
        data = to_data(journeys.live_document(session, journeys.journey_row(session, KEY)))
        data["touchpoints"][1] |= {"after": "1d", "name": "Tips for the first week"}
        journeys.save_draft(session, read_document(data), by="Mia", now=now)


def play(now: datetime) -> None:
    while flow.react(now=now) or flow.advance(now=now):
        pass


def fates(touchpoint: str) -> list[tuple[str, str | None]]:
    with reading() as session:
        lines = journeys.touch_lines(session, journey=KEY)
    return [(line.status, line.reason) for line in lines if line.touchpoint == touchpoint]


def choose(at: AppTest, start: str) -> AppTest:
    radio: Any = next(one for one in at.radio if one.label == "Those inside")
    radio.set_value(next(o for o in radio.options if o.startswith(start)))
    return asked(at)


def test_what_changed_and_whom_it_concerns_is_said_before(inside: None, look: Look) -> None:
    at = asked(look("journey.py", key=KEY))
    words = text_of(at)
    assert "Tips: now called Tips for the first week; 1 day after the order is placed" in words
    assert "2 people are inside: 2 get a message at once." in words.replace("**", "")
    at.get("button_group")[-1].set_value("at_once")
    assert {"Ada Lovelace", "Dora Visser"} <= {link.label for link in asked(at).get("page_link")}


def test_publishing_sends_what_was_announced(inside: None, look: Look, now: datetime) -> None:
    at = asked(look("journey.py", key=KEY))
    publish(at)
    play(now)
    assert fates("tips") == [("queued", None), ("queued", None)]


def test_a_quiet_move_is_announced_and_kept(inside: None, look: Look, now: datetime) -> None:
    at = choose(asked(look("journey.py", key=KEY)), "Move them, but")
    words = text_of(at).replace("**", "")
    assert "what 2 people would get at once is skipped" in words
    assert "2 are too late for one, which is skipped" in words
    publish(at)
    play(now)
    assert fates("tips") == [("skipped", "late"), ("skipped", "late")]


def test_those_who_may_finish_are_left_alone(inside: None, look: Look, now: datetime) -> None:
    at = choose(asked(look("journey.py", key=KEY)), "Let those inside")
    assert "2 people finish" in text_of(at)
    publish(at)
    play(now)
    assert fates("tips") == [("planned", None), ("planned", None)]


def test_before_a_first_launch_it_says_who_would_come_and_what_they_would_get(
    drafted: None, look: Look, now: datetime
) -> None:
    bought = now - timedelta(days=3)
    with work() as session:
        facts = [order("ada", "#1", at=bought)]
        record_orders(session, facts, now=bought, historic_before=bought, key=b"k")
    at = asked(look("journey.py", key=KEY))
    assert "In the last 30 days 1 person would have entered." in text_of(at)
    next(one for one in at.checkbox if one.label.startswith("Take in")).check()
    words = text_of(asked(at)).replace("**", "")
    assert "1 person enters at once. 1 message goes at once, 1 message is planned" in words
    publish(at)
    play(now)
    assert fates("tips") == [("planned", None)]


def test_versions_say_what_changed_and_who_is_inside(
    inside: None, look: Look, now: datetime
) -> None:
    with work() as session:
        journeys.publish(session, KEY, by="Zoe", now=now, move=False)
    at = look("journey.py", key=KEY)
    at.session_state["px_journey_tabs"] = "Versions"
    words = text_of(at.run()).replace("**", "")
    assert "Tips: now called Tips for the first week" in words
    assert "2 touchpoints, 2 people inside" in words
    assert "The first one" in words
    at.selectbox(key="px_compare_from").set_value("Version 1").run()
    assert text_of(at).count("Tips: now called Tips for the first week") == 2


def test_a_text_that_is_not_written_is_named_with_its_touchpoint(
    drafted: None, look: Look, now: datetime
) -> None:
    with work() as session:
        data = to_data(journeys.draft_document(session, journeys.journey_row(session, KEY)))
        data["touchpoints"][1]["message"] = "gone"
        journeys.save_draft(session, read_document(data), by="Mia", now=now)
    at = asked(look("journey.py", key=KEY))
    assert "gone, in Tips" in text_of(at)
