"""Ways to a new journey: the library, the example, one message, a file or pasted text."""

from typing import Any

import streamlit as st

from pages._library.using import ask_about_changed, ask_wanted, use
from pages._ui.doing import act, read
from pages._ui.links import link
from pages._ui.page import At
from pages._ui.words import count, plain
from px import journeys, messages
from px.core.errors import InvalidInput
from px.journeys import editing, reading
from px.messages import TemplateParts

READY = "A ready-made journey with its texts"
ONE = "One message: a word of thanks when the order is placed"
_THANKS = TemplateParts(
    subject="Thank you for your order {{ order.number }}",
    body=(
        'Hello {{ customer.first_name | default: "there" }},\n\n'
        "your order **{{ order.number }}** has reached us, and we are getting it ready.\n"
    ),
)


def start_example(at: At) -> None:
    """A draft of the example exists and is open."""
    made = None
    with act("The example is ready to edit", again=False) as session:
        made = journeys.start_example(session, by=at.user.email, now=at.now)
    _open(made)


def start_small(at: At, name: str) -> None:
    """A draft with one message exists and is open."""
    made = None
    with act(f"{name} is ready to edit", again=False) as session:
        key = editing.key_of(name, journeys.journey_keys(session))
        document = reading.read_document(editing.first_draft(name, key))
        if not messages.template_versions(session, ["thank-you"]):
            messages.save_template(
                session, "thank-you", "Thank you", _THANKS, by=at.user.email, now=at.now
            )
        journeys.save_draft(session, document, by=at.user.email, now=at.now)
        made = key
    _open(made)


def _open(made: str | None) -> None:
    if made:
        st.switch_page("journey.py", query_params={"key": made})


@st.dialog("New journey", width="medium")
def new_dialog(at: At) -> None:
    """Asks for a name, what to start from, and for what that needs."""
    name = st.text_input("Name", placeholder="Serum ownership", max_chars=200)
    if st.radio("Start from", [READY, ONE], key="px_new_start") == READY:
        _ready_made(name, at)
    elif st.button("Create journey", type="primary", disabled=not name.strip()):
        start_small(at, name.strip())


def _ready_made(name: str, at: At) -> None:
    shelf = journeys.library()
    one = st.selectbox(
        "Ready-made journey", shelf, format_func=lambda each: each.name, key="px_new_ready"
    )
    points = count(len(one.document.touchpoints), "touchpoint")
    st.markdown(f"“{plain(one.customer_goal)}”  \n{plain(one.summary)} {points}.")
    link("library.py", "Read it in the library first", icon=":material/local_library:", key=one.key)
    wanted = ask_wanted(one, name=name)
    overwrite = ask_about_changed(one, wanted)
    if st.button("Create journey", type="primary"):
        use(one, wanted, at, overwrite=overwrite)


@st.dialog("Import a journey file", width="medium")
def import_dialog(at: At) -> None:
    """Takes a file or pasted text, says what it holds, and stores it as a draft."""
    file = st.file_uploader("Journey file", type=["yaml", "yml"], max_upload_size=1)
    pasted = st.text_area("or paste it here", height=200, key="px_import_text")
    text = _text_of(file) if file is not None else pasted
    if not text.strip():
        return
    try:
        document = reading.read_document(text)
    except InvalidInput as error:
        _say_problems(error)
        return
    texts = count(len(document.templates or {}), "text")
    points = count(len(document.touchpoints), "touchpoint")
    st.markdown(f"**{plain(document.name)}**: {points}, {texts}. It becomes a draft.")
    overwrite = _ask_about_the_known(document)
    if st.button("Import journey", type="primary"):
        made = None
        with act(f"{document.name} is imported", again=False) as session:
            made = journeys.import_journey(
                session, text, overwrite=overwrite, by=at.user.email, now=at.now
            ).key
        _open(made)


def _text_of(file: Any) -> str:
    return str(file.getvalue().decode("utf-8-sig", "replace"))


def _say_problems(error: InvalidInput) -> None:
    problems = error.problems if isinstance(error, reading.InvalidJourney) else [error]
    listed = "\n".join(f"- {plain(problem)}" for problem in problems[:10])
    st.warning(f"This is not a journey yet. Nothing was changed.\n\n{listed}")


def _ask_about_the_known(document: journeys.Document) -> bool:
    """Says what is here already; whether changed texts are to be replaced."""
    with read() as session:
        is_known = document.journey in journeys.journey_keys(session)
        known = messages.template_versions(session, document.templates or {})
    if is_known:
        st.markdown(
            "A journey with this key exists: **its draft is replaced**. "
            "What is published stays until you publish."
        )
    if not known:
        return False
    those = "1 text of it is" if len(known) == 1 else f"{len(known)} texts of it are"
    return st.checkbox(f"{those} here already: replace what was changed since")
