"""After a provider refused everybody, one message tries it: and only what it says counts."""

import pytest

from px.core.errors import DatabaseProblem
from px.messages import Sender, hand, send_due
from tests.fakes.smtp import mail_server
from tests.px.messages.rows import live, messages, note, queue, template

BUSY = "451 4.3.0 try again later"


@pytest.fixture
def seconds(monkeypatch):
    """The seconds that the breakers see; the test lets them pass."""
    passed = [1000.0]
    monkeypatch.setattr("px.messages.gates.monotonic", lambda: passed[0])
    return passed


def queue_mails(shop, count, now, *, key="c", **changes):
    version = changes.pop("version", None) or template(now=now)
    mails = (
        note(None, version, now=now, to=f"{key}{n}@x.example", **changes) for n in range(count)
    )
    queue(shop, *mails, now=now)


def test_a_try_that_the_database_cuts_short_does_not_keep_the_channel_shut_for_ever(
    database, settings, now, seconds, monkeypatch
):
    moment = [now]
    with mail_server() as server:
        server.replies["MAIL"] = [BUSY] * 5
        shop = live(settings, server.port)
        queue_mails(shop, 6, now)
        sender = Sender(clock=lambda: moment[0], connections=1)
        assert sender.run(shop) == {"down": 5}

        def locked(*_arguments, **_named):
            raise DatabaseProblem("The database is busy with another program.")

        seconds[0] += 31
        with monkeypatch.context() as broken:
            broken.setattr(hand, "begin", locked)
            assert sender.run(shop) == {}
        moment[0] = now.replace(hour=now.hour + 1)
        assert sender.run(shop) == {"sent": 6}
        sender.close()


def test_a_text_that_cannot_be_filled_in_says_nothing_about_the_provider(
    database, settings, now, seconds
):
    with mail_server() as server:
        server.replies["MAIL"] = [BUSY] * 50
        shop = live(settings, server.port)
        queue_mails(shop, 12, now)
        sender = Sender(clock=lambda: now, connections=1)
        assert sender.run(shop) == {"down": 5}
        queue_mails(shop, 1, now, key="bad", version=template(body="{% no %}", now=now), priority=9)
        seconds[0] += 31
        assert sender.run(shop) == {"failed": 1, "down": 1}
        sender.close()
    assert sum(row.attempts for row in messages()) == 7


def test_why_everybody_waits_names_none_of_them(database, settings, now, caplog):
    with mail_server() as server:
        server.replies["RCPT"] = "550 5.7.1 <Ada@Example.com>: relaying denied"
        shop = live(settings, server.port)
        version = template(now=now)
        to_ada = [note(None, version, now=now, key=f"ada {n}") for n in range(5)]
        to_ben = note(None, version, now=now, to="ben@example.com")
        queue(shop, *to_ada, to_ben, now=now)
        _, problems = send_due(settings=shop, clock=lambda: now, connections=1)
    *of_ada, of_ben = messages()
    assert {row.detail for row in of_ada} == {
        "Refused for good: 550 5.7.1 <Ada@Example.com>: relaying denied"
    }
    assert of_ben.detail == "Refused for good: 550 5.7.1 <...>: relaying denied"
    assert problems == {"email": of_ben.detail}
    assert "ada@" not in caplog.text.lower()
