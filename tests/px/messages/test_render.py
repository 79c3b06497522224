"""A message of a template: one renderer, the same bytes, on every channel."""

import pytest

from db.kinds import Channel
from px.messages import (
    Brand,
    Rendered,
    TemplateFailed,
    TemplateParts,
    render,
    render_text,
    typical_context,
)
from tests.px.messages.page_of import read

FERN = Brand(name="Fern & Fable", address="1 High Street\nLondon", footer="Since 2019.")
PARTS = TemplateParts(
    subject="{{ customer.first_name }}, order {{ order.number }}",
    body="Hi **{{ customer.first_name }}**,\n\nyour order is here. Enjoy it.\n\n"
    "[[Write a review]]({{ shop.url }})",
    sms="{{ shop.name }}: {{ order.number }} is here",
)
CONTEXT = {
    "customer": {"first_name": "Ada"},
    "order": {"number": "#1001"},
    "shop": {"name": "Fern & Fable", "url": "https://fern.example"},
}


def mail(context: dict[str, object] | None = None, brand: Brand = FERN) -> Rendered:
    return render(PARTS, CONTEXT if context is None else context, Channel.EMAIL, brand)


def test_a_mail_has_a_subject_html_and_the_same_words_as_text() -> None:
    made = mail()
    assert made.subject == "Ada, order #1001"
    assert made.text == (
        "Hi Ada,\n\nyour order is here. Enjoy it.\n\nWrite a review: https://fern.example\n\n"
        "--\nFern & Fable\n1 High Street\nLondon\nSince 2019."
    )
    reader = read(made.html or "")
    assert "Hi Ada," in reader.words
    assert "1 High Street" in reader.words
    assert reader.links == ["https://fern.example"]
    assert "<" not in made.text


def test_every_link_of_the_html_stands_in_the_text() -> None:
    context = CONTEXT | {
        "unsubscribe_url": "https://px.example/u/a.b",
        "preferences_url": "https://px.example/p/a.b",
    }
    made = mail(context)
    links = read(made.html or "").links
    assert links == [
        "https://fern.example",
        "https://px.example/u/a.b",
        "https://px.example/p/a.b",
    ]
    assert all(link in made.text for link in links)


def test_only_a_message_with_an_unsubscribe_link_speaks_of_it() -> None:
    agreed = "You get this because you agreed to hear from Fern & Fable."
    ordered = "You get this message because of your order at Fern & Fable."
    marketing = read(mail(CONTEXT | {"unsubscribe_url": "https://px.example/u/1"}).html or "").words
    notice = read(mail().html or "").words
    assert agreed in marketing
    assert ordered not in marketing
    assert ordered in notice
    assert "nsubscribe" not in notice


def test_the_inbox_shows_the_first_sentence_behind_the_subject() -> None:
    html = mail().html or ""
    words = html[html.index("<body") :]
    shown = words[words.index("overflow:hidden") :].split(">", 1)[1]
    assert shown.startswith("your order is here.")


def test_the_same_template_and_context_give_the_same_bytes() -> None:
    assert mail() == mail()
    assert render(PARTS, dict(reversed(CONTEXT.items())), "email", FERN) == mail()


def test_a_text_channel_has_its_own_words_or_those_of_the_body() -> None:
    body = "Hi Ada,\n\nyour order is here. Enjoy it.\n\nWrite a review: https://fern.example"
    assert render(PARTS, CONTEXT, Channel.SMS, FERN).text == "Fern & Fable: #1001 is here"
    for channel in (Channel.WHATSAPP, Channel.WEBCHAT):
        assert render(PARTS, CONTEXT, channel, FERN) == Rendered("Ada, order #1001", None, body)
    assert render_text(PARTS, CONTEXT) == ("Ada, order #1001", body)
    assert render_text(PARTS, CONTEXT, "sms")[1] == "Fern & Fable: #1001 is here"


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("Ada\r\nBcc: eve@evil.example", "Hi Ada Bcc: eve@evil.example"),
        ("Ada\n\nBODY", "Hi Ada BODY"),
        ("A\x00d\x0ba\x85\u2028x", "Hi A d a x"),
        ("\u202eada", "Hi ada"),
        ("  Ada   ", "Hi Ada"),
        ("x" * 500, "Hi " + "x" * 197),
    ],
)
def test_a_subject_is_one_line_of_at_most_200_characters(name: str, subject: str) -> None:
    parts = TemplateParts(subject="Hi {{ customer.first_name }}", body="x")
    context = {"customer": {"first_name": name}}
    for channel in Channel:
        assert render(parts, context, channel, FERN).subject == subject


def test_a_value_is_never_markup_in_the_mail() -> None:
    name = '<img src=x onerror=alert(1)>"><b>*A*</b> [x](https://evil.example)'
    made = mail(CONTEXT | {"customer": {"first_name": name}})
    reader = read(made.html or "")
    assert name in reader.words
    assert "img" not in reader.tags
    assert made.text.startswith(f"Hi {name},")


def test_braces_of_the_brand_and_of_values_are_braces() -> None:
    brand = Brand(name="{{ customer.email }}", address="{% if x %}", footer="{{")
    made = mail(CONTEXT | {"customer": {"first_name": "{{ 1 | plus: 1 }}"}}, brand)
    words = read(made.html or "").words
    for text in (made.text, words):
        assert "Hi {{ 1 | plus: 1 }}," in text
        assert "{{ customer.email }}" in text
        assert "{% if x %}" in text


def test_a_template_that_cannot_be_filled_in_says_why() -> None:
    parts = TemplateParts(subject="x", body="{{ 1 | divided_by: customer.points }}")
    with pytest.raises(TemplateFailed, match="it divides by zero with 'divided_by'"):
        render(parts, {"customer": {"points": 0}}, "email", FERN)


def test_words_that_were_never_valid_fail_as_a_template() -> None:
    with pytest.raises(TemplateFailed, match=r"not valid: line 2: \{\{ is not closed"):
        render_text(TemplateParts(subject="x", body="a\n{{ b"), {})


def test_an_empty_template_still_has_a_frame() -> None:
    made = render(TemplateParts(subject=""), {}, "email", FERN)
    assert made.subject == ""
    assert made.text.startswith("--\nFern & Fable")


def test_rendering_leaves_the_context_as_it_was() -> None:
    parts = TemplateParts(
        subject="x", body="{% assign customer = 1 %}{% capture order %}a{% endcapture %}"
    )
    context = typical_context()
    before = repr(context)
    render(parts, context, "email", FERN)
    assert repr(context) == before
