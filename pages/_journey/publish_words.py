"""What is said before publishing: texts that are missing, what to look at, what has changed."""

from collections.abc import Mapping, Sequence

import streamlit as st

from pages._ui.words import count, plain
from px import journeys
from px.journeys import editing, forms


def say_missing(missing: Sequence[str], data: editing.Data) -> None:
    """The texts that are not written, with the touchpoints that use them."""
    st.markdown("These texts are not written yet. Write them first, or choose others:")
    for key in missing:
        used = [
            journeys.words.touchpoint_label(point)
            for point in editing.points_of(data)
            if key in dict(forms.weights_rows(point))
        ]
        st.markdown(f"- {plain(key)}, in {plain(', '.join(used))}")


def say_warnings(warnings: Sequence[journeys.JourneyWarning], data: editing.Data) -> None:
    """What may be published and is still likely a mistake, touchpoint by touchpoint."""
    if not warnings:
        return
    names = journeys.words.labels(data)
    lines = [
        f"- **{plain(names.get(one.touchpoint or '', 'The journey'))}**: {plain(one.sentence)}"
        for one in warnings
    ]
    with st.expander(f"Look at {count(len(lines), 'thing')} first", icon=":material/warning:"):
        st.markdown("\n".join(lines))


def say_changes(
    before: editing.Data, after: editing.Data, names: Mapping[str, str], currency: str
) -> None:
    """What is different from the live version, in words."""
    lines = journeys.changes_in_words(before, after, names, currency)
    if not lines:
        return
    with st.expander(f"{count(len(lines), 'change')} since the live version", expanded=True):
        st.markdown("\n".join(f"- {plain(line)}" for line in lines))
