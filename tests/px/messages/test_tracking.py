"""Links of marketing messages: which are counted, where they lead, and that nobody bends them."""

import re
from datetime import datetime, timedelta

import pytest

from db.kinds import Channel, EventKind, Purpose
from db.models.messages import Message, Template, TemplateVersion
from px.core import tokens
from px.core.events import Event, NewEvent, record_events, unreacted_events
from px.core.settings import Settings
from px.core.work import marking, reading, work
from px.messages import follow, hear_answers, opened_by, record_click, record_open
from px.messages.actions import cancel_for_customer
from px.messages.compose import Composer
from px.messages.following import Reached, record_unsubscribed
from px.messages.render import Rendered
from px.messages.send import claim
from px.messages.tracking import (
    Links,
    hash_of,
    leads_to,
    read_link,
    read_pixel,
    utm_words,
    with_words,
)
from tests.px.messages.rows import messages, note, people, queue

KEY = "t:AbCdEfGhIjKlMnOp"
BODY = """Hello {{ customer.first_name }},

[Our shop](https://fern.example/all?a=1&b=2#new), [your item]({{ shop.url }}/p/{{ line.sku }}),
[write](mailto:hello@fern.example), [call](tel:+31201234567) or [stop]({{ unsubscribe_url }}).

{% for line in order.lines %}
* [{{ line.name }}](https://fern.example/l/{{ line.sku }})
{% endfor %}
"""
WORDS = {
    "customer": {"first_name": "Ada"},
    "shop": {"url": "https://fern.example"},
    "line": {"sku": "S 1"},
    "order": {"lines": [{"sku": "a", "name": "A"}, {"sku": "b", "name": "B"}]},
}
COUNTED = re.compile(r"https://px\.example/c/([A-Za-z0-9_-]+)")


@pytest.fixture
def shop(settings: Settings) -> Settings:
    return settings.model_copy(update={"base_url": "https://px.example"})


def version(now: datetime, **words: str) -> int:
    with work() as session:
        row = Template(key="welcome", name="Welcome", created_at=now)
        session.add(row)
        session.flush()
        made = TemplateVersion(
            template_id=row.id or 0, number=1, created_at=now, **{"subject": "Hi"} | words
        )
        session.add(made)
        session.flush()
        assert made.id is not None
        return made.id


def queued(shop: Settings, now: datetime, body: str = BODY, **changes) -> int:
    """A marketing message to Ada, number 1; who she is."""
    (ada,) = people("ada@example.com", now=now)
    values = {
        "key": KEY,
        "purpose": Purpose.MARKETING,
        "context": WORDS,
        "journey_key": "serum",
        "touchpoint": "welcome",
    }
    words = changes.pop("words", {"body": body})
    queue(shop, note(ada, version(now, **words), now=now, **values | changes), now=now)
    return ada


def rendered(shop: Settings, now: datetime) -> Rendered:
    composer = Composer(shop)
    with marking() as session:
        (message,) = claim(session, owner="x", channels=list(Channel), limit=1, now=now)
        composer.load(session, {message.template_version_id})
    return composer.rendered(message)


def left(now: datetime) -> None:
    """Message 1 has left at `now`."""
    with work() as session:
        message = session.get_one(Message, 1)
        message.status, message.sent_at, message.settled_at = "sent", now, now


def followed(shop: Settings, token: str) -> Reached | None:
    with reading() as session:
        return follow(session, token, settings=shop)


def links_of(shop: Settings, text: str) -> list[str | None]:
    found = [followed(shop, token) for token in COUNTED.findall(text)]
    return [one.link if one else None for one in found]


class TestWhichLinksAreCounted:
    def test_links_to_the_web_lead_over_us_and_nothing_else_does(self, database, shop, now):
        queued(shop, now)
        made = rendered(shop, now)
        wanted = [
            "https://fern.example/all?a=1&b=2#new",
            "https://fern.example/p/S%201",
            "https://fern.example/l/a",
            "https://fern.example/l/b",
        ]
        assert links_of(shop, made.text) == wanted
        assert links_of(shop, made.html or "") == wanted
        assert 'href="mailto:hello@fern.example"' in (made.html or "")
        assert 'href="tel:+31201234567"' in (made.html or "")
        assert "https://px.example/u/" in made.text
        assert "fern.example/" not in (made.html or "")

    def test_both_parts_of_a_mail_have_the_same_links(self, database, shop, now):
        queued(shop, now)
        made = rendered(shop, now)
        assert COUNTED.findall(made.text) == COUNTED.findall(made.html or "")

    def test_every_attempt_has_the_same_bytes(self, database, shop, now):
        queued(shop, now)
        assert rendered(shop, now) == rendered(shop, now + timedelta(hours=1))

    def test_a_notice_about_an_order_keeps_its_links(self, database, shop, now):
        queued(shop, now, purpose=Purpose.TRANSACTIONAL)
        made = rendered(shop, now)
        assert "/c/" not in made.text
        assert "/i/" not in (made.html or "")
        assert "https://fern.example/all?a=1&b=2#new" in made.text

    def test_a_shop_that_does_not_count_links_has_them_plain(self, database, shop, now):
        queued(shop, now)
        made = rendered(shop.model_copy(update={"track_links": False}), now)
        assert "/c/" not in made.text
        assert "/i/" not in (made.html or "")

    def test_in_an_sms_links_are_short_and_what_stands_around_them_stays(self, database, shop, now):
        text = "Hi {{ customer.first_name }}: https://fern.example/a-long/way?x={{ line.sku }}."
        queued(shop, now, channel=Channel.SMS, words={"sms": text})
        made = rendered(shop, now)
        assert re.fullmatch(r"Hi Ada: https://px\.example/c/[A-Za-z0-9_-]{22}\.", made.text)
        assert links_of(shop, made.text) == ["https://fern.example/a-long/way?x=S%201"]

    def test_an_address_written_out_in_a_mail_is_counted_too(self, database, shop, now):
        queued(shop, now, "See https://fern.example/x, or {{ shop.url }}.")
        made = rendered(shop, now)
        assert links_of(shop, made.text) == ["https://fern.example/x", "https://fern.example"]
        assert ">https://fern.example/x</a>" in (made.html or "")

    @pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.SMS, Channel.WHATSAPP])
    @pytest.mark.parametrize(
        "address",
        [
            "https://{{ customer.first_name }}/x",
            "https://{{ customer.first_name }}.fern.example/x",
            "https://fern.example{{ customer.first_name }}",
            "https://fern.example@{{ customer.first_name }}/",
            "{{ customer.first_name }}",
        ],
    )
    def test_a_customer_cannot_make_a_link_of_ours_to_anywhere(
        self, database, shop, now, address, channel
    ):
        name = "https://evil.example/" if address.startswith("{{") else ".evil.example"
        body = f"[x]({address})" if channel == Channel.EMAIL else address
        words = {"body": body, "sms": body, "whatsapp": body}
        context = {"customer": {"first_name": name}}
        queued(shop, now, channel=channel, words=words, context=context)
        assert not COUNTED.findall(rendered(shop, now).text)

    def test_the_image_stands_at_the_very_end_of_a_mail_and_tells_which_it_was(
        self, database, shop, now
    ):
        queued(shop, now)
        html = rendered(shop, now).html or ""
        (token,) = re.findall(r'src="https://px\.example/i/([A-Za-z0-9_-]+)"', html)
        assert html.index("/i/") > html.rindex("/c/")
        with reading() as session:
            found = opened_by(session, token, settings=shop)
        assert found is not None
        assert found.id == 1


class TestWhereALinkLeads:
    def test_it_works_for_messages_of_any_key(self, database, shop, now):
        queued(shop, now, key="by-hand:12", body="[x](https://fern.example/x)")
        assert links_of(shop, rendered(shop, now).text) == ["https://fern.example/x"]

    def test_a_branch_that_this_customer_did_not_see_changes_no_other_link(
        self, database, shop, now
    ):
        body = "{% if answer %}[a](https://fern.example/a)\n{% endif %}[b](https://fern.example/b)"
        queued(shop, now, body)
        assert links_of(shop, rendered(shop, now).text) == ["https://fern.example/b"]

    def test_of_somebody_erased_fixed_links_still_work_and_own_ones_lead_to_the_shop(
        self, database, shop, now
    ):
        shop = shop.model_copy(update={"shop_url": "https://fern.example"})
        ada = queued(shop, now)
        text = rendered(shop, now).text
        with work() as session:
            cancel_for_customer(session, ada, now=now)
        assert links_of(shop, text)[:2] == [
            "https://fern.example/all?a=1&b=2#new",
            "https://fern.example",
        ]

    def test_without_a_shop_to_go_to_a_lost_link_leads_nowhere(self, database, shop, now):
        queued(shop, now)
        lost = Links(KEY, shop).link("https://fern.example/never-written")
        found = followed(shop, lost.rsplit("/", 1)[1])
        assert found is not None
        assert found.link is None

    @pytest.mark.parametrize(
        "address",
        [
            "javascript:alert(1)",
            "data:text/html,x",
            "//evil.example",
            "https:evil.example",
            "https:///evil.example",
            "https://fern.example@evil.example/",
            "https://fern.example\\@evil.example/",
            "https://fern.example/\r\nSet-Cookie: a=b",
            "https://fern.example/\u2028x",
            "https://fern.example:99999999/",
            "https://[::1",
            "https://" + "\u00fc" * 300 + ".example/",
            "https://fern.example/" + "a" * 2000,
            "ftp://fern.example/",
            "",
        ],
    )
    def test_where_nothing_of_ours_may_lead(self, shop, address):
        assert leads_to(address) is None

    @pytest.mark.parametrize(
        ("address", "target"),
        [
            ("https://fern.example", "https://fern.example"),
            ("http://fern.example/a%20b?c=d%26e#f", "http://fern.example/a%20b?c=d%26e#f"),
            ("https://bücher.example/ü?ö=1", "https://xn--bcher-kva.example/%C3%BC?%C3%B6=1"),
            ("https://Bücher.example:8443/", "https://xn--bcher-kva.example:8443/"),
            ("https://fern.example/a(b)'c", "https://fern.example/a(b)'c"),
        ],
    )
    def test_an_address_reaches_the_browser_as_it_was_written(self, address, target):
        assert leads_to(address) == target


class TestTokens:
    def test_a_link_says_which_message_and_which_of_its_links(self, shop):
        token = Links(KEY, shop).link("https://fern.example/").rsplit("/", 1)[1]
        assert len(token) == 22
        assert read_link(token, key=shop.key) == (KEY, hash_of("https://fern.example/"))

    def test_a_changed_or_shortened_link_is_another_message_or_none(self, database, shop, now):
        queued(shop, now)
        token = COUNTED.findall(rendered(shop, now).text)[0]
        for place in range(len(token)):
            for other in "Aq7_":
                changed = token[:place] + other + token[place + 1 :]
                assert changed == token or followed(shop, changed) is None
        assert all(followed(shop, token[:length]) is None for length in range(len(token)))
        assert followed(shop, token + "A") is None
        assert followed(shop, token.swapcase()) is None

    @pytest.mark.parametrize("token", ["", "a", "\u00fc" * 22, "=" * 22, "A" * 100_000, "../../x"])
    def test_what_is_no_token_is_told_so(self, database, shop, now, token):
        queued(shop, now)
        assert followed(shop, token) is None
        with reading() as session:
            assert opened_by(session, token, settings=shop) is None

    @pytest.mark.parametrize("key", [KEY, "by-hand:12"])
    def test_a_token_for_one_thing_is_none_for_another(self, shop, key):
        links = Links(key, shop)
        click = links.link("https://fern.example/").rsplit("/", 1)[1]
        image = links.pixel.rsplit("/", 1)[1]
        named = read_link(image, key=shop.key)
        assert named is None or named.message_key != key
        assert read_pixel(click, key=shop.key) is None
        unsubscribe = tokens.sign("unsubscribe", f"1.email.{key}", key=shop.key)
        assert read_link(unsubscribe, key=shop.key) is None
        assert read_pixel(unsubscribe, key=shop.key) is None

    def test_another_shops_link_is_none_of_ours(self, shop):
        token = Links("by-hand:12", shop).link("https://fern.example/").rsplit("/", 1)[1]
        assert read_link(token, key=b"another key") is None

    def test_a_link_to_a_message_about_an_order_is_none(self, database, shop, now):
        queued(shop, now, purpose=Purpose.TRANSACTIONAL)
        token = Links(KEY, shop).link("https://fern.example/all?a=1&b=2#new").rsplit("/", 1)[1]
        assert followed(shop, token) is None


UTM = {"utm_source": "Fern & Fable", "utm_medium": "email", "utm_campaign": "serum"}
ADDED = "utm_source=Fern%20%26%20Fable&utm_medium=email&utm_campaign=serum"


class TestUtm:
    @pytest.mark.parametrize(
        ("address", "made"),
        [
            ("https://f.example", f"https://f.example?{ADDED}"),
            ("https://f.example/?", f"https://f.example/?{ADDED}"),
            ("https://f.example/a#b", f"https://f.example/a?{ADDED}#b"),
            ("https://f.example/#/a?b=c", f"https://f.example/?{ADDED}#/a?b=c"),
            ("https://f.example/?a=%26&a=2&", f"https://f.example/?a=%26&a=2&{ADDED}"),
            ("https://f.example/?a+b", f"https://f.example/?a+b&{ADDED}"),
        ],
    )
    def test_they_are_added_and_nothing_is_broken(self, address, made):
        assert with_words(address, UTM) == made

    def test_those_that_stand_there_stay(self):
        address = "https://f.example/?UTM_Source=insta&utm_medium="
        assert with_words(address, UTM) == f"{address}&utm_campaign=serum"
        full = "https://f.example/?utm_source=a&utm_medium=b&utm_campaign=c#d"
        assert with_words(full, UTM) == full

    def test_they_say_shop_channel_journey_and_touchpoint(self, settings):
        assert utm_words(settings, "sms", "serum", "welcome") == {
            "utm_source": "Fern & Fable",
            "utm_medium": "sms",
            "utm_campaign": "serum",
            "utm_content": "welcome",
        }


class TestWhatIsRemembered:
    def reached(self, shop: Settings) -> Reached:
        token = Links(KEY, shop).link("https://fern.example/all?a=1&b=2#new").rsplit("/", 1)[1]
        found = followed(shop, token)
        assert found is not None
        return found

    def events(self, now: datetime) -> list[Event]:
        with reading() as session:
            return unreacted_events(session, 100, now=now + timedelta(days=9))

    def test_the_first_click_is_kept_and_is_one_event(self, database, shop, now):
        ada = queued(shop, now)
        left(now)
        for minutes in (5, 9):
            with work() as session:
                at = now + timedelta(minutes=minutes)
                record_click(session, self.reached(shop), now=at)
        (message,) = messages()
        assert message.clicked_at == now + timedelta(minutes=5)
        (event,) = self.events(now)
        assert (event.kind, event.at) == (EventKind.MESSAGE_CLICKED, now + timedelta(minutes=5))
        assert event.customer_id == ada
        assert event.data == {
            "touchpoint": "welcome",
            "journey": "serum",
            "message": 1,
            "channel": "email",
            "link": "https://fern.example/all?a=1&b=2#new",
        }

    def test_a_click_proves_that_a_message_of_unknown_outcome_arrived(self, database, shop, now):
        queued(shop, now)
        with work() as session:
            message = session.get_one(Message, 1)
            message.status, message.reason = "held", "unknown_outcome"
        assert self.reached(shop).is_known_to_have_left
        with work() as session:
            record_click(session, self.reached(shop), now=now)
        (message,) = messages()
        assert (message.status, message.reason) == ("sent", None)
        assert message.sent_at is not None

    def test_of_somebody_erased_nothing_is_remembered(self, database, shop, now):
        ada = queued(shop, now)
        left(now)
        with work() as session:
            cancel_for_customer(session, ada, now=now)
        reached = self.reached(shop)
        assert reached.is_erased
        with work() as session:
            record_click(session, reached, now=now)
            record_open(session, reached, now=now)
        (message,) = messages()
        assert (message.clicked_at, message.opened_at) == (None, None)
        assert self.events(now) == []

    def test_unsubscribing_marks_the_message_it_came_from(self, database, shop, now):
        ada = queued(shop, now)
        with work() as session:
            record_unsubscribed(session, ada + 1, KEY, now=now)
            record_unsubscribed(session, ada, "99999999999999999999", now=now)
        assert messages()[0].unsubscribed_at is None
        with work() as session:
            record_unsubscribed(session, ada, KEY, now=now)
            record_unsubscribed(session, ada, "1", now=now + timedelta(hours=1))
        assert messages()[0].unsubscribed_at == now

    def test_an_answer_marks_the_message_that_asked(self, database, shop, now):
        ada = queued(shop, now)
        left(now)
        self.answer(ada, "another", now + timedelta(hours=1))
        self.answer(ada + 1, "welcome", now + timedelta(hours=1))
        self.answer(ada, "welcome", now - timedelta(hours=1))
        assert messages()[0].answered_at is None
        self.answer(ada, "welcome", now + timedelta(hours=2))
        self.answer(ada, "welcome", now + timedelta(hours=3))
        assert messages()[0].answered_at == now + timedelta(hours=2)

    def answer(self, customer_id: int, touchpoint: str, at: datetime) -> None:
        event = Event(
            key="a",
            kind=EventKind.ANSWERED,
            at=at,
            recorded_at=at,
            customer_id=customer_id,
            data={"touchpoint": touchpoint, "answer": "9"},
        )
        with work() as session:
            hear_answers(session, [event], settings=None, now=at)


def test_the_key_of_an_event_makes_a_click_happen_once(database, now):
    """Two servers that see the same first click write one event."""
    twice = [NewEvent("message:1:clicked", EventKind.MESSAGE_CLICKED, now)] * 2
    with work() as session:
        record_events(session, twice, now=now)
    with reading() as session:
        assert len(unreacted_events(session, 10, now=now)) == 1
