"""The preview: every channel for one customer, what to look at, a page in which nothing runs."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from db.kinds import Channel, Purpose
from px.core import tokens
from px.core.settings import Settings
from px.messages import (
    PREVIEW_HEADERS,
    Preview,
    TemplateFailed,
    TemplateParts,
    cut_subject,
    keep_page,
    kept_page,
    loose_message,
    named_in,
    origin_of,
    preview_of,
    sms_size,
    typical_context,
)
from tests.conftest import NOW

KEY = b"a key for tests only"
SHOP = Settings(secret_key="a key for tests only", shop_name="Fern & Fable")
BODY = "Hello {{ customer.first_name }},\n\nit is here."


def shown(
    parts: TemplateParts,
    context: dict[str, Any] | None = None,
    settings: Settings = SHOP,
    purpose: Purpose = Purpose.MARKETING,
) -> Preview:
    context = typical_context() if context is None else context
    message = loose_message(context, now=NOW, purpose=purpose)
    return preview_of(parts, message, settings, now=NOW)


def warned(body: str = BODY, subject: str = "It is here", **more: Any) -> tuple[str, ...]:
    parts = TemplateParts(subject, body, more.get("sms", "short"), more.get("whatsapp", ""))
    return shown(parts, more.get("context")).warnings


def test_every_channel_is_shown_as_this_customer_gets_it() -> None:
    seen = shown(TemplateParts("Hi", BODY, "S {{ order.number }}"))
    assert seen.mail.subject == "Hi"
    assert "Hello Ada," in (seen.mail.html or "")
    assert seen.sms == "S #1001"
    assert seen.whatsapp == "Hello Ada,\n\nit is here."
    assert seen.chat == "Hello Ada,\n\nit is here."
    assert seen.snippet == "it is here."
    assert seen.warnings == ()


def test_links_to_leave_stand_in_marketing_alone_and_belong_to_nobody() -> None:
    parts = TemplateParts("Hi", "Hello", "Stop: {{ unsubscribe_url }}")
    marketing, notice = shown(parts), shown(parts, purpose=Purpose.TRANSACTIONAL)
    token = marketing.sms.rsplit("/", 1)[1]
    assert tokens.read("unsubscribe", token, key=SHOP.key) == "0.sms.preview"
    assert notice.sms == "Stop:"
    assert notice.warnings == ()


def test_what_it_costs_is_counted_by_parts_where_there_is_a_price() -> None:
    priced = SHOP.model_copy(update={"price_sms": 0.075, "price_whatsapp": 0.05})
    seen = shown(TemplateParts("Hi", "Hello", "x" * 161), settings=priced)
    assert seen.prices == {Channel.SMS: 0.15, Channel.WHATSAPP: 0.05}
    assert shown(TemplateParts("Hi", "Hello")).prices == {}


def test_what_became_of_each_variable_is_told_in_the_order_of_the_text() -> None:
    body = (
        "{{ customer.first_name | default: 'you' }} {% if shipment.tracking_url %}x{% endif %}"
        "{% for l in order.lines %}{{ l.name }}{% endfor %} {{ customer.traits['skin type'] }}"
        " {% assign z = order.total %}{{ z }} {{ shipment.carrier }}"
    )
    found = shown(TemplateParts("{{ order.number }}", body), {"order": {"number": "#7"}}).variables
    assert [(b.path, b.shown, b.is_missing, b.is_filled) for b in found] == [
        ("order.number", ("#7",), False, False),
        ("customer.first_name", ("you",), True, True),
        ("shipment.tracking_url", (), True, False),
        ("order.lines", (), True, False),
        ("customer.traits['skin type']", ("",), True, False),
        ("order.total", (), True, False),
        ("shipment.carrier", ("",), True, False),
    ]


def test_a_variable_of_one_line_of_the_order_is_found() -> None:
    parts = TemplateParts("{{ order.lines[1].name }}, {{ order.lines.first.sku }}")
    assert list(named_in(parts)) == ["order.lines[1].name", "order.lines.first.sku"]
    first, second = shown(parts).variables
    assert (first.value, second.value) == ("Cleansing brush", "SERUM-30")


def test_every_variable_says_where_it_comes_from() -> None:
    assert origin_of("customer.traits.skin_type") == "the customer's traits: answers and imports"
    assert origin_of("customer.first_name") == "the customer"
    assert origin_of("shipment.carrier") == "the latest parcel of the order"
    assert origin_of("shop.url") == "the settings"
    assert origin_of("something") == "the text itself"


def test_the_subject_is_cut_as_inboxes_do() -> None:
    assert cut_subject("x" * 40, 40) == "x" * 40
    assert cut_subject("Your order is on its way to you", 15) == "Your order is…"


def test_an_image_that_tells_of_opening_is_not_fetched_by_the_team(now: datetime) -> None:
    seen = shown(TemplateParts("Hi", "Hello"), settings=SHOP.model_copy(update={"mode": "live"}))
    assert f'src="{SHOP.base_url}/i/' in (seen.mail.html or "")
    page = kept_page(keep_page(seen.mail.html or "", key=KEY, now=now), key=KEY, now=now) or b""
    assert b"/i/" not in page
    assert b'src="data:,"' in page


def test_the_customers_own_links_cannot_be_pressed_by_the_team(now: datetime) -> None:
    html = shown(TemplateParts("Hi", "[Guide](https://fern.example)")).mail.html or ""
    page = kept_page(keep_page(html, key=KEY, now=now), key=KEY, now=now) or b""
    assert b"a{pointer-events:none}</style></head>" in page


def test_a_subject_that_phones_cut_is_said() -> None:
    assert warned(subject="x" * 60) == ()
    assert warned(subject="x" * 61) == (
        "The subject has 61 characters; phones show about 40, inboxes about 60.",
    )
    assert warned(subject="") == ("The subject is empty for this customer.",)


def test_a_mail_that_gmail_clips_is_said() -> None:
    (sentence,) = warned(
        "word " * 9_000 + "\n\n" + "{% for i in (1..3) %}" + "w " * 20_000 + "{% endfor %}"
    )
    assert sentence.startswith("The mail has ")
    assert sentence.endswith("Gmail cuts off what is beyond 102 KB, the unsubscribe link first.")


def test_what_is_empty_for_this_customer_is_named() -> None:
    body = BODY + " {{ shipment.carrier }} {{ customer.tier | default: 'new' }}"
    body += "{% if shipment.tracking_url %}{{ shipment.tracking_url }}{% endif %}"
    context = {"customer": {"first_name": "Ada"}}
    assert warned(body, context=context) == (
        "Empty for this customer: shipment.carrier."
        ' A default helps: {{ shipment.carrier | default: "..." }}.',
    )


def test_what_else_may_be_wrong_is_said() -> None:
    assert warned("") == ("The body is empty: the mail would only have its frame.",)
    assert warned("Hello <b>you</b>, a<b") == (
        "HTML in the body is shown as it is written. Use Markdown for formatting.",
    )


def test_a_long_sms_says_what_it_costs() -> None:
    assert warned(sms="x" * 306) == ()
    assert warned(sms="x" * 307) == (
        "As SMS it takes 3 parts (307 characters in GSM-7), each paid like one message.",
    )
    assert warned(sms="😀" * 68) == (
        "As SMS it takes 3 parts (136 characters in UCS-2, because of 😀),"
        " each paid like one message.",
    )
    assert warned("word " * 100, sms="")[0].endswith("Write a shorter text for SMS.")


def test_a_customer_for_whom_it_fails_is_an_error() -> None:
    with pytest.raises(TemplateFailed):
        warned("{{ 1 | divided_by: customer.points }}", context={"customer": {"points": 0}})


@pytest.mark.parametrize(
    ("text", "alphabet", "units", "segments"),
    [
        ("", "GSM-7", 0, 0),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("é" * 160, "GSM-7", 160, 1),
        ("€" * 80, "GSM-7", 160, 1),
        ("€" * 81, "GSM-7", 162, 2),
        ("a" * 152 + "€" + "a" * 152, "GSM-7", 306, 3),
        ("ê" * 70, "UCS-2", 70, 1),
        ("ê" * 71, "UCS-2", 71, 2),
        ("\u2019" + "a" * 69, "UCS-2", 70, 1),
        ("😀" * 35, "UCS-2", 70, 1),
        ("a" * 66 + "😀" + "a" * 66, "UCS-2", 134, 3),
    ],
)
def test_a_text_message_is_counted_as_networks_do(
    text: str, alphabet: str, units: int, segments: int
) -> None:
    size = sms_size(text)
    assert (size.alphabet, size.units, size.segments) == (alphabet, units, segments)


def test_a_page_that_is_drawn_again_has_the_same_address_for_some_minutes(now: datetime) -> None:
    first = keep_page("<p>Hello</p>", key=KEY, now=now)
    assert keep_page("<p>Hello</p>", key=KEY, now=now + timedelta(minutes=4)) == first
    assert keep_page("<p>Hello</p>", key=KEY, now=now + timedelta(minutes=5)) != first
    assert keep_page("<p>Hallo</p>", key=KEY, now=now) != first


def test_a_page_is_shown_for_half_an_hour_to_whoever_has_its_token(now: datetime) -> None:
    token = keep_page("<p>Größe</p>", key=KEY, now=now)
    assert kept_page(token, key=KEY, now=now) == "<p>Größe</p>".encode()
    assert kept_page(token, key=KEY, now=now + timedelta(minutes=30)) is not None
    assert kept_page(token, key=KEY, now=now + timedelta(minutes=31)) is None


def test_no_other_token_shows_a_page(now: datetime, settings: Settings) -> None:
    token = keep_page("<p>x</p>", key=KEY, now=now)
    value = tokens.read("preview", token, key=KEY) or ""
    later = int((now + timedelta(days=9)).timestamp())
    for wrong in (
        "",
        "x",
        token[:-1],
        token + "A",
        tokens.sign("unsubscribe", value, key=KEY),
        tokens.sign("preview", value, key=settings.key),
        tokens.sign("preview", f"nothing.{later}", key=KEY),
        tokens.sign("preview", value.split(".")[0], key=KEY),
        tokens.sign("preview", value.split(".")[0] + ".²", key=KEY),
    ):
        assert kept_page(wrong, key=KEY, now=now) is None


def test_only_the_newest_pages_are_kept(now: datetime) -> None:
    first = keep_page("<p>first</p>", key=KEY, now=now)
    for number in range(200):
        last = keep_page(f"<p>{number}</p>", key=KEY, now=now)
    assert kept_page(first, key=KEY, now=now) is None
    assert kept_page(last, key=KEY, now=now) == b"<p>199</p>"


def test_nothing_runs_or_is_fetched_in_a_preview_but_images() -> None:
    policy = PREVIEW_HEADERS["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'; img-src https: data:;")
    assert "script-src" not in policy
    assert "allow-" not in policy
    assert PREVIEW_HEADERS["Cache-Control"] == "no-store"
