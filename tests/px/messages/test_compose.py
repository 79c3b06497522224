"""What a message says and which links it carries, the same in every attempt."""

import pytest

from db.kinds import Channel, Purpose
from px.channels import OutgoingMessage
from px.core import tokens
from px.core.settings import Settings
from px.core.work import marking, reading
from px.messages import words_of
from px.messages.compose import Composer, one_click_works
from px.messages.send import claim
from tests.px.messages.rows import live, note, people, queue, template

LINKED = "Hello {{ customer.first_name }}.\n\n[Stop these]({{ unsubscribe_url }})"


def composed(settings: Settings, now) -> OutgoingMessage:
    composer = Composer(settings)
    with marking() as session:
        (message,) = claim(session, owner="x", channels=list(Channel), limit=1, now=now)
        composer.load(session, {message.template_version_id})
    first, again = composer.compose(message), composer.compose(message._replace(attempts=4))
    assert isinstance(first, OutgoingMessage)
    assert isinstance(again, OutgoingMessage)
    assert (first.text, first.html, first.subject) == (again.text, again.html, again.subject)
    return first


def test_marketing_carries_a_signed_link_that_names_customer_channel_and_message(
    database, settings, now
):
    shop = live(settings, 25, base_url="https://px.fern.example")
    (ada,) = people("ada@example.com", now=now)
    queue(
        shop,
        note(ada, template("Hi", LINKED, now=now), now=now, purpose=Purpose.MARKETING),
        now=now,
    )
    message = composed(shop, now)
    link = message.unsubscribe_url
    assert link.startswith("https://px.fern.example/u/")
    told = tokens.read("unsubscribe", link.rsplit("/", 1)[1], key=shop.key)
    assert told == f"{ada}.email.note:ada@example.com"
    assert link in (message.html or "")
    assert link in message.text


def test_a_notice_about_an_order_has_no_link_to_unsubscribe(database, settings, now):
    shop = live(settings, 25, base_url="https://px.fern.example")
    (ada,) = people("ada@example.com", now=now)
    queue(shop, note(ada, template("Hi", "Hello", now=now), now=now), now=now)
    message = composed(shop, now)
    assert message.unsubscribe_url == ""
    assert "/u/" not in (message.html or "")


@pytest.mark.parametrize(
    ("base_url", "works"),
    [
        ("https://px.fern.example", True),
        ("http://px.fern.example", False),
        ("http://localhost:8501", True),
        ("http://127.0.0.1:8501", True),
        ("http://localhost.evil.example", False),
    ],
)
def test_one_click_is_promised_only_where_mail_programs_accept_it(base_url, works):
    assert one_click_works(base_url) is works


def test_what_a_message_says_can_be_read_before_and_after_it_left(database, settings, now):
    (ada,) = people("ada@example.com", now=now)
    words = {"customer": {"first_name": "Ada"}}
    version = template("For {{ customer.first_name }}", "Hello", now=now)
    queue(settings, note(ada, version, now=now, context=words), now=now)
    with reading() as session:
        shown = words_of(session, 1, settings)
        assert shown is not None
        assert shown.subject == "For Ada"
        assert words_of(session, 99, settings) is None


def test_a_phone_gets_the_short_text_and_no_html(database, settings, now):
    version = template("Hi", "A *long* body", now=now)
    message = note(None, version, now=now, channel=Channel.SMS, to="+31612345678")
    queue(settings, message, now=now)
    assert composed(settings, now).html is None
