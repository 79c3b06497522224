"""Tabs of which only what is open is drawn, and none of what was typed is lost.

    for name, tab in open_tabs(NAMES, key="px_part"):
        with tab:
            read_boxes(name)
    tabs_read("px_part")

Whoever types in a box and goes to another tab at once does so before the page has read the box. So
the tab that was left is drawn once more, and taken away, until a run has read it.
"""

from collections.abc import Collection, Iterator, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def open_tabs(
    names: Sequence[str], *, key: str, boxes: Collection[str] = ()
) -> Iterator[tuple[str, DeltaGenerator]]:
    """The tab that was left with something to be read, if there is one, and the open tab.

    `boxes` names the tabs that hold boxes; without it, all do.
    """
    tabs = dict(zip(names, st.tabs(names, key=key, on_change="rerun"), strict=True))
    opened = next(name for name, tab in tabs.items() if tab.open)
    left: str = st.session_state.get(f"{key}_unread", opened)
    if left in (boxes or names) and left != opened:
        passing = tabs[left].empty()
        yield left, passing.container()
        passing.empty()
    yield opened, tabs[opened]


def tabs_read(key: str) -> None:
    """What stands in the tabs that were drawn has been read."""
    st.session_state[f"{key}_unread"] = st.session_state[key]
