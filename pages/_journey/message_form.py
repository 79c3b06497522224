"""What a touchpoint says: one text, or several with their shares; a new one can be written here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages._journey.draft import Draft
from pages._ui.doing import act
from pages._ui.links import link
from pages._ui.page import At
from px import messages
from px.journeys import forms, words
from px.messages import TemplateParts


@dataclass(frozen=True)
class Texts:
    """The texts that there are, by key with their names, and the page they are shown on."""

    names: Mapping[str, str]
    at: At

    def label(self, key: str) -> str:
        """A text's name; a key without a text says so."""
        if not key:
            return "Choose a text"
        return self.names.get(key) or f"{words.spaced(key)} (not written yet)"


def message_form(draft: Draft, place: int, point: dict[str, Any], texts: Texts) -> dict[str, Any]:
    """The parts `message` and `variants` as their boxes say."""
    key = f"px_tp_{place}_{draft.revision}_text"
    before = forms.weights_rows(point)
    rows: list[tuple[str, int]] = []
    for number, (message, weight) in enumerate(before, 1):
        drawn = _row(
            number, (message, weight), texts, key=f"{key}_{number}", alone=len(before) == 1
        )
        if drawn is None:
            draft.redraw()
        else:
            rows.append(drawn)
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
        written = _write_new(point, texts, key)
    if written:
        empty = next((i for i, (message, _) in enumerate(rows) if not message), 0)
        rows[empty] = (written, rows[empty][1])
        draft.redraw()
    if rows == before:
        return {"message": point.get("message"), "variants": point.get("variants")}
    return forms.weights_part(rows)


def _row(
    number: int, row: tuple[str, int], texts: Texts, *, key: str, alone: bool
) -> tuple[str, int] | None:
    message, weight = row
    widths = [8, 4] if alone else [6, 2, 3, 2]
    columns = st.columns(widths, vertical_alignment="bottom")
    options = list(dict.fromkeys([*filter(None, [message]), *texts.names]))
    chosen = columns[0].selectbox(
        "Text" if alone else f"Text {number}",
        options,
        0 if message else None,
        format_func=texts.label,
        key=f"{key}_message",
        placeholder="Choose a text",
    )
    if not alone:
        weight = columns[1].number_input(
            f"Share of text {number}", 0, 1000, weight, key=f"{key}_weight"
        )
    with columns[1 if alone else 2]:
        if chosen and chosen in texts.names:
            link("message_templates.py", "Open the text", icon=":material/edit_note:", key=chosen)
        elif chosen:
            st.markdown(":orange[:material/warning: Not written yet]")
    is_out = not alone and columns[3].button(
        "Remove", key=f"{key}_out", help=f"Take out text {number}", icon=":material/close:",
        type="tertiary",
    )  # fmt: skip
    return None if is_out else (chosen or "", int(weight))


def _write_new(point: dict[str, Any], texts: Texts, key: str) -> str | None:
    """The key of a text that was written and saved just now."""
    wanted = point.get("message") or ""
    name = "" if wanted in texts.names else words.spaced(wanted)
    with st.popover("Write a new text", icon=":material/add_notes:", type="tertiary"):
        named = st.text_input("Name of the text", name or words.touchpoint_label(point),
                              key=f"{key}_new_name")  # fmt: skip
        subject = st.text_input("Subject", key=f"{key}_new_subject")
        body = st.text_area(
            "Text", key=f"{key}_new_body", height=220,
            placeholder="Hello {{ customer.first_name }},\n\n…",
            help="Markdown, with {{ customer.first_name }} and the like for what differs.",
        )  # fmt: skip
        if not st.button("Save text", key=f"{key}_new_save", type="primary"):
            return None
        saved: list[str] = []
        with act(f"Text saved: {named}", again=False) as session:
            own = wanted if wanted and wanted not in texts.names else None
            new = own or messages.free_key(session, named)
            messages.save_template(
                session, new, named, TemplateParts(subject=subject, body=body),
                by=texts.at.user.email, now=texts.at.now,
            )  # fmt: skip
            saved.append(new)
        return saved[0] if saved else None
