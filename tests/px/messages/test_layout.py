"""The mail around the body: the brand, both schemes, nothing from elsewhere, no crash."""

import re
from contextlib import suppress

import pytest

from px.messages import Brand, TemplateParts, render
from px.messages.body import layout
from px.messages.body.colours import contrast, ink_on, readable
from px.messages.body.layout import html_depth, mail_source
from px.messages.body.markdown import read_body
from px.messages.liquid.pieces import Malformed
from tests.px.messages.page_of import read


def mail(body: str = "Hello there, this is it.", **brand: str) -> str:
    made = render(TemplateParts(subject="x", body=body), {}, "email", Brand(**brand))
    return made.html or ""


def test_the_brand_is_around_the_body() -> None:
    html = mail(
        name="Fern & Fable",
        logo_url="https://fern.example/logo.png?a=1&b=2",
        colour="#7C3AED",
        address="1 High Street\n<London>",
        footer="Since 2019.",
    )
    reader = read(html)
    assert ("src", "https://fern.example/logo.png?a=1&b=2") in reader.attributes
    assert ("alt", "Fern & Fable") in reader.attributes
    assert "#7c3aed" in html
    assert "<London>" in reader.words
    assert "Since 2019." in reader.words


def test_without_a_logo_the_name_stands_on_top() -> None:
    html = mail(name="Fern & Fable")
    assert "<img" not in html
    assert read(html).words.index("Fern & Fable") < read(html).words.index("Hello there")


@pytest.mark.parametrize(
    "logo", ["javascript:alert(1)", "file:///etc/passwd", '"><script>', "logo.png"]
)
def test_a_logo_that_is_not_on_the_web_is_left_out(logo: str) -> None:
    assert "<img" not in mail(logo_url=logo)


@pytest.mark.parametrize(
    "colour", ["red", "#12", "#0f766e;}</style><script>", "expression(alert(1))", ""]
)
def test_a_colour_that_is_none_is_the_house_s(colour: str) -> None:
    assert mail(colour=colour) == mail(colour="#0f766e")


def test_a_brand_cannot_write_html() -> None:
    html = mail(name="<script>alert(1)</script>", address='"><b>', footer="</div></body>")
    assert "script" not in read(html).tags
    assert "<script>alert(1)</script>" in read(html).words


def test_nothing_is_fetched_but_the_images() -> None:
    html = mail("![a](https://fern.example/a.png)", logo_url="https://fern.example/logo.png")
    found = set(re.findall(r"https?://[^\s\"'<>)]+", html))
    namespaces = {address for address in found if address.startswith("http://www.w3.org/")}
    assert found - namespaces == {"https://fern.example/a.png", "https://fern.example/logo.png"}
    assert "@import" not in html
    assert "<link" not in html


def test_the_mail_is_made_for_both_schemes_and_narrow_screens() -> None:
    html = mail()
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "@media (prefers-color-scheme: dark)" in html
    assert "@media (max-width: 480px)" in html
    assert "max-width:600px" in html
    assert 'style="display: block;margin: 0 0 16px;"' in html


@pytest.mark.parametrize(
    "colour", ["#0f766e", "#ffff00", "#000000", "#ffffff", "#ff0000", "#888888"]
)
def test_words_can_be_read_on_every_brand_colour(colour: str) -> None:
    assert contrast(ink_on(colour), colour) >= 4.5
    assert contrast(readable(colour, "#ffffff"), "#ffffff") >= 4.5
    assert contrast(readable(colour, "#1b2026"), "#1b2026") >= 4.5


@pytest.mark.parametrize(
    "body",
    ["<div>" * 10_000, "> " * 20_000 + "a", "".join("  " * i + "- a\n" for i in range(220))],
    ids=["html", "quotes", "lists"],
)
def test_deep_nesting_never_reaches_the_parsers_that_it_would_crash(body: str) -> None:
    with suppress(Malformed):
        assert html_depth(mail_source(read_body(body[:50_000]), Brand())) < 60


def test_values_that_are_nested_deeply_are_text_and_nothing_parses_them() -> None:
    name = "<div>" * 20_000
    parts = TemplateParts(subject="x", body="{{ customer.first_name }}")
    made = render(parts, {"customer": {"first_name": name}}, "email", Brand())
    assert (made.html or "").count("&lt;div&gt;") >= 20_000


def test_a_mail_that_would_be_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "LONGEST_HTML", 1_000)
    mail_source(read_body("x" * 900), Brand())
    with pytest.raises(Malformed, match="longer than 1,000 characters"):
        mail_source(read_body("x" * 1_000), Brand())
