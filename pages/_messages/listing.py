"""The templates that there are, and how a new one begins."""

import streamlit as st

from pages._ui.empty import empty
from pages._ui.page import At, act, read
from pages._ui.table import Column, table
from pages._ui.words import count
from px import messages
from px.messages import Starter, TemplateLine, TemplateParts

_COLUMNS = [
    Column("name", "Name"),
    Column("subject", "Subject"),
    Column("number", "Version", "number", width=100),
    Column("at", "Changed", "moment"),
    Column("by", "By"),
]
_OPENED = "px_templates_opened"
_BLANK = Starter(
    "", "Blank", TemplateParts(subject="", body="Hello {{ customer.first_name }},\n\n")
)


def draw(at: At) -> None:
    """Draws the list, or what to do while there is none."""
    with read() as session:
        lines = messages.template_list(session)
        archived = messages.template_list(session, archived=True)
    if lines and at.primary.button("New template", type="primary", shortcut="N"):
        begin(at)
    if not lines:
        at.answer("The texts that your journeys send stand here.")
        pressed = empty(
            "No templates yet",
            "A template is one message: its subject, its body, and a short text for SMS. "
            "Journeys send it, with each customer's own name, order and parcel in it.",
            button="Write the first template",
            icon=":material/edit_note:",
        )
        if pressed:
            begin(at)
    else:
        at.answer(f"{count(len(lines), 'template')}. Choose one to see and change its words.")
        _list(at, lines)
    if archived:
        _archive(at, archived)


@st.dialog("New template")
def begin(at: At) -> None:
    """Asks for a name and what to begin with, and opens the new template."""
    options = [*messages.starters(), _BLANK]
    starter = st.selectbox("Begin with", options, format_func=lambda one: one.name)
    name = st.text_input("Name", starter.name if starter.key else "", max_chars=200)
    if not st.button("Write template", type="primary", disabled=not name.strip()):
        return
    with act(f"{name} is here; change its words", again=False) as session:
        key = messages.free_key(session, name)
        messages.save_template(session, key, name, starter.parts, by=at.user.email, now=at.now)
        at.note(session, "wrote", "template", key, name=name)
        st.query_params["key"] = key
    if "key" in st.query_params:
        st.rerun()


def _list(at: At, lines: list[TemplateLine]) -> None:
    # A grid remembers its choice; after coming back it must be a new one.
    opened = st.session_state.setdefault(_OPENED, 0)
    chosen = table(lines, _COLUMNS, key=f"px_templates_{opened}", at=at, id_field="key")
    if chosen:
        st.session_state[_OPENED] = opened + 1
        st.query_params["key"] = chosen[0]
        st.rerun()


def _archive(at: At, lines: list[TemplateLine]) -> None:
    with st.expander(f"Archived ({len(lines)})"):
        for line in lines:
            name, button = st.columns([5, 1], vertical_alignment="center")
            name.text(line.name)
            if button.button("Use again", key=f"px_unarchive_{line.key}"):
                with act(f"{line.name} is offered again") as session:
                    messages.unarchive_template(session, line.key)
                    at.note(session, "brought back", "template", line.key)
