"""What can be done with a journey as a whole: pause, resume, archive, duplicate, download."""

from typing import Any

import streamlit as st

from pages._journey.sentences import archive_sentence, pause_sentence, resume_sentence
from pages._ui.doing import act, read
from pages._ui.page import At
from pages._ui.words import plain
from px import journeys
from px.core.work import reading
from px.journeys import editing
from px.journeys.reading import read_document, to_data
from px.team import write_audit


def journey_menu(key: str, status: str, at: At) -> None:
    """A menu with what can be done in this status."""
    with st.popover("More", key=f"px_menu_{key}", width="content"):
        if status == "live" and _item("Pause journey", "pause", key):
            pause_dialog(key, at)
        if status == "paused" and _item("Resume journey", "play_arrow", key):
            resume_dialog(key, at)
        if _item("Duplicate journey", "content_copy", key):
            duplicate_dialog(key, at)
        st.download_button(
            "Download as YAML",
            data=lambda: export(key),
            file_name=f"{key}.yaml",
            mime="application/yaml",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
            key=f"px_export_{key}",
        )
        if status != "archived" and _item("Archive journey", "inventory_2", key):
            archive_dialog(key, at)


def _item(label: str, icon: str, key: str) -> bool:
    return st.button(label, icon=f":material/{icon}:", type="tertiary", key=f"px_{icon}_{key}")


def export(key: str) -> bytes:
    """The journey with the texts it uses, as YAML."""
    # Made when it is asked for, outside any script run: `read` could not ask who looks.
    with reading() as session:
        return journeys.to_yaml(journeys.export_journey(session, key)).encode()


def _numbers(key: str) -> tuple[str, int, int]:
    with read() as session:
        line = next(line for line in journeys.journey_lines(session) if line.key == key)
    return line.name, line.inside, line.planned


@st.dialog("Pause journey")
def pause_dialog(key: str, at: At) -> None:
    """Says what pausing does, then pauses."""
    name, inside, planned = _numbers(key)
    st.markdown(f"**{plain(name)}**: {pause_sentence(inside, planned)}")
    if st.button("Pause journey", type="primary"):
        with act(f"{name} is paused") as session:
            journeys.pause(session, key, now=at.now)
            _note(session, at, "paused", key)


@st.dialog("Resume journey")
def resume_dialog(key: str, at: At) -> None:
    """Says what goes at once and what is too late, then resumes."""
    name, _inside, _planned = _numbers(key)
    with read() as session, st.spinner("Counting what goes at once"):
        effect = journeys.effect_of_resuming(session, key, settings=at.settings, now=at.now)
    st.markdown(f"**{plain(name)}**: {resume_sentence(effect)}")
    if st.button("Resume journey", type="primary"):
        with act(f"{name} goes on") as session:
            journeys.resume(session, key, now=at.now)
            _note(session, at, "resumed", key)


@st.dialog("Archive journey")
def archive_dialog(key: str, at: At) -> None:
    """Says who is inside, then ends the journey."""
    name, inside, planned = _numbers(key)
    st.markdown(f"**{plain(name)}**: {archive_sentence(inside, planned)}")
    if st.button("Archive journey", type="primary"):
        with act(f"{name} is archived") as session:
            journeys.archive(session, key, now=at.now)
            _note(session, at, "archived", key)


@st.dialog("Duplicate journey")
def duplicate_dialog(key: str, at: At) -> None:
    """Makes a draft of the same touchpoints and texts under another name."""
    name, _inside, _planned = _numbers(key)
    st.markdown("The copy is a draft with the same touchpoints and texts. Nobody is inside.")
    wanted = st.text_input("Name of the copy", f"{name} (copy)"[:200])
    if st.button("Duplicate journey", type="primary", disabled=not wanted.strip()):
        made = make_copy(key, wanted.strip(), at)
        if made:
            st.switch_page("journey.py", query_params={"key": made})


def make_copy(key: str, name: str, at: At) -> str | None:
    """The key of the copy, None when it could not be made."""
    made: list[str] = []
    with act(f"{name} is ready to draw on", again=False) as session:
        document = journeys.draft_document(session, journeys.journey_row(session, key))
        new = editing.key_of(name, journeys.journey_keys(session))
        data = editing.renamed(to_data(document), name, new)
        journeys.save_draft(
            session, read_document(data), by=at.user.email, now=at.now, expected=None
        )
        made.append(new)
    return made[0] if made else None


def _note(session: Any, at: At, verb: str, key: str) -> None:
    write_audit(session, at.user.email, verb, "journey", key, now=at.now)
