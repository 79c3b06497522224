"""One row of a condition in boxes: a field that compares, or something that happened or did not."""

from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from pages._journey.boxes import length_box
from pages._journey.condition_deed import deed_boxes
from pages._ui.words import plain
from px.core.money import plain_amount
from px.journeys import condition_boxes, forms, words
from px.journeys.amounts import is_amount
from px.journeys.drawing.condition_boxes import ALONE, DID, Row

_NEVER = "did not"
_DEEDS = {DID: "this happened", _NEVER: "this did not happen"}
_HINTS = {"in": "one, another, a third", "not_in": "one, another, a third"}
_YES_NO = {"true": "yes", "false": "no"}


def row_boxes(label: str, row: Row, traits: list[str], currency: str, *, key: str) -> Row | None:
    """The row as its boxes say; None when it is taken out."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"{key}_row"):
        chosen = _field_box(f"{label}: what", row, traits, key)
        if chosen in _DEEDS:
            after = deed_boxes(label, row, negated=chosen == _NEVER, key=key)
        else:
            after = _comparison_boxes(label, replace(row, field=chosen), currency, key)
        is_out = st.button(
            "Remove", key=f"{key}_out", help=f"Take out {label.lower()}",
            icon=":material/close:", type="tertiary",
        )  # fmt: skip
    if refusal := condition_boxes.refusal(after, currency):
        st.markdown(f":orange[:material/error: {plain(refusal)}]")
    return None if is_out else after


def _field_box(label: str, row: Row, traits: list[str], key: str) -> str:
    field = _NEVER if row.field == DID and row.negated else row.field
    others = condition_boxes.field_options([*traits, row.field])[1:]
    options = [*_DEEDS, *others]
    chosen = st.selectbox(
        label,
        options,
        options.index(field),
        format_func=lambda name: _DEEDS.get(name) or words.field_words(name),
        key=f"{key}_field",
        label_visibility="collapsed",
        accept_new_options=True,
        width=190,
        help="Anything that is not in the list is a trait of the customer, such as skin type.",
    )
    return chosen if chosen in _DEEDS else condition_boxes.field_name(chosen or field)


def _comparison_boxes(label: str, row: Row, currency: str, key: str) -> Row:
    ops = list(words.OP_WORDS)
    op = st.selectbox(
        f"{label}: comparison",
        ops,
        ops.index(row.op) if row.op in ops else 0,
        format_func=lambda one: words.op_words(row.field, one),
        key=f"{key}_op",
        label_visibility="collapsed",
        width=165,
    )
    row = replace(row, op=op)
    return replace(row, value="" if op in ALONE else _value_box(label, row, currency, key))


def _value_box(label: str, row: Row, currency: str, key: str) -> str:
    label, op = f"{label}: value", row.op
    hidden: dict[str, Any] = {"label_visibility": "collapsed"}
    if row.field == "order.is_first":
        options = list(_YES_NO)
        return str(
            st.selectbox(label, options, int(row.value == "false"), width=100, key=f"{key}_yes",
                         format_func=_YES_NO.__getitem__, **hidden)
        )  # fmt: skip
    if op == "within_last":
        seed = row.value if forms.is_length(row.value) else "30d"
        return length_box(label, seed, key=f"{key}_last", hidden=True)
    if op in ("before", "after") and _is_day(row.value):
        day = date.fromisoformat(row.value) if row.value else None
        chosen = st.date_input(label, day, key=f"{key}_day", width=150, **hidden)
        return chosen.isoformat() if isinstance(chosen, date) else ""
    is_money = is_amount(row.field, op)
    hint = plain_amount(5000, currency) if is_money else "value"
    text = st.text_input(
        label, row.value, key=f"{key}_value", placeholder=_HINTS.get(op, hint), live=True,
        width=170, **hidden,
    )  # fmt: skip
    if is_money:
        st.markdown(currency, width="content")
    return text or ""


def _is_day(text: str) -> bool:
    """Whether the text is a day, or nothing yet; a moment keeps its text."""
    try:
        return not text or bool(date.fromisoformat(text))
    except ValueError:
        return False
