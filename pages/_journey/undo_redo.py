"""The way back and forth through the changes, by button and by key."""

import streamlit as st

from pages._journey.draft import Draft


def undo_redo(draft: Draft) -> None:
    """The last change is taken back or made again when asked for.

    The timeline has buttons of its own; beside it, only the keys of these are in use.
    """
    with st.container(horizontal=True, width="content", gap="xsmall", key="px_undo_redo"):
        if st.button(
            "Undo",
            icon=":material/undo:",
            type="tertiary",
            disabled=not draft.history,
            shortcut="Ctrl+Z",
        ):
            draft.undo()
        if st.button(
            "Redo",
            icon=":material/redo:",
            type="tertiary",
            disabled=not draft.future,
            shortcut="Ctrl+Shift+Z",
        ):
            draft.redo()
