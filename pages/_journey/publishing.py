"""Saving and publishing: a sentence with the numbers before it matters, then the verb again."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages._journey.draft import Draft, forget
from pages._journey.sentences import publish_sentences
from pages._ui.doing import act, read
from pages._ui.page import At
from pages._ui.words import plain, when
from px import journeys
from px.journeys import reading
from px.team import write_audit

MOVE = "Move those inside to the new version"
STAY = "Let those inside finish on theirs"


def save(draft: Draft, at: At, *, over: bool = False) -> None:
    """The draft is stored, unless somebody else has saved since; then it says who."""
    draft.is_saving = True
    with act("Draft saved") as session:
        document = reading.read_document(draft.data)
        expected = None if over else draft.as_of
        journeys.save_draft(session, document, by=at.user.email, now=at.now, expected=expected)


def somebody_saved(draft: Draft, row: Any, at: At) -> None:
    """Says who has saved while this tab was drawing, and asks which of the two stays."""
    if (draft.as_of, draft.version) == (row.draft_at, row.live_version_id):
        return
    saved = when(row.draft_at, now=at.now, zone=at.zone) if row.draft_at else "meanwhile"
    who = plain(row.draft_by or "Somebody")
    st.warning(
        f"{who} saved this journey {plain(saved)}. What you see is yours and is not saved.",
        icon=":material/group:",
    )
    with st.container(horizontal=True):
        if st.button("Open theirs, drop mine"):
            forget(draft.key)
            st.rerun()
        if st.button("Save mine over it", disabled=bool(draft.problems.count)):
            save(draft, at, over=True)


@st.dialog("Publish journey", width="medium")
def publish_dialog(draft: Draft, at: At, missing: Sequence[str]) -> None:
    """Says what publishing does, asks about those inside, and publishes."""
    document = reading.read_document(draft.data)
    if missing:
        st.markdown("These texts are not written yet. Write them first, or choose others:")
        st.markdown("\n".join(f"- {plain(key)}" for key in missing))
        return
    with read() as session, st.spinner("Counting what it does to those inside"):
        effect = journeys.effect_of_publishing(
            session, draft.key, document, settings=at.settings, now=at.now
        )
        row = journeys.journey_row(session, draft.key)
    move = True
    if effect.inside:
        choice = st.radio("Those inside", [MOVE, STAY], key="px_publish_move")
        move = choice == MOVE
    for sentence in publish_sentences(effect, document.per, row.status, move=move, at=at):
        st.markdown(sentence)
    note = st.text_input("What changed, for the list of versions", key="px_publish_note")
    if st.button("Publish journey", type="primary", icon=":material/rocket_launch:"):
        _publish(draft, at, document, note=note, move=move)


def _publish(draft: Draft, at: At, document: journeys.Document, *, note: str, move: bool) -> None:
    by, now = at.user.email, at.now
    draft.is_saving = True
    with act(f"{document.name} is live") as session:
        journeys.save_draft(session, document, by=by, now=now, expected=draft.as_of)
        number = journeys.publish(session, draft.key, by=by, now=now, note=note, move=move)
        write_audit(
            session,
            by,
            "published",
            "journey",
            draft.key,
            {"version": number, "move": move},
            now=now,
        )
