"""Filters: what each makes of a value."""

import pytest

from px.messages.liquid.program import Program

DATA = {
    "order": {"currency": "USD", "placed_on": "4 May 2026", "total_minor": 123450},
    "list": [{"n": "b", "q": 2}, {"n": "a", "q": 1}, {"n": "c"}],
    "words": ["b", "A", "c", "A"],
    "nothing": None,
}


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("'ada' | capitalize", "Ada"),
        ("'Ada' | upcase | append: '!' | prepend: '> '", "> ADA!"),
        ("'  a b ' | strip", "a b"),
        ("nothing | default: 'there'", "there"),
        ("'' | default: 'there'", "there"),
        ("0 | default: 5", "0"),
        ("false | default: 'x', allow_false: true", "false"),
        ("'abcdefgh' | truncate: 5", "ab..."),
        ("'abcdefgh' | truncate: 5, ''", "abcde"),
        ("'one two three' | truncatewords: 2", "one two..."),
        ("'a,b,c' | split: ',' | last", "c"),
        ("'a,b,c' | split: ',' | reverse | join: '+'", "c+b+a"),
        ("'aXbX' | replace: 'X', '-'", "a-b-"),
        ("'aXbX' | replace_first: 'X', '-' | remove: 'X'", "a-b"),
        ("'a b&c' | url_encode", "a+b%26c"),
        ("'a+b%26c' | url_decode", "a b&c"),
        ("'<p>a</p> b' | strip_html", "a b"),
        ("list | map: 'n' | join", "b a c"),
        ("list | sort: 'n' | map: 'n' | join: ''", "abc"),
        ("list | sort: 'q' | map: 'n' | join: ''", "abc"),
        ("list | where: 'n', 'a' | size", "1"),
        ("list | where: 'q' | size", "2"),
        ("list | sum: 'q'", "3"),
        ("list | map: 'q' | compact | size", "2"),
        ("words | uniq | join: ''", "bAc"),
        ("words | sort_natural | join: ''", "AAbc"),
        ("words | concat: words | size", "8"),
        ("words | first", "b"),
        ("'abc' | slice: 1, 2", "bc"),
        ("'abc' | slice: -2, 1", "b"),
        ("7 | plus: 1 | minus: 3 | times: 2 | divided_by: 3 | modulo: 2", "1"),
        ("'1.5' | plus: 1", "2.5"),
        ("0.1 | plus: 0.2", "0.3"),
        ("4.6 | round", "5"),
        ("4.567 | round: 2", "4.57"),
        ("4.2 | ceil", "5"),
        ("-4.2 | abs | floor", "4"),
        ("5 | at_most: 3 | at_least: 4", "4"),
        ("'many' | plus: 1", "1"),
        ("1 | pluralize: 'item', 'items'", "item"),
        ("2 | pluralize: 'item', 'items'", "items"),
        ("order.total_minor | money", "1,234.50 USD"),
        ("order.total_minor | money: 'JPY'", "123,450 JPY"),
        ("order.total_minor | money_without_currency", "1,234.50"),
        ("nothing | money", ""),
        ("'49.00 USD' | money", "49.00 USD"),
        ("order.placed_on | date: '%d/%m/%y'", "04/05/26"),
        ("order.placed_on | date: '%A %-d %b'", "Monday 4 May"),
        ("'2026-05-04T09:05:00+00:00' | date: '%H:%M %p %Y'", "09:05 AM 2026"),
        ("'2026-12-24' | date", "24 December 2026"),
        ("'soon' | date: '%Y'", "soon"),
        ("nothing | date: '%Y'", ""),
        ("order.placed_on | date: '%d %Q %%'", "04 %Q %"),
    ],
)
def test_a_filter_makes(expression: str, text: str) -> None:
    assert Program("{{ " + expression + " }}").render(DATA) == text
