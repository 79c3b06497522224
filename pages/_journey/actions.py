"""What can be done with a journey as a whole: pause, resume, archive, duplicate, download."""

import streamlit as st

from pages._journey.counting import counted, who
from pages._journey.effect_words import resume_sentence
from pages._journey.sentences import archive_sentence, pause_sentence
from pages._journey.standing import line_of, offer
from pages._journey.test_mode import open_dialog, test_dialog
from pages._ui.doing import act, read
from pages._ui.page import At
from pages._ui.words import plain
from px import journeys
from px.core.work import reading
from px.journeys import editing


def journey_menu(key: str, status: str, at: At, *, in_test: bool = False) -> None:
    """A menu with what can be done in this status."""
    dialogs = {
        "Open journey to everybody": open_dialog if in_test and status == "live" else None,
        "Test journey": test_dialog if in_test or status == "draft" else None,
        "Pause journey": pause_dialog if status == "live" else None,
        "Resume journey": resume_dialog if status == "paused" else None,
        "Duplicate journey": duplicate_dialog,
        "Download as YAML": download_dialog,
        "Archive journey": archive_dialog if status != "archived" else None,
    }
    offered = [name for name, dialog in dialogs.items() if dialog]
    chosen = st.menu_button("More", offered, key=f"px_menu_{key}")
    if chosen and (dialog := dialogs[chosen]):
        dialog(key, at)


def export(key: str) -> bytes:
    """The journey with the texts it uses, as YAML."""
    # Made when it is asked for, outside any script run: `read` could not ask who looks.
    with reading() as session:
        return journeys.to_yaml(journeys.export_journey(session, key)).encode()


@st.dialog("Download as YAML", width="medium")
def download_dialog(key: str, at: At) -> None:
    """Offers the journey with its texts as a file."""
    name = line_of(key).name
    st.markdown(
        f"**{plain(name)}** with the texts it uses, as it is drawn now. "
        "Import the file here or in another shop to have it again."
    )
    st.download_button(
        "Download the file",
        data=lambda: export(key),
        file_name=f"{key}-{at.now:%Y-%m-%d}.yaml",
        mime="application/yaml",
        icon=":material/download:",
        type="primary",
        on_click="ignore",
        key=f"px_export_{key}",
    )


@st.dialog("Pause journey")
def pause_dialog(key: str, at: At) -> None:
    """Says what pausing does, then pauses."""
    line = line_of(key)
    st.markdown(f"**{plain(line.name)}**: {pause_sentence(line.inside, line.planned)}")
    done = f"{line.name} is paused"
    offer("Pause journey", journeys.pause, key, at, verb="paused", done=done)


@st.dialog("Resume journey", on_dismiss="rerun")
def resume_dialog(key: str, at: At) -> None:
    """Says what goes at once and what is too late, then resumes."""
    name = line_of(key).name
    effect = counted(
        [key, at.now],
        lambda session, on_progress: journeys.effect_of_resuming(
            session, key, settings=at.settings, now=at.now, on_progress=on_progress
        ),
    )
    st.markdown(f"**{plain(name)}**: {resume_sentence(effect)}")
    if effect.held:
        who(effect, "resume")
    done = f"{name} goes on"
    offer("Resume journey", journeys.resume, key, at, verb="resumed", done=done)


@st.dialog("Archive journey")
def archive_dialog(key: str, at: At) -> None:
    """Says who is inside, then ends the journey."""
    line = line_of(key)
    st.markdown(f"**{plain(line.name)}**: {archive_sentence(line.inside, line.planned)}")
    done = f"{line.name} is archived"
    offer("Archive journey", journeys.archive, key, at, verb="archived", done=done)


@st.dialog("Duplicate journey")
def duplicate_dialog(key: str, at: At) -> None:
    """Makes a draft of the same touchpoints and texts under another name."""
    name = line_of(key).name
    st.markdown("The copy is a draft with the same touchpoints and texts. Nobody is inside.")
    wanted = st.text_input("Name of the copy", f"{name} (copy)"[:200])
    if st.button("Duplicate journey", type="primary", disabled=not wanted.strip()):
        made = make_copy(key, wanted.strip(), at)
        if made:
            st.switch_page("journey.py", query_params={"key": made})


def make_copy(key: str, name: str, at: At) -> str | None:
    """The key of the copy, None when it could not be made."""
    with read() as session:
        document = journeys.draft_document(session, journeys.journey_row(session, key))
    return store_copy(journeys.to_data(document), name, at)


def store_copy(data: editing.Data, name: str, at: At) -> str | None:
    """The key of a new draft that says the same under another name, None when it was refused."""
    with act(f"{name} is ready to edit", again=False) as session:
        new = editing.key_of(name, journeys.journey_keys(session))
        document = journeys.read_document(editing.renamed(data, name, new))
        journeys.save_draft(session, document, by=at.user.email, now=at.now)
        return new
    return None
