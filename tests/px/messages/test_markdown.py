"""Markdown with Liquid: whatever the data, the HTML is well formed and values stay text."""

from contextlib import suppress
from html import unescape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from px.messages.body.markdown import read_body
from px.messages.liquid.pieces import Malformed
from tests.px.messages.page_of import html_of, read, text_of

LINES = {"order": {"lines": [{"name": "Serum", "quantity": 2}, {"name": "Oil", "quantity": 1}]}}


def test_markdown_is_formatting() -> None:
    body = "# Hello\n\nSome **bold** and *soft* words.\n\n- one\n- two\n\n> said\n\n---\n\n`code`"
    assert html_of(body) == (
        "<h1>Hello</h1><p>Some <strong>bold</strong> and <em>soft</em> words.</p>"
        "<ul><li>one</li><li>two</li></ul><blockquote><p>said</p></blockquote><hr>"
        "<p><code>code</code></p>"
    )
    assert (
        text_of(body)
        == "Hello\n\nSome bold and soft words.\n\n- one\n- two\n\n> said\n\n---\n\ncode"
    )


def test_paragraphs_in_a_condition_come_and_go_as_a_whole() -> None:
    body = (
        "Hi\n\n{% if order.is_first %}\nWelcome.\n\nAgain.\n{% else %}\nBack.\n{% endif %}\n\nBye"
    )
    first = {"order": {"is_first": True}}
    assert html_of(body, first) == "<p>Hi</p><p>Welcome.</p><p>Again.</p><p>Bye</p>"
    assert html_of(body) == "<p>Hi</p><p>Back.</p><p>Bye</p>"
    assert text_of(body, first) == "Hi\n\nWelcome.\n\nAgain.\n\nBye"
    assert text_of(body) == "Hi\n\nBack.\n\nBye"


def test_items_around_and_inside_a_loop_are_one_list() -> None:
    body = "- first\n{% for line in order.lines %}\n- {{ line.name }}\n{% endfor %}\n- last"
    assert html_of(body, LINES) == (
        "<ul><li>first</li><li>Serum</li><li>Oil</li><li>last</li></ul>"
    )
    assert text_of(body, LINES) == "- first\n- Serum\n- Oil\n- last"
    assert text_of(body) == "- first\n- last"


def test_a_numbered_list_goes_on_counting_over_a_condition() -> None:
    body = "1. a\n{% if order.is_first %}\n2. b\n{% endif %}\n3. c"
    assert html_of(body) == "<ol><li>a</li><li>c</li></ol>"
    assert html_of(body, {"order": {"is_first": True}}) == (
        "<ol><li>a</li><li>b</li><li>c</li></ol>"
    )


def test_a_loop_of_items_on_one_line_is_a_list() -> None:
    body = "{% for line in order.lines %}- {{ line.name }}\n{% endfor %}"
    assert html_of(body, LINES) == "<ul><li>Serum</li><li>Oil</li></ul>"


def test_a_loop_inside_an_item_is_a_list_in_the_list() -> None:
    body = "- Yours\n  {% for line in order.lines %}\n  - {{ line.name }}\n  {% endfor %}\n- Ours"
    assert html_of(body, LINES) == (
        "<ul><li>Yours<ul><li>Serum</li><li>Oil</li></ul></li><li>Ours</li></ul>"
    )
    assert text_of(body, LINES) == "- Yours\n  - Serum\n  - Oil\n- Ours"


def test_rows_around_and_inside_a_loop_are_one_table() -> None:
    body = (
        "| What | How many |\n| :-- | --: |\n{% for line in order.lines %}\n"
        "| {{ line.name | upcase }} | {{ line.quantity }} |\n{% endfor %}\n| All | 3 |"
    )
    right = ' style="text-align:right"'
    left = ' style="text-align:left"'
    assert html_of(body, LINES) == (
        f"<table><thead><tr><th{left}>What</th><th{right}>How many</th></tr></thead><tbody>"
        f"<tr><td{left}>SERUM</td><td{right}>2</td></tr>"
        f"<tr><td{left}>OIL</td><td{right}>1</td></tr>"
        f"<tr><td{left}>All</td><td{right}>3</td></tr></tbody></table>"
    )
    assert text_of(body, LINES) == "What | How many\nSERUM | 2\nOIL | 1\nAll | 3"


def test_a_condition_around_a_loop_of_rows_stays_inside_the_table() -> None:
    body = (
        "| A |\n|---|\n{% if order.is_first %}{% for line in order.lines %}\n| {{ line.name }} |\n"
        "{% endfor %}{% endif %}\n\nafter"
    )
    data = {"order": LINES["order"] | {"is_first": True}}
    assert html_of(body, data) == (
        "<table><thead><tr><th>A</th></tr></thead><tbody><tr><td>Serum</td></tr>"
        "<tr><td>Oil</td></tr></tbody></table><p>after</p>"
    )


def test_a_condition_within_a_sentence_stays_in_it() -> None:
    body = "We sent it {% if order.is_first %}**today**{% else %}yesterday{% endif %}, {{ x }}."
    assert html_of(body) == "<p>We sent it yesterday, .</p>"
    assert html_of(body, {"order": {"is_first": True}}) == (
        "<p>We sent it <strong>today</strong>, .</p>"
    )


def test_a_paragraph_that_is_all_condition_leaves_nothing_behind() -> None:
    body = "a\n\n{% if order.is_first %}only then{% endif %}\n\nb"
    assert html_of(body) == "<p>a</p><p>b</p>"
    assert text_of(body) == "a\n\nb"


def test_a_condition_over_two_paragraphs_may_begin_and_end_with_their_words() -> None:
    body = "{% if order.is_first %}One.\n\nTwo.{% endif %}"
    assert html_of(body, {"order": {"is_first": True}}) == "<p>One.</p><p>Two.</p>"
    assert html_of(body) == ""


@pytest.mark.parametrize(
    "body",
    [
        "a **b {% if x %}c** d{% endif %}",
        "- {% if x %}a\n- b{% endif %}",
        "a {% if x %}b\n\nc{% endif %} d",
        "[a {% if x %}b](https://x.example) {% endif %}",
        "[a](https://x.example/{% if x %}b) {% endif %}",
        "`a {% if x %}` b {% endif %}",
    ],
)
def test_a_block_that_crosses_formatting_is_refused_with_its_line(body: str) -> None:
    with pytest.raises(Malformed) as problem:
        html_of("\n\n" + body)
    assert problem.value.line == 3
    assert "lines of their own" in str(problem.value)


def test_a_line_that_ends_early_ends_in_the_message_and_a_wrapped_one_does_not() -> None:
    long = "word " * 14 + "word"
    assert html_of("Best,\nImke") == "<p>Best,<br>Imke</p>"
    assert text_of("Best,\nImke") == "Best,\nImke"
    assert html_of(f"{long}\nand more") == f"<p>{long} and more</p>"
    assert text_of(f"{long}\nand more") == f"{long} and more"


def test_html_in_a_body_is_text() -> None:
    body = "<b onclick=x>hi</b> <script>alert(1)</script>\n\n<div>\n\n<!-- x -->"
    reader = read(html_of(body))
    assert set(reader.tags) == {"p"}
    assert "<script>alert(1)</script>" in reader.words


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:x",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc",
        "/rel",
        "x{{ y }}",
    ],
)
def test_a_link_that_leads_nowhere_good_is_no_link(address: str) -> None:
    for body in (
        f"[a]({address})",
        f"![a]({address})",
        f"<{address}>",
        f"[a][b]\n\n[b]: {address}",
    ):
        reader = read(html_of(body, {"y": "javascript:alert(1)"}))
        assert "a" not in reader.tags
        assert "img" not in reader.tags
    assert read_body(f"[a]({address})").refused


def test_links_stand_in_both_and_addresses_become_links() -> None:
    body = (
        "[Our help](https://shop.example/help?a=1&b=2), https://shop.example/x. "
        "Or {{ shop.url }}, [write](mailto:hi@shop.example), "
        "[hi@shop.example](mailto:hi@shop.example)"
    )
    data = {"shop": {"url": "https://shop.example"}}
    assert read(html_of(body, data)).links == [
        "https://shop.example/help?a=1&b=2",
        "https://shop.example/x",
        "https://shop.example",
        "mailto:hi@shop.example",
        "mailto:hi@shop.example",
    ]
    assert text_of(body, data) == (
        "Our help (https://shop.example/help?a=1&b=2), https://shop.example/x. "
        "Or https://shop.example, write (mailto:hi@shop.example), hi@shop.example"
    )


def test_a_button_is_a_link_in_double_brackets_and_goes_with_its_address() -> None:
    body = "[[Follow it]]({{ shipment.tracking_url }})"
    there = {"shipment": {"tracking_url": "https://t.example/1"}}
    assert 'class="px-button-words">Follow it</a>' in html_of(body, there)
    assert read(html_of(body, there)).links == ["https://t.example/1"]
    assert text_of(body, there) == "Follow it: https://t.example/1"
    assert html_of(body) == text_of(body) == ""


def test_braces_that_are_meant_as_braces_never_become_liquid() -> None:
    body = "&#123;&#123; customer.email }} {&#37; if x &#37;} &#123;{{ customer.first_name }}"
    data = {"customer": {"email": "ada@example.com", "first_name": "Ada"}}
    assert text_of(body, data) == "{{ customer.email }} {% if x %} {Ada"
    assert read(html_of(body, data)).words == "{{ customer.email }} {% if x %} {Ada"


def test_liquid_in_code_and_addresses_is_filled_in() -> None:
    body = (
        "`{{ a }}`\n\n```\n{{ a }}\n  two\n```\n\n"
        "[x](https://x.example/{{ a }}?{% if a %}b{% endif %})"
    )
    data = {"a": "<1> 2"}
    html = html_of(body, data)
    assert "<code>&lt;1&gt; 2</code>" in html
    assert "<pre>&lt;1&gt; 2\n  two\n</pre>" in html
    assert read(html).links == ["https://x.example/%3C1%3E%202?b"]


_HOSTILE = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "**bold** _it_ [x](https://evil.example) `c`",
            "<img src=x onerror=alert(1)>",
            '"><script>alert(1)</script>',
            "</td></table><h1>x",
            "javascript:alert(1)",
            "JAVA\tSCRIPT:alert(1)",
            "{{ customer.email }}{% endif %}{% if %}",
            "a\n\n# b\n- c\n| d | e |\n```",
            "lqq0o lqq1c <!--lqq2c--> pxslotbodypx",
            "&lt;b&gt; &#60;",
            "\u202eevil\u2028\x00\x0b",
            "' onmouseover='alert(1)",
        ]
    ),
)  # fmt: skip
_NAME = st.sampled_from(["a", "b", "c"])
_SHOWN = _NAME.map("{{{{ {} }}}}".format)
_SAID = st.one_of(
    _SHOWN, st.sampled_from(["word", "two words", "1. no list", "#tag", "a*b", "5 > 3", "&amp;"])
)
_SPAN = st.one_of(
    _SAID,
    _SAID.map("**{}**".format),
    _SAID.map("*{}*".format),
    st.builds("[{}](https://x.example/{})".format, _SAID, _SHOWN),
    st.builds("[{}]({})".format, _SAID, _SHOWN),
    st.builds("{{% if {} %}}{}{{% else %}}{}{{% endif %}}".format, _NAME, _SAID, _SAID),
    st.builds("{{% for i in list %}}{}{{{{ i }}}}{{% endfor %}}".format, _SAID),
)
_SENTENCE = st.lists(_SPAN, min_size=1, max_size=3).map(" ".join)
_ITEMS = st.lists(_SENTENCE.map("- {}".format), min_size=1, max_size=3).map("\n".join)
_ROW = st.builds("| {} | {} |".format, _SAID, _SAID)
_TABLE = st.builds(
    "| a | b |\n| - | -: |\n{}\n{{% for i in list %}}\n{}\n{{% endfor %}}\n{}".format,
    _ROW,
    _ROW,
    _ROW,
)
_LEAF = st.one_of(
    _SENTENCE,
    _ITEMS,
    _TABLE,
    _SENTENCE.map("# {}".format),
    _SENTENCE.map("> {}".format),
    st.builds("[[{}]]({})".format, _SAID, _SHOWN),
    st.just("---"),
)


def _around(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(inner, min_size=1, max_size=3).map("\n\n".join)
    return st.one_of(
        several,
        st.builds(
            "{{% if {} %}}\n{}\n{{% else %}}\n{}\n{{% endif %}}".format, _NAME, several, several
        ),
        st.builds("{{% for i in list %}}\n{}\n{{% endfor %}}".format, several),
        st.builds(
            "{}\n{{% unless {} %}}\n{}\n{{% endunless %}}\n{}".format, _ITEMS, _NAME, _ITEMS, _ITEMS
        ),
    )


_BODIES = st.recursive(_LEAF, _around, max_leaves=8)
_DATA = st.fixed_dictionaries(
    {
        "a": st.one_of(st.none(), _HOSTILE),
        "b": _HOSTILE,
        "c": _HOSTILE,
        "list": st.lists(_HOSTILE, max_size=3),
    }
)


def _harmless(data: dict[str, Any]) -> dict[str, Any]:
    """The same data with x for every text."""
    calm = {name: value and "https://x" for name, value in data.items() if name != "list"}
    return calm | {"list": ["x" if one else one for one in data["list"]]}


@settings(deadline=None)
@given(body=_BODIES, data=_DATA)
def test_no_value_ever_becomes_markup(body: str, data: dict[str, Any]) -> None:
    try:
        reader = read(html_of(body, data))
    except Malformed:
        # Two stars in two branches may make one emphasis of both, which is refused.
        return
    calm = read(html_of(body, _harmless(data)))
    shown = {value for value in data.values() if isinstance(value, str) and not value.strip()}
    if not shown:
        # A blank address takes its button along; otherwise the structure is the template's alone.
        assert reader.tags == calm.tags
    assert {name for name, _ in reader.attributes} <= {
        "href", "style", "class", "role", "border", "cellpadding", "cellspacing"
    }  # fmt: skip
    for link in reader.links:
        assert link == "#" or link.lower().startswith(("http://", "https://", "mailto:", "tel:"))


@settings(deadline=None)
@given(value=_HOSTILE)
def test_a_value_is_shown_as_it_is(value: str) -> None:
    data = {"a": value}
    html = html_of("{{ a }}", data)
    assert unescape(html.removeprefix("<p>").removesuffix("</p>")) == value
    assert text_of("x {{ a }} x", data) == f"x {value} x"


@pytest.mark.parametrize(
    "body",
    [
        "[" * 15_000,
        "![" * 7_500,
        "**a*" * 5_000,
        "> " * 25_000 + "a",
        "- " * 25_000 + "a",
        "".join("  " * i + "- a\n" for i in range(200)),
        "`" * 50_000,
        "&" * 50_000,
        "[a]: b\n" * 3_000,
        "\n" * 50_000,
    ],
    ids=[
        "brackets",
        "images",
        "stars",
        "quotes",
        "items",
        "steps",
        "ticks",
        "amps",
        "refs",
        "lines",
    ],
)
@pytest.mark.timeout(20)
def test_hostile_markdown_is_read_or_refused_in_time(body: str) -> None:
    with suppress(Malformed):
        read(html_of(body))
