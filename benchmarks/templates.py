"""Filling templates in: a mail with its HTML and text, a text alone, and the values for both.

The template is a mail of 4 KB with a table, a list, conditions and a button, for an order of two
items. The baseline is python-liquid rendering the same compiled text; the ratio is what compares.
"""

from collections.abc import Callable, Sequence

from liquid import Environment

from benchmarks.report import at_least, at_most, say
from px.core import clock
from px.messages import (
    Brand,
    TemplateParts,
    make_context,
    render,
    render_text,
    starters,
    typical_context,
)
from px.messages.body.markdown import read_body
from px.messages.body.to_text import body_text

ROUNDS = 2_000
MOST_MAIL = 250
MOST_TEXT = 80
MOST_CONTEXT = 40
LEAST_SPEED_UP = 2.5
_SENTENCE = "What helps most in the first week is to begin with less than you think you need. "
CUSTOMER = {"id": 7, "first_name": "Ada", "last_name": "Lovelace", "zone": "Europe/London"}
ORDER = {"id": 5, "number": "#1001", "currency": "USD", "total_minor": 10300}
LINES = [
    {"sku": "SERUM-30", "name": "Vitamin C serum", "quantity": 2, "price_minor": 4900},
    {"sku": "BRUSH-1", "name": "Cleansing brush", "quantity": 1, "price_minor": 500},
]


def main(_arguments: Sequence[str] = ()) -> int:
    """Prints the figures; answers 1 when one of them misses its bar."""
    parts, brand, context = _mail(), Brand(name="Fern & Fable"), typical_context()
    page = read_body(parts.body)
    theirs = Environment().from_string(body_text(page.root, page.marks))
    mail = _microseconds(lambda: render(parts, context, "email", brand))
    text = _microseconds(lambda: render_text(parts, context))
    values = _microseconds(lambda: make_context(customer=CUSTOMER, order=ORDER, lines=LINES))
    baseline = _microseconds(lambda: theirs.render(context))
    made = render(parts, context, "email", brand)
    say(f"a body of {len(parts.body):,} characters, {len(made.html or ''):,} of HTML")
    good = [
        at_most("a mail with HTML and text", mail, "us", MOST_MAIL),
        at_most("subject and text alone", text, "us", MOST_TEXT),
        at_most("the values of a customer and an order", values, "us", MOST_CONTEXT),
        at_least(
            "the text beside python-liquid's", baseline / text, "times as fast", LEAST_SPEED_UP
        ),
    ]
    say(f"80,000 texts with their values: {(text + values) * 0.08:.1f} s")
    return 0 if all(good) else 1


def _mail() -> TemplateParts:
    bodies = "\n".join(starter.parts.body for starter in starters()[:3])
    return TemplateParts("Your order {{ order.number }}", bodies + "\n" + _SENTENCE * 34)


def _microseconds(work: Callable[[], object]) -> float:
    work()
    best = float("inf")
    for _ in range(5):
        started = clock.monotonic()
        for _ in range(ROUNDS // 5):
            work()
        best = min(best, clock.monotonic() - started)
    return best / (ROUNDS // 5) * 1_000_000
