"""A row of a condition in boxes: something that happened, or did not."""

import streamlit as st

from pages._journey.boxes import KINDS, within_box
from px.journeys import forms
from px.journeys.deeds import deed_words
from px.journeys.drawing.condition_boxes import DID, Row


def deed_boxes(label: str, row: Row, *, negated: bool, key: str) -> Row:
    """The row as its boxes say."""
    was_deed = row.field == DID
    kinds = list(dict.fromkeys([*KINDS, *([row.value] if was_deed else [])]))
    kind = st.selectbox(
        f"{label}: what happened",
        kinds,
        kinds.index(row.value) if was_deed else 0,
        format_func=lambda one: deed_words(one, negated=negated),
        key=f"{key}_kind",
        label_visibility="collapsed",
        accept_new_options=True,
        width=230,
    )
    st.markdown("at least", width="content")
    times = st.number_input(
        f"{label}: at least, times",
        1,
        1000,
        row.times,
        key=f"{key}_times",
        width=110,
        label_visibility="collapsed",
    )
    st.markdown("times" if times > 1 else "time", width="content")
    within = within_box(f"{label}: within", row.within, key=f"{key}_within")
    return Row(DID, "", forms.kind_name(kind or kinds[0]), within, int(times), negated)
