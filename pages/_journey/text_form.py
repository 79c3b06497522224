"""The words of a message text beside the timeline: changed and saved here, or written anew."""

from typing import Any

import streamlit as st

from pages._journey.draft import Draft
from pages._journey.known import Known
from pages._messages import words as written
from pages._ui.doing import act, read
from pages._ui.links import link
from pages._ui.words import plain
from px import messages
from px.journeys import words
from px.messages import TemplateParts


def text_form(key: str, draft: Draft, known: Known) -> None:
    """The words of the text with this key stand in boxes, and are saved as its next version."""
    with read() as session:
        line, saved = messages.template_by_key(session, key)
    written.prepare(line, saved)
    name, parts = written.draw(key, called="Name of the text", height=240)
    problems = messages.check_template(parts)
    if problems:
        written.draw_problems(problems)
    is_changed = parts != saved or name != line.name
    if is_changed and written.begun_from(key) != line.number:
        st.markdown(
            f":orange[:material/group: {plain(line.by)} saved this text while you were writing.] "
            "Saving makes yours the next version; theirs stays among the versions."
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        if is_changed and st.button(
            "Save text", type="primary", disabled=bool(problems), key=f"px_save_text_{key}"
        ):
            _save(key, name, parts, known)
        if is_changed and st.button(
            "Discard my changes", type="tertiary", key=f"px_drop_text_{key}"
        ):
            written.forget(key)
            st.rerun()
        link("message_templates.py", "Open in Messages", icon=":material/edit_note:", key=key,
             journey=draft.key)  # fmt: skip
    if is_changed:
        st.markdown("Every journey that sends this text sends the new words once they are saved.")


def _save(key: str, name: str, parts: TemplateParts, known: Known) -> None:
    by, now = known.at.user.email, known.at.now
    with act("Text saved. New messages use these words") as session:
        messages.save_template(session, key, name, parts, by=by, now=now)
        known.at.note(session, "saved", "template", key, name=name)
        written.forget(key)


def new_text_form(
    wanted: str, point: dict[str, Any], known: Known, *, key: str, asked: str
) -> str | None:
    """The key of a text that was written and saved just now; `wanted` when that key was missing.

    What is being written stays while one looks at another touchpoint. `asked` is where the session
    keeps that a new text was asked for.
    """
    name = words.spaced(wanted) if wanted else words.touchpoint_label(point)
    with st.container(border=True, key=f"{key}_box", gap="small"):
        st.markdown("**A new text**")
        kept: dict[str, Any] = {"persist_state": "session"}
        named = st.text_input(
            "Name of the text", key=f"{key}_name", max_chars=200, placeholder=name, **kept
        )
        subject = st.text_input("Subject", key=f"{key}_subject", max_chars=1000, **kept)
        body = st.text_area(
            "Body", key=f"{key}_body", height=200, placeholder="Hello {{ customer.first_name }},",
            help="Markdown, with {{ customer.first_name }} and the like for what differs.", **kept,
        )  # fmt: skip
        sms = st.text_area(
            "SMS", key=f"{key}_sms", height=80, placeholder="The body as plain text", **kept
        )
        parts = TemplateParts(subject=subject or "", body=body or "", sms=sms or "")
        with st.container(horizontal=True):
            save = st.button("Save text", key=f"{key}_save", type="primary")
            if st.session_state.get(asked) and st.button("Discard it", type="tertiary"):
                _forget(key, asked)
                st.rerun()
    made = _made(wanted, (named or "").strip() or name, parts, known) if save else None
    if made:
        _forget(key, asked)
    return made


def _forget(key: str, asked: str) -> None:
    for name in (asked, *(f"{key}_{box}" for box in ("name", "subject", "body", "sms"))):
        st.session_state.pop(name, None)


def _made(wanted: str, named: str, parts: TemplateParts, known: Known) -> str | None:
    by, now = known.at.user.email, known.at.now
    with act(f"Text saved: {named}", again=False) as session:
        new = wanted or messages.free_key(session, named)
        messages.save_template(session, new, named, parts, by=by, now=now)
        known.at.note(session, "wrote", "template", new, name=named)
        return new
    return None
