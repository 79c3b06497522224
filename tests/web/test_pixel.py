"""The image of marketing mails: the first opening by a person, as far as one can tell."""

from datetime import UTC, datetime, timedelta

import pytest

from db.kinds import EventKind
from px.core import settings as px_settings
from px.core import tokens
from px.core.events import unreacted_events
from px.core.work import reading, work
from px.messages.actions import cancel_for_customer
from tests.web.client import Client
from tests.web.letters import BROWSER, KEY, image, link, mail, the_mail

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def openings() -> list[dict[str, object]]:
    with reading() as session:
        found = unreacted_events(session, 100, now=NOW + timedelta(days=1))
        return [event.data for event in found if event.kind == EventKind.MESSAGE_OPENED]


def fetch(visitor: Client, path: str = "", **headers: str):
    answer = visitor.get(path or image(), headers=BROWSER | headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/gif"
    assert len(answer.content) == 43
    return answer


def test_opening_is_noted_once_and_journeys_hear_of_it(visitor, monkeypatch):
    mail(NOW)
    answer = fetch(visitor)
    assert answer.content.startswith(b"GIF89a")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    monkeypatch.setattr("px.core.clock.now", lambda: NOW + timedelta(hours=1))
    fetch(visitor)
    assert the_mail().opened_at == NOW
    about = {"touchpoint": "welcome", "journey": "serum", "message": 1, "channel": "email"}
    assert openings() == [about]


def test_apples_prefetch_is_kept_apart_and_is_no_opening(visitor, monkeypatch):
    mail(NOW)
    fetch(visitor, **{"user-agent": "Mozilla/5.0"})
    assert (the_mail().prefetched_at, the_mail().opened_at) == (NOW, None)
    assert openings() == []
    monkeypatch.setattr("px.core.clock.now", lambda: NOW + timedelta(hours=1))
    fetch(visitor, **{"user-agent": "Mozilla/5.0"})
    assert the_mail().prefetched_at == NOW
    fetch(visitor)
    assert the_mail().opened_at == NOW + timedelta(hours=1)


def test_apple_fetches_the_moment_a_mail_arrives(visitor):
    mail(NOW, left=timedelta(0))
    fetch(visitor, **{"user-agent": "Mozilla/5.0"})
    assert the_mail().prefetched_at == NOW


@pytest.mark.parametrize(
    "headers",
    [{"user-agent": ""}, {"user-agent": "curl/8"}, {"cookie": "px_session=somebody"}],
)
def test_machines_and_the_team_open_nothing(visitor, headers):
    mail(NOW)
    fetch(visitor, **headers)
    assert (the_mail().opened_at, the_mail().prefetched_at) == (None, None)


def test_the_image_proxy_of_gmail_fetches_when_somebody_opens(visitor):
    mail(NOW)
    agent = "Mozilla/5.0 (Windows NT 5.1) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
    fetch(visitor, **{"user-agent": agent})
    assert the_mail().opened_at == NOW


def test_a_scanner_in_front_of_the_inbox_opens_nothing(visitor):
    mail(NOW, left=timedelta(seconds=1))
    fetch(visitor)
    assert the_mail().opened_at is None


def test_a_wrong_token_gets_the_same_image(visitor):
    mail(NOW)
    right = fetch(visitor)
    with reading() as session:
        key = px_settings.current(session).key
    others = (
        "/i/x",
        "/i/" + "A" * 22,
        "/i/" + "A" * 5000,
        "/i/https:%2F%2Fevil.example",
        "/i/" + link().rsplit("/", 1)[1],
        "/i/" + tokens.sign("click", KEY, key=key),
    )
    for path in others:
        wrong = fetch(visitor, path)
        assert (wrong.content, wrong.headers) == (right.content, right.headers)


def test_of_somebody_erased_nothing_is_noted(visitor):
    ada = mail(NOW)
    with work() as session:
        cancel_for_customer(session, ada, now=NOW)
    fetch(visitor)
    fetch(visitor, **{"user-agent": "Mozilla/5.0"})
    assert (the_mail().opened_at, the_mail().prefetched_at, openings()) == (None, None, [])
