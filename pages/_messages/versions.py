"""The versions of a template: who wrote which words when, and the way back to them."""

import streamlit as st

from pages._messages import words
from pages._ui.page import At, act, read
from pages._ui.words import full, plain
from px import messages
from px.messages import TemplateLine, VersionLine

_SHOWN = 20


def draw(at: At, line: TemplateLine) -> None:
    """Draws the newest versions, each but the last with a button that brings it back."""
    with read() as session:
        history = messages.template_history(session, line.key)
    with st.expander(f"Versions ({len(history)})"):
        for version in history[:_SHOWN]:
            said, show, back = st.columns([5, 1, 1], vertical_alignment="center")
            who = plain(version.by) or "px"
            said.markdown(f"**Version {version.number}** · {full(version.at, at.zone)} · {who}")
            with show.popover("Read", key=f"px_version_{line.key}_{version.number}"):
                st.text(version.parts.subject)
                st.code(version.parts.body, language=None, wrap_lines=True, height=320)
            if version.number != line.number and back.button(
                "Restore", key=f"px_restore_{line.key}_{version.number}"
            ):
                _restore(at, line, version)


def _restore(at: At, line: TemplateLine, version: VersionLine) -> None:
    done = f"The words of version {version.number} are back, as version {line.number + 1}"
    with act(done) as session:
        messages.save_template(
            session, line.key, line.name, version.parts, by=at.user.email, now=at.now
        )
        at.note(session, "restored", "template", line.key, version=version.number)
        words.forget(line.key)
