"""Two people's changes brought together: what both of them changed is asked, once each."""

from typing import Any, get_args

import streamlit as st

from pages._journey.draft import Draft
from pages._journey.known import Known
from pages._ui.words import count, plain
from px.journeys import Stand, editing, merging, words
from px.journeys.drawing import changes
from px.journeys.drawing.merging import WHOLE, Conflict, Side


def merge_form(draft: Draft, theirs: editing.Data, stand: Stand, who: str, known: Known) -> None:
    """Says what is taken from whom, asks about what both changed, and makes it the draft here."""
    merge = merging.merged(draft.saved, draft.data, theirs)
    choices: dict[tuple[str | None, str], Side] = {}
    with st.container(border=True, key="px_merging"):
        currency = known.shop.currency
        mine = changes.changes_in_words(draft.saved, draft.data, known.names, currency)
        _told("You changed", mine)
        for new in merge.renamed.values():
            name = plain(words.labels(merge.data).get(new, new))
            st.markdown(f"Both of you added a touchpoint: “{name}” stands beside theirs.")
        if merge.conflicts:
            asked = count(len(merge.conflicts), "thing")
            st.markdown(f"**{asked} both of you changed.** Which stays?")
        for number, conflict in enumerate(merge.conflicts):
            side = _ask(number, conflict, merge.data, who, currency)
            choices[conflict.touchpoint, conflict.part] = side
        st.markdown("Nothing is saved by this: look at it, then save the draft.")
        with st.container(horizontal=True):
            if st.button("Bring both together", type="primary", key="px_merge"):
                draft.take_merge(merging.settled(merge, choices), theirs, stand)
                st.rerun()
            if st.button("Not now"):
                draft.is_merging = False
                st.rerun()


def _told(title: str, lines: list[str]) -> None:
    said = "\n".join(f"- {plain(line)}" for line in lines) or "- nothing"
    st.markdown(f"**{plain(title)}**\n\n{said}")


def _ask(number: int, conflict: Conflict, data: editing.Data, who: str, currency: str) -> Side:
    names = words.labels(data)
    with st.container(border=True):
        where = names.get(conflict.touchpoint or "", "The journey")
        st.markdown(f"**{plain(where)}**: {editing.part_words(conflict.part).lower()}")
        said = {
            "mine": f"Mine: {_words(conflict, conflict.mine, names, currency)}",
            "theirs": f"{who}: {_words(conflict, conflict.theirs, names, currency)}",
        }
        side: Side = st.radio(
            f"Which stays, {number + 1}",
            get_args(Side),
            format_func=said.__getitem__,
            key=f"px_merge_{number}",
            label_visibility="collapsed",
        )
    return side


def _words(conflict: Conflict, side: Any, names: dict[str, str], currency: str) -> str:
    """What one of the two says there."""
    if conflict.part == WHOLE:
        if side is None:
            return "take it out"
        return words.touchpoint_sentence(side, names, currency=currency)
    return merging.side_words(conflict.part, side or {}, names, currency) or "nothing"
