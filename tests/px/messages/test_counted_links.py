"""Counting links changes the addresses of links and nothing else of a message."""

from importlib.resources import files

import pytest

from db.kinds import Channel
from px.core.yaml_file import load_yaml
from px.messages import starters
from px.messages.body.links import counted_text, fixed_links
from px.messages.context import Brand
from px.messages.render import TemplateParts, render, render_text, text_source
from px.messages.sample import typical_context

BRAND = Brand(name="Fern & Fable", url="https://fern.example", address="Moss Lane 1")
_NOTHING = 'src="#"'


class Plain:
    """Leaves every address as it is."""

    pixel = ""

    def link(self, address: str) -> str:
        return address


def texts() -> dict[str, TemplateParts]:
    """Every text that comes with px."""
    found = {f"starter {one.key}": one.parts for one in starters()}
    for folder in ("px.library", "px.demo.journeys"):
        for file in files(folder.rpartition(".journeys")[0] or folder).iterdir():
            names = [file] if file.name.endswith(".yaml") else []
            if file.name == "journeys":
                names = [one for one in file.iterdir() if one.name.endswith(".yaml")]
            for name in names:
                document = load_yaml(name.read_text(encoding="utf-8"))
                for key, text in (document.get("templates") or {}).items():
                    parts = {part: text.get(part) or "" for part in ("subject", "body")}
                    own = {part: text.get(part) or "" for part in ("sms", "whatsapp")}
                    found[f"{name.name} {key}"] = TemplateParts(**parts, **own)
    return found


TEXTS = texts()


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_every_text_of_ours_says_the_same(name):
    parts, context = TEXTS[name], typical_context()
    for channel in Channel:
        plain = render(parts, context, channel, BRAND)
        counted = render(parts, context, channel, BRAND, Plain())
        assert (counted.subject, counted.text) == (plain.subject, plain.text)
        if plain.html is not None:
            assert counted.html is not None
            before, _, behind = counted.html.partition(f"<img {_NOTHING}")
            assert before + behind[behind.index(">") + 1 :] == plain.html


def test_there_are_texts_of_ours():
    assert len(TEXTS) > 20


@pytest.mark.parametrize(
    ("source", "counted"),
    [
        ("Hi, https://a.example/b.", 'Hi, {{ "https://a.example/b" | px_link }}.'),
        ("(https://a.example/)", '({{ "https://a.example/" | px_link }})'),
        ("HTTPS://A.example", '{{ "HTTPS://A.example" | px_link }}'),
        (
            "{% if x %}https://a.example/{% endif %}",
            '{% if x %}{{ "https://a.example/" | px_link }}{% endif %}',
        ),
        (
            "https://a.example/?q={{ order.number }}&x=1",
            "{% capture px_href %}https://a.example/?q={{ order.number }}&x=1{% endcapture %}"
            "{{ px_href | px_link }}",
        ),
        (
            "{{ shop.url }}/a",
            "{% capture px_href %}{{ shop.url }}/a{% endcapture %}{{ px_href | px_link }}",
        ),
        ("{{ shop.url | upcase }}", "{{ shop.url | upcase }}"),
        ("{{ shop.name }}/a", "{{ shop.name }}/a"),
        ("mailto:a@b.example, ftp://a.example", "mailto:a@b.example, ftp://a.example"),
        ("a {brace} {{ x }} https://", "a {brace} {{ x }} https://"),
        ("", ""),
    ],
)
def test_addresses_in_a_text_are_found(source, counted):
    assert counted_text(source) == counted


def test_a_text_of_many_beginnings_takes_no_time():
    """Linear, whatever is in it."""
    for hostile in ("https://" * 4000, "https://a" + "a" * 60_000, "{{ shop.url }}" * 400):
        assert counted_text(hostile)


def test_a_link_that_is_very_long_is_still_a_valid_template():
    body = f"[x](https://a.example/{'a' * 5000})"
    parts = TemplateParts("Hi", body)
    assert len(render(parts, {}, Channel.EMAIL, BRAND, Plain()).text) > 5000


def test_links_that_are_the_same_for_everybody_are_known_without_filling_in():
    body = (
        "{% if answer %}[a](https://a.example/1?x=1&y=2)"
        "{% else %}[b](https://a.example/2){% endif %} [c](https://a.example/{{ order.id }})"
    )
    source = text_source(TemplateParts("", body), Channel.EMAIL, counted=True)
    assert fixed_links(source) == ["https://a.example/1?x=1&y=2", "https://a.example/2"]


def test_an_image_that_leads_somewhere_is_counted_and_its_own_address_is_not():
    class Marked(Plain):
        def link(self, address: str) -> str:
            return "https://px.example/c/x"

    parts = TemplateParts("Hi", "[![A bottle](https://a.example/b.png)](https://a.example/)")
    html = render(parts, {}, Channel.EMAIL, BRAND, Marked()).html or ""
    assert 'src="https://a.example/b.png"' in html
    assert 'href="https://px.example/c/x"' in html
    assert render_text(parts, {}, counter=Marked())[1] == "A bottle (https://px.example/c/x)"
