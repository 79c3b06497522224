"""The scan of a template: where every tag stands, and what does not fit together."""

import pytest

from px.messages.liquid.dialect import parse
from px.messages.liquid.pieces import Malformed, split


def test_pieces_know_their_line_and_what_stands_in_them() -> None:
    pieces = split("Hello\n{{ customer.first_name }},\n{%- if order.is_first -%} new{% endif %}")
    assert [(p.kind, p.line, p.name, p.inner) for p in pieces] == [
        ("text", 1, "", ""),
        ("output", 2, "", "customer.first_name"),
        ("text", 2, "", ""),
        ("tag", 3, "if", "order.is_first"),
        ("text", 3, "", ""),
        ("tag", 3, "endif", ""),
    ]
    assert pieces[3].trim_left
    assert pieces[3].trim_right


def test_comments_are_no_part_of_a_template() -> None:
    source = (
        "a{% comment %} {{ secret }} {% comment %}x{% endcomment %} {% endcomment %}b{% # no %}"
    )
    assert [p.source for p in split(source)] == ["a", "b"]


@pytest.mark.parametrize(
    ("source", "line", "sentence"),
    [
        ("a\n{{ x", 2, "{{ is not closed with }}."),
        ("a\n\n{% if x", 3, "{% is not closed with %}."),
        ("{% if x %}\nb", 1, "{% if %} is not closed. Add {% endif %} behind it."),
        ("\n{% endif %}", 2, "{% endif %} closes nothing: no {% if %} is open."),
        (
            "{% if x %}\n{% endfor %}",
            2,
            "{% endfor %} cannot close the {% if %} of line 1. Close that first with {% endif %}.",
        ),
        ("{% else %}", 1, "{% else %} stands outside of the block it belongs to."),
        ("{% break %}", 1, "{% break %} is only possible inside {% for %}."),
        (
            "{% include 'x' %}",
            1,
            "{% include %} is not available in a message."
            " Available: assign, capture, case, comment, for, if, unless.",
        ),
        ("{% comment %} x", 1, "{% comment %} is not closed. Add {% endcomment %} behind it."),
        (
            "{% %}",
            1,
            "{% %} is empty. Write what it should do, such as {% if order.is_first %}.",
        ),
        (
            "{{ }}",
            1,
            "{{ }} is empty. Write a variable in it, such as {{ customer.first_name }}.",
        ),
        ("\n{{ x | }}", 2, "A filter is missing behind |."),
        ("{{ 'x }}", 1, "A quotation mark is not closed."),
        ("{% if a = b %}{% endif %}", 1, "To compare, write == instead of =."),
        ("{% for x on y %}{% endfor %}", 1, "Write it as {% for item in order.lines %}."),
        ("{% if not a %}{% endif %}", 1, "'not' is not available: use {% unless %}."),
        (
            "a\n\n{{ b | default 'x' }}",
            3,
            "In {{ b | default 'x' }} something does not belong there;"
            " what a filter needs follows a colon.",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_line(source: str, line: int, sentence: str) -> None:
    with pytest.raises(Malformed) as problem:
        parse(source)
    assert (problem.value.line, str(problem.value)) == (line, sentence)


@pytest.mark.parametrize(
    "source",
    [
        "{{" + " " * 90_000,
        "{" * 90_000,
        "{{ " * 30_000,
        "{% " * 30_000,
        "{{ a" + "['" * 45_000 + " }}",
        "{{ " + "a[" * 3_000 + "]" * 3_000 + " }}",
        "{% comment %}" * 7_000,
        "{% if a %}" * 9_000,
        "{{ a }}" * 10_000,
        "{{ a " + "| upcase " * 10_000 + "}}",
    ],
    ids=[
        "spaces",
        "braces",
        "outputs",
        "tags",
        "quotes",
        "paths",
        "comments",
        "ifs",
        "many",
        "filters",
    ],
)
@pytest.mark.timeout(5)
def test_a_hostile_source_is_refused_at_once(source: str) -> None:
    with pytest.raises(Malformed):
        parse(source)
