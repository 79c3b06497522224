"""The links of marketing mails: on to where they lead, and only what people do is counted."""

from datetime import UTC, datetime, timedelta

import pytest

from db.kinds import EventKind
from px import messages
from px.core import settings as px_settings
from px.core import tokens
from px.core.errors import DatabaseProblem
from px.core.events import unreacted_events
from px.core.work import reading, work
from px.messages.actions import cancel_for_customer
from px.web.gate import is_public
from tests.web.client import Client
from tests.web.letters import BROWSER, KEY, LINK, image, link, mail, the_mail

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
TARGET = (
    "https://fern.example/all?a=1&utm_source=My%20shop&utm_medium=email"
    "&utm_campaign=serum&utm_content=welcome#new"
)


def clicks() -> list[dict[str, object]]:
    with reading() as session:
        found = unreacted_events(session, 100, now=NOW + timedelta(days=1))
        return [event.data for event in found if event.kind == EventKind.MESSAGE_CLICKED]


def follow(visitor: Client, path: str = "", **headers: str):
    return visitor.get(path or link(), headers=BROWSER | headers)


class TestTheWay:
    def test_it_leads_on_and_says_where_the_visitor_comes_from(self, visitor):
        mail(NOW)
        answer = follow(visitor)
        assert answer.status_code == 302
        assert answer.headers["location"] == TARGET
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-robots-tag"] == "noindex, nofollow"
        assert answer.content == b""

    def test_a_link_to_our_own_pages_is_left_as_it_is(self, visitor):
        mail(NOW)
        answer = follow(visitor, link("http://localhost:8501/help"))
        assert answer.headers["location"] == "http://localhost:8501/help"

    def test_what_is_asked_behind_the_token_changes_nothing(self, visitor):
        mail(NOW)
        answer = follow(visitor, f"{link()}?url=https://evil.example&next=//evil.example")
        assert answer.headers["location"] == TARGET

    @pytest.mark.parametrize(
        "path",
        [
            "/c/x",
            "/c/https:%2F%2Fevil.example",
            "/c/%09Location:%20https:%2F%2Fevil.example",
            "/c/" + "A" * 22,
            "/c/" + "A" * 5000,
            "/c/%F0%9F%8C%BF",
        ],
    )
    def test_a_wrong_link_says_kindly_that_it_does_not_work(self, visitor, path):
        mail(NOW)
        answer = follow(visitor, path)
        assert answer.status_code == 404
        assert "This link does not work" in answer.text
        assert "location" not in answer.headers
        assert answer.headers["x-robots-tag"] == "noindex, nofollow"

    def test_a_line_break_makes_no_header(self, visitor):
        mail(NOW)
        answer = follow(visitor, f"{link()}%0d%0aLocation:%20https:%2F%2Fevil.example")
        assert (answer.status_code, answer.headers.get("location")) == (404, None)

    def test_tokens_for_other_things_lead_nowhere(self, visitor):
        ada = mail(NOW)
        with reading() as session:
            key = px_settings.current(session).key
        others = [
            tokens.sign("unsubscribe", f"{ada}.email.{KEY}", key=key),
            tokens.sign("preview", KEY, key=key),
            image().rsplit("/", 1)[1],
        ]
        assert [follow(visitor, f"/c/{token}").status_code for token in others] == [404, 404, 404]
        assert clicks() == []

    def test_a_link_that_the_mail_does_not_have_leads_to_the_shop_or_nowhere(self, visitor):
        mail(NOW)
        made_up = link("https://evil.example/")
        assert follow(visitor, made_up).status_code == 404
        with work() as session:
            px_settings.save(session, {"shop_url": "https://fern.example"}, by="x", now=NOW)
        location = follow(visitor, made_up).headers["location"]
        assert location.startswith("https://fern.example?utm_source=")

    def test_only_looking_is_possible(self, visitor):
        mail(NOW)
        assert visitor.post(link(), headers=BROWSER).status_code == 405
        assert visitor.get(link(), headers=BROWSER).status_code == 302

    def test_anybody_may_follow_it(self):
        assert is_public("/c/abc")
        assert is_public("/i/abc")
        assert not is_public("/customers")


class TestWhoCounts:
    def test_the_first_click_is_kept_and_journeys_hear_of_it(self, visitor, monkeypatch):
        mail(NOW)
        follow(visitor)
        monkeypatch.setattr("px.core.clock.now", lambda: NOW + timedelta(hours=1))
        follow(visitor)
        assert the_mail().clicked_at == NOW
        assert clicks() == [
            {
                "touchpoint": "welcome",
                "journey": "serum",
                "message": 1,
                "channel": "email",
                "link": LINK,
            }
        ]

    @pytest.mark.parametrize(
        "headers",
        [
            {"user-agent": ""},
            {"user-agent": "Mozilla/5.0"},
            {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://google.com/bot.html)"},
            {"user-agent": "facebookexternalhit/1.1"},
            {"user-agent": "WhatsApp/2.23.20.0 A"},
            {"user-agent": "Mozilla/5.0 (Windows) BarracudaCentral"},
            {"user-agent": "curl/8.5.0"},
            {"user-agent": "python-requests/2.32"},
            {"user-agent": "Mozilla/5.0 HeadlessChrome/130.0"},
            {"purpose": "prefetch"},
            {"sec-purpose": "prefetch;prerender"},
            {"x-moz": "prefetch"},
            {"cookie": "px_session=somebody-of-the-team"},
        ],
    )
    def test_machines_and_the_team_are_led_on_and_not_counted(self, visitor, headers):
        mail(NOW)
        assert follow(visitor, **headers).headers["location"] == TARGET
        assert (the_mail().clicked_at, clicks()) == (None, [])

    @pytest.mark.parametrize(
        "agent",
        [
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"
            " (KHTML, like Gecko) Mobile/15E148",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
            " Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0",
            "Mozilla/5.0 (Linux; Android 14; CUBOT X90) AppleWebKit/537.36 Chrome/130.0",
        ],
    )
    def test_people_are(self, visitor, agent):
        mail(NOW)
        follow(visitor, **{"user-agent": agent})
        assert the_mail().clicked_at == NOW

    def test_looking_without_following_is_not_counted(self, visitor):
        mail(NOW)
        answer = visitor.head(link(), headers=BROWSER)
        assert (answer.status_code, answer.headers["location"]) == (302, TARGET)
        assert clicks() == []

    @pytest.mark.parametrize(
        ("left", "counts"),
        [
            (timedelta(seconds=1), False),
            (timedelta(seconds=2), True),
            (None, False),
        ],
    )
    def test_nobody_clicks_before_the_mail_can_have_arrived(self, visitor, left, counts):
        mail(NOW, left=left)
        assert follow(visitor).headers["location"] == TARGET
        assert bool(clicks()) is counts

    def test_a_click_that_cannot_be_kept_leads_on_all_the_same(self, visitor, monkeypatch):
        mail(NOW)

        def busy(*_given: object, **_named: object) -> None:
            raise DatabaseProblem("The database is busy.")

        monkeypatch.setattr(messages, "record_click", busy)
        assert follow(visitor).headers["location"] == TARGET
        monkeypatch.undo()
        assert clicks() == []

    def test_of_somebody_erased_nothing_is_recorded_and_the_link_still_works(self, visitor):
        ada = mail(NOW)
        with work() as session:
            cancel_for_customer(session, ada, now=NOW)
        assert follow(visitor).headers["location"] == TARGET
        assert (the_mail().clicked_at, clicks()) == (None, [])

    def test_unsubscribing_is_known_of_the_mail_it_came_from(self, visitor):
        ada = mail(NOW)
        with reading() as session:
            key = px_settings.current(session).key
        token = tokens.sign("unsubscribe", f"{ada}.email.{KEY}", key=key)
        visitor.get(f"/u/{token}")
        assert the_mail().unsubscribed_at is None
        visitor.post(f"/u/{token}")
        assert the_mail().unsubscribed_at == NOW

    def test_the_links_of_a_year_ago_still_work(self, visitor, monkeypatch):
        mail(NOW)
        monkeypatch.setattr("px.core.clock.now", lambda: NOW + timedelta(days=365))
        assert follow(visitor).status_code == 302

    def test_a_link_made_before_the_mail_was_queued_is_the_same(self, visitor):
        before = link()
        mail(NOW)
        with reading() as session:
            said = messages.words_of(session, 1, px_settings.current(session))
        assert said is not None
        assert before in said.text
