"""What a touchpoint says: one text, or several with their shares, and their words right here."""

from typing import Any

import streamlit as st

from pages._journey.draft import Draft
from pages._journey.known import Known
from pages._journey.text_form import new_text_form, text_form
from px.journeys import forms

_NEW = "px_new_text"
Row = tuple[str, int]


def message_form(draft: Draft, place: int, point: dict[str, Any], known: Known) -> dict[str, Any]:
    """The parts `message` and `variants` as their boxes say; the words of one of them below."""
    key = f"px_tp_{place}_{draft.revision}_text"
    before = forms.weights_rows(point)
    rows: list[Row] = []
    for number, row in enumerate(before, 1):
        drawn = _row(number, row, known, key=f"{key}_{number}", alone=len(before) == 1)
        if drawn is None:
            draft.redraw()
        else:
            rows.append(drawn)
    asked = f"{_NEW}_{draft.key}_{point.get('key')}"
    with st.container(horizontal=True):
        if st.button(
            "Add a variant",
            key=f"{key}_add",
            icon=":material/call_split:",
            type="tertiary",
            help="Customers are split over the texts by their shares.",
        ):
            rows.append(("", 1))
            draft.redraw()
        if any(message in known.names for message, _ in rows) and st.button(
            "Write a new text", key=f"{key}_new", icon=":material/add_notes:", type="tertiary"
        ):
            st.session_state[asked] = True
    written = _words(draft, place, point, rows, known, asked)
    if written:
        number = _place_for(rows, known)
        rows[number] = (written, rows[number][1])
        draft.redraw()
    if rows == before:
        return {"message": point.get("message"), "variants": point.get("variants")}
    return forms.weights_part(rows)


def _place_for(rows: list[Row], known: Known) -> int:
    """Which row gets a text written just now: the first without one, else the last."""
    empty = (place for place, (message, _) in enumerate(rows) if message not in known.names)
    return next(empty, len(rows) - 1)


def _words(
    draft: Draft, place: int, point: dict[str, Any], rows: list[Row], known: Known, asked: str
) -> str | None:
    """The words of the text that is open; the key of a new one when it was saved just now.

    `asked` is where the session keeps that a new text was asked for.
    """
    there = [message for message, _ in rows if message in known.names]
    missing = next((message for message, _ in rows if message not in known.names), None)
    if missing is not None or st.session_state.get(asked):
        key = f"px_write_{draft.key}_{point.get('key')}"
        return new_text_form(missing or "", point, known, key=key, asked=asked)
    shown = there[0] if len(there) == 1 else _which(draft, place, there, known)
    text_form(shown, draft, known)
    return None


def _which(draft: Draft, place: int, there: list[str], known: Known) -> str:
    chosen: str = st.segmented_control(
        "Words of",
        list(dict.fromkeys(there)),
        default=there[0],
        format_func=known.label,
        required=True,
        key=f"px_tp_{place}_{draft.revision}_which",
    )
    return chosen


def _row(number: int, row: Row, known: Known, *, key: str, alone: bool) -> Row | None:
    message, weight = row
    options = list(dict.fromkeys([*filter(None, [message]), *known.names]))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen = st.selectbox(
            "Text" if alone else f"Text {number}",
            options,
            0 if message else None,
            format_func=known.label,
            key=f"{key}_message",
            placeholder="Choose a text, or write one below",
            width="stretch" if alone else 220,
        )
        if not alone:
            weight = st.number_input(
                f"Share of text {number}", 0, 1000, weight, key=f"{key}_weight", width=130
            )
            if st.button("Remove", key=f"{key}_out", help=f"Take out text {number}",
                         icon=":material/close:", type="tertiary"):  # fmt: skip
                return None
    return chosen or "", int(weight)
