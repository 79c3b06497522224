"""The outbox page: what it says of a message, and the row each button writes."""

from datetime import datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from db.engine import Database
from db.kinds import Purpose, Role
from db.models.messages import Message
from px.core.lease import note_tick, take_lease
from px.core.settings import Settings
from px.core.work import reading, work
from px.messages import send_due
from px.team import audit
from tests.fakes.smtp import mail_server
from tests.pages.conftest import Look, text_of
from tests.px.messages.rows import live, messages, note, people, queue, template

AGREE = "Hello {{ customer.first_name }}, *thank you*."


def shown(at: AppTest) -> str:
    return text_of(at).replace("\\", "")


def press(at: AppTest, label: str) -> AppTest:
    return next(button for button in at.button if button.label == label).click().run()


def choose(at: AppTest, *ids: int) -> AppTest:
    at.session_state["px_outbox"] = {"ids": [str(one) for one in ids]}
    return at.run()


def recorded() -> list[tuple[str, str, str, dict[str, object]]]:
    """What the team's record says of messages: who, verb, noun and how many, the latest first."""
    with reading() as session:
        lines = [line for line in audit(session) if line.noun == "messages"]
    return [(line.by, line.verb, line.noun_id, line.detail) for line in lines]


def labels(at: AppTest) -> list[str]:
    return [button.label for button in at.button]


@pytest.fixture
def failed(database: Database, settings: Settings, now: datetime) -> None:
    """Message 1 was refused by its server, message 2 waits for tomorrow."""
    version = template("Your order", AGREE, now=now)
    with mail_server(replies={"RCPT": "550 5.4.1 no route"}) as server:
        shop = live(settings, server.port)
        queue(shop, note(None, version, now=now, journey_key="serum"), now=now)
        send_due(settings=shop, clock=lambda: now)
    tomorrow = now + timedelta(days=1)
    queue(settings, note(None, version, now=now, to="ben@example.com", due_at=tomorrow), now=now)


def test_an_empty_outbox_says_what_it_is_for(look: Look) -> None:
    at = look("outbox.py")
    assert "No messages yet" in shown(at)
    assert "Open journeys" in labels(at)


def test_support_sees_it_too_but_is_not_sent_to_the_journeys(look: Look) -> None:
    at = look("outbox.py", Role.SUPPORT)
    assert "No messages yet" in shown(at)
    assert "Open journeys" not in labels(at)


def test_it_says_in_a_sentence_how_things_stand(look: Look, failed: None) -> None:
    assert "1 message is due and 1 failed." in shown(look("outbox.py"))


def test_what_stops_everything_is_said_first(look: Look, failed: None, now: datetime) -> None:
    refused = {"problems": {"send": "The mail account refuses the user name or the password."}}
    with work() as session:
        take_lease(session, "scheduler", owner="x", seconds=30, now=now)
        note_tick(session, "scheduler", detail=refused, now=now)
    assert "The mail account refuses the user name or the password." in shown(look("outbox.py"))


def test_the_story_of_a_message_names_each_attempt_and_what_it_says(
    look: Look, failed: None
) -> None:
    at = choose(look("outbox.py"), 1)
    assert "Refused for good: 550 5.4.1 no route" in shown(at)
    assert "Queued Mon 4 May 2026, 12:00" in shown(at)
    assert "Your order" in shown(at)


def test_a_message_that_left_says_that_the_provider_accepted_it(
    look: Look, database: Database, settings: Settings, now: datetime
) -> None:
    version = template("Your order", AGREE, now=now)
    with mail_server() as server:
        shop = live(settings, server.port)
        queue(shop, note(None, version, now=now), now=now)
        send_due(settings=shop, clock=lambda: now)
    said = shown(choose(look("outbox.py"), 1))
    assert "Mon 4 May 2026, 12:00: Accepted by the provider. 250" in said


def test_a_failed_message_is_sent_again(look: Look, failed: None) -> None:
    press(choose(look("outbox.py"), 1), "Send again: 1 message")
    assert messages()[0].status == "queued"
    assert messages()[0].detail == "Sent again by Admin Fern."
    assert recorded() == [("admin@fern.example", "sent again", "", {"messages": 1})]


def test_a_message_that_waits_is_sent_now_or_cancelled(
    look: Look, failed: None, now: datetime
) -> None:
    at = choose(look("outbox.py"), 2)
    assert "Send again: 1 message" not in labels(at)
    press(at, "Send now: 1 message")
    assert messages()[1].due_at == now
    press(choose(at, 2), "Cancel: 1 message")
    assert messages()[1].status == "cancelled"
    assert recorded() == [
        ("admin@fern.example", "cancelled", "", {"messages": 1}),
        ("admin@fern.example", "sent now", "", {"messages": 1}),
    ]


def test_each_button_counts_the_chosen_messages_it_fits(look: Look, failed: None) -> None:
    at = choose(look("outbox.py"), 1, 2)
    assert {"Send again: 1 message", "Cancel: 1 message"} <= set(labels(at))


def test_several_messages_cancelled_at_once_are_one_row_on_record(
    look: Look, failed: None, settings: Settings, now: datetime
) -> None:
    version = template("Your order", AGREE, now=now)
    queue(settings, note(None, version, now=now, to="cleo@example.com"), now=now)
    press(choose(look("outbox.py"), 2, 3), "Cancel: 2 messages")
    assert [message.status for message in messages()] == ["failed", "cancelled", "cancelled"]
    assert recorded() == [("admin@fern.example", "cancelled", "", {"messages": 2})]


def test_a_message_that_left_meanwhile_is_not_on_record_as_cancelled(
    look: Look, failed: None, now: datetime
) -> None:
    at = choose(look("outbox.py"), 2)
    with work() as session:
        confirmed = session.get(Message, 2)
        assert confirmed
        confirmed.status = "sent"
    button = next(one for one in at.button if one.label == "Cancel: 1 message")
    button.click().run()
    assert messages()[1].status == "sent"
    assert recorded() == []


def test_a_message_that_may_have_arrived_can_be_marked_so(
    look: Look, database: Database, settings: Settings, now: datetime
) -> None:
    (ada,) = people("ada@example.com", now=now)
    with mail_server(hang_up=["DOT"]) as server:
        shop = live(settings, server.port)
        version = template("Hi", AGREE, now=now)
        queue(shop, note(ada, version, now=now, purpose=Purpose.MARKETING), now=now)
        send_due(settings=shop, clock=lambda: now)
    at = choose(look("outbox.py"), 1)
    assert "it may have arrived" in shown(at)
    press(at, "Mark as arrived: 1 message")
    assert messages()[0].status == "sent"
    assert recorded() == [("admin@fern.example", "marked as arrived", "", {"messages": 1})]


def test_the_address_of_the_page_narrows_it(look: Look, failed: None) -> None:
    at = look("outbox.py", status="failed")
    assert next(box for box in at.selectbox if box.label == "Status").value == "failed"
    assert "1 message" in shown(at).splitlines()
    at = look("outbox.py", Role.SUPPORT, q="nobody@nowhere")
    assert "No message is found for “nobody@nowhere”." in shown(at)


def test_hostile_words_are_shown_as_they_are(
    look: Look, database: Database, settings: Settings, now: datetime
) -> None:
    hostile = "<img src=x onerror=alert(1)> :material/bug: [x](javascript:alert(1))"
    version = template("Hi", AGREE, now=now)
    queue(settings, note(None, version, now=now, to_name=hostile), now=now)
    at = choose(look("outbox.py", q=hostile), 1)
    assert not at.exception
