"""The way back and forth through the changes, by button and by key."""

import streamlit as st

from pages._journey.draft import Draft

_KEYS = "px_undo_keys"
# In a box for text the keys are the browser's own: they take back letters.
_SCRIPT = """
const WRITES = ["text", "search", "email", "url", "tel", "password", "number"]
export default function ({ setTriggerValue }) {
  const hear = (event) => {
    const at = event.composedPath()[0]
    const writes = at.isContentEditable || at.tagName === "TEXTAREA" ||
      (at.tagName === "INPUT" && WRITES.includes(at.type))
    const key = event.key.toLowerCase()
    if (writes || !(event.ctrlKey || event.metaKey) || event.altKey) return
    if (key !== "z" && key !== "y") return
    event.preventDefault()
    setTriggerValue("deed", key === "y" || event.shiftKey ? "redo" : "undo")
  }
  document.addEventListener("keydown", hear)
  return () => document.removeEventListener("keydown", hear)
}
"""
_component = st.components.v2.component(_KEYS, js=_SCRIPT)


def undo_redo(draft: Draft) -> None:
    """The last change is taken back or made again when its button was pressed.

    The timeline has buttons of its own; beside it these are out of sight.
    """
    ways = (
        ("Undo", draft.history, draft.undo, "Ctrl+Z"),
        ("Redo", draft.future, draft.redo, "Ctrl+Shift+Z"),
    )
    with st.container(horizontal=True, width="content", gap="xsmall", key="px_undo_redo"):
        for label, there, go, keys in ways:
            icon = f":material/{label.lower()}:"
            if st.button(label, icon=icon, type="tertiary", disabled=not there, help=keys):
                go()


def undo_redo_keys(draft: Draft) -> None:
    """The same by Ctrl+Z and Ctrl+Shift+Z, wherever nothing is being written."""
    deed = _component(key=_KEYS, on_deed_change=lambda: None).deed
    if deed == "undo":
        draft.undo()
    elif deed == "redo":
        draft.redo()
