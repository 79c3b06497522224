"""Boxes that several parts of the journey's form share: lengths, event kinds, rows of boxes."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from db.kinds import EventKind
from px.journeys import forms, words

KINDS = [kind.value for kind in EventKind]
UNIT_WORDS = {**forms.UNITS, forms.OTHER: "as written"}
ANYTHING = ""


def length_box(
    label: str,
    seed: object,
    *,
    key: str,
    help: str | None = None,
    may_precede: bool = False,
    hidden: bool = False,
) -> str:
    """A length in a number and a unit, or as written; before or after, where it may be before."""
    before = forms.length_boxes(seed)
    seen: Any = "collapsed" if hidden else "visible"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", width="content"):
        unit_before = st.session_state.get(f"{key}_unit", before.unit)
        if unit_before == forms.OTHER:
            written = st.text_input(
                label,
                before.written,
                key=f"{key}_written",
                help=help,
                placeholder="1w2d3h",
                label_visibility=seen,
                width=110,
            )
            number = before.number
        else:
            number = st.number_input(
                label, 0, 100_000, before.number, key=f"{key}_number", help=help, width=130,
                label_visibility=seen,
            )  # fmt: skip
            written = forms.length_part(forms.LengthBoxes(number, unit_before))
        unit = st.selectbox(
            f"Unit of {label.lower()}",
            list(UNIT_WORDS),
            list(UNIT_WORDS).index(before.unit),
            format_func=UNIT_WORDS.__getitem__,
            key=f"{key}_unit",
            label_visibility="collapsed",
            width=130,
        )
        is_before = may_precede and _second_of(
            ("after", "before"),
            f"Before or after, {label.lower()}",
            seed=before.before,
            key=f"{key}_before",
            width=110,
        )
    after = forms.LengthBoxes(number, unit, written if unit == forms.OTHER else "", is_before)
    return str(forms.kept(seed or "0", before, after, forms.length_part))


def within_box(label: str, seed: str, *, key: str) -> str:
    """How far back something counts: a length, or empty for ever."""
    is_limited = _second_of(
        ("ever", "within"), f"{label}, or ever", seed=bool(seed), key=f"{key}_ever", width=100
    )
    return length_box(label, seed or "90d", key=key, hidden=True) if is_limited else ""


def _second_of(words: tuple[str, str], label: str, *, seed: bool, key: str, width: int) -> bool:
    """Which of two words is chosen: whether it is the second."""
    chosen = st.selectbox(
        label, words, int(seed), key=key, label_visibility="collapsed", width=width
    )
    return chosen == words[1]


def kinds_box(label: str, seed: Sequence[str], *, key: str, help: str | None = None) -> list[str]:
    """Several event kinds; a word that is none becomes a milestone."""
    chosen = st.multiselect(
        label,
        _with(KINDS, seed),
        list(seed),
        format_func=words.event_label,
        key=key,
        help=help,
        accept_new_options=True,
        placeholder="Choose what happens, or type a milestone",
    )
    return [forms.kind_name(kind) for kind in chosen]


def kind_box(
    label: str, seed: str, *, key: str, help: str | None = None, width: Any = "stretch"
) -> str:
    """One event kind; a word that is none becomes a milestone."""
    options = _with(KINDS, [seed] if seed else [])
    chosen = st.selectbox(
        label,
        options,
        options.index(seed) if seed else 0,
        format_func=words.event_label,
        key=key,
        help=help,
        accept_new_options=True,
        width=width,
    )
    return forms.kind_name(chosen or options[0])


def _with(known: Sequence[str], used: Sequence[str]) -> list[str]:
    return [*known, *(word for word in used if word not in known)]
