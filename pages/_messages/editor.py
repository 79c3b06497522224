"""One template: its words, what is wrong with them, how it looks, its versions."""

import streamlit as st

from pages._messages import variables, versions, words
from pages._ui.links import link
from pages._ui.page import At, act
from pages._ui.preview import draw_preview, send_test
from pages._ui.seen_as import Picked, pick_customer, seen_message
from pages._ui.words import plain, when
from px import messages
from px.messages import NewMessage, TemplateFailed, TemplateLine, TemplateParts

SEND, COPY, ARCHIVE = "Send test to me", "Duplicate", "Archive"


def draw(at: At, line: TemplateLine, saved: TemplateParts) -> None:
    """Draws the editor of the template, which has these words saved."""
    words.prepare(line, saved)
    if journey := st.query_params.get("journey"):
        link("journey.py", "Back to the journey", icon=":material/arrow_back:", key=journey)
    elif st.button("All templates", type="tertiary", icon=":material/arrow_back:"):
        st.query_params.clear()
        st.rerun()
    left, right = st.columns([6, 5], gap="large")
    with left:
        name, parts = words.draw(line.key)
        problems = messages.check_template(parts)
        if problems:
            words.draw_problems(problems)
    _answer(at, line, is_changed=parts != saved or name != line.name)
    st.subheader("Preview", anchor=False)
    message = seen_message(pick_customer(at) or Picked(0), at)
    with right:
        variables.draw(message.context)
    if problems:
        st.markdown("The preview is here again once the words above can be sent.")
    else:
        _preview(at, parts, message)
    _save(at, line, name, parts)
    _more(at, line, parts, message)
    versions.draw(at, line)


def _answer(at: At, line: TemplateLine, *, is_changed: bool) -> None:
    saved = when(line.at, now=at.now, zone=at.zone)
    said = f"Version {line.number}, saved {saved} by {plain(line.by) or 'px'}."
    if words.begun_from(line.key) != line.number:
        said += (
            f" **It was saved while you were writing.** Saving makes yours version"
            f" {line.number + 1}; theirs stays among the versions."
        )
    elif is_changed:
        said += " **You have changes that are not saved.**"
    at.answer(said)


def _preview(at: At, parts: TemplateParts, message: NewMessage) -> None:
    try:
        shown = messages.preview_of(parts, message, at.settings, now=at.now)
    except TemplateFailed as problem:
        st.error(f"For this customer: {plain(problem)}", icon=":material/error:")
    else:
        draw_preview(shown, at)


def _save(at: At, line: TemplateLine, name: str, parts: TemplateParts) -> None:
    if not at.primary.button("Save template", type="primary", shortcut="Ctrl+S"):
        return
    with act("Template saved. New messages use these words") as session:
        messages.save_template(session, line.key, name, parts, by=at.user.email, now=at.now)
        at.note(session, "saved", "template", line.key, name=name)
        words.forget(line.key)


def _more(at: At, line: TemplateLine, parts: TemplateParts, message: NewMessage) -> None:
    chosen = at.primary.menu_button("More", [SEND, COPY, ARCHIVE], key="px_template_more")
    if chosen == SEND:
        send_test(at, parts, message.context)
    elif chosen == COPY:
        with act(f"This is the copy of {line.name}") as session:
            copy = messages.duplicate_template(session, line.key, by=at.user.email, now=at.now)
            at.note(session, "duplicated", "template", line.key, copy=copy)
            st.query_params["key"] = copy
    elif chosen == ARCHIVE:
        with act(f"{line.name} is archived. Journeys that use it go on") as session:
            messages.archive_template(session, line.key, now=at.now)
            at.note(session, "archived", "template", line.key)
            st.query_params.clear()
