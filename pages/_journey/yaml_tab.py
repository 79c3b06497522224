"""The journey as YAML, the same document as the form: edit either."""

import zlib

import streamlit as st

from pages._journey.draft import Draft
from pages._ui.words import plain
from px.journeys import editing

_LOOK = """<style>.stTextArea textarea[aria-label='Journey as YAML'] {
  font-family: "Source Code Pro", monospace; font-size: 0.9rem; white-space: pre; }</style>"""


def yaml_tab(draft: Draft) -> None:
    """The document as text; what is typed becomes the form's document as soon as it is valid."""
    st.markdown(
        "The same journey as text. Change it here or in the form; "
        "the format is explained in docs/journey-format.md."
    )
    text = editing.as_yaml(draft.data)
    lines = text.count("\n") + 3
    typed = st.text_area(
        "Journey as YAML",
        draft.pending if draft.pending is not None else text,
        height=min(max(22 * lines, 320), 900),
        key=f"px_yaml_{draft.revision}_{zlib.crc32(text.encode())}",
        label_visibility="collapsed",
    )
    st.html(_LOOK)
    if typed != text:
        problem = draft.take_yaml(typed)
        if problem:
            _refused(draft, problem)
    elif draft.pending is not None:
        draft.drop_yaml()


def _refused(draft: Draft, problem: str) -> None:
    lines = [plain(line.removeprefix("- ")) for line in problem.split("\n")]
    listed = "\n".join(f"- {line}" for line in lines)
    said = "This is not a journey yet. It is kept here; the form stays as it was."
    st.warning(f"{said}\n\n{listed}", icon=":material/error:")
    if st.button("Drop these changes", icon=":material/undo:"):
        draft.drop_yaml()


def pending_notice(draft: Draft) -> bool:
    """Says on the other tabs that the YAML is in the making; whether it is."""
    if draft.pending is None:
        return False
    st.warning(
        "The YAML tab holds changes that are not a valid journey yet. "
        "Finish them there, or drop them to go on with the form.",
        icon=":material/edit:",
    )
    if st.button("Drop the changes in the YAML", icon=":material/undo:", key="px_drop_yaml"):
        draft.drop_yaml()
    return True
