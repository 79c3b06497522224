"""Publishing: what changed, what it does to those inside, and to whom; then the verb again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from pages._journey.counting import Progress, counted, who
from pages._journey.draft import Draft
from pages._journey.effect_words import inside_sentence, waits_sentence
from pages._journey.keeping import drop_kept
from pages._journey.launch_form import launch_form
from pages._journey.publish_words import say_changes, say_missing, say_warnings
from pages._journey.sentences import entering_sentences
from pages._ui.doing import act, read
from pages._ui.page import At
from pages._ui.words import count
from px import journeys, messages, orders
from px.journeys import Effect, reading

MOVE = "Move those inside to the new version"
QUIETLY = "Move them, but send nothing at once"
STAY = "Let those inside finish on theirs"


@st.dialog("Publish journey", width="medium", on_dismiss="rerun")
def publish_dialog(draft: Draft, at: At, missing: Sequence[str]) -> None:
    """Says what publishing does, asks about those inside, and publishes."""
    document = reading.read_document(draft.data)
    if missing:
        say_missing(missing, draft.data)
        return
    with read() as session:
        row = journeys.journey_row(session, draft.key)
        live = journeys.live_document(session, row) if row.live_version_id else None
        names = {line.key: line.name for line in messages.template_list(session)}
        warnings = journeys.shop_warnings(session, draft.data, at.settings)
        currency = orders.shop_currency(session, at.settings)
        tested_by = row.test_addresses or ()
    since = None
    for sentence in entering_sentences(document.per, row.status, at, tested_by=tested_by):
        st.markdown(sentence)
    say_warnings(warnings, draft.data)
    move = MOVE
    if live is None:
        since = launch_form(document, at)
    else:
        say_changes(reading.to_data(live), draft.data, names, currency)
        move = _ask_inside(draft, document, row.status, at)
    note = st.text_input("What changed, for the list of versions", key="px_publish_note")
    if st.button("Publish journey", type="primary", icon=":material/rocket_launch:"):
        _publish(draft, at, document, note=note, move=move, since=since)


def _ask_inside(draft: Draft, document: journeys.Document, status: str, at: At) -> str:
    """Says what happens to those inside; which of the three ways was chosen."""

    def moving(session: Any, on_progress: Progress) -> Effect:
        return journeys.effect_of_publishing(
            session, draft.key, document, settings=at.settings, now=at.now, on_progress=on_progress
        )

    def staying(session: Any, on_progress: Progress) -> Effect:
        return journeys.effect_of_resuming(
            session, draft.key, settings=at.settings, now=at.now, on_progress=on_progress
        )

    about = [draft.key, draft.data, draft.stand, status, at.now]
    effect = counted([*about, "move"], moving)
    if not effect.inside:
        st.markdown(inside_sentence(effect))
        return MOVE
    choice: str = st.radio("Those inside", [MOVE, QUIETLY, STAY], key="px_publish_move")
    if choice == QUIETLY:
        st.markdown(waits_sentence(effect))
        effect = effect.quietly or effect
    elif choice == STAY and status == "live":
        people = count(effect.inside, "person finishes", "people finish")
        st.markdown(f"**{people}** on the version they are in; nothing changes for them.")
        return STAY
    elif choice == STAY:
        effect = counted([*about, "stay"], staying)
    st.markdown(inside_sentence(effect))
    who(effect, "publish")
    return choice


def _publish(
    draft: Draft,
    at: At,
    document: journeys.Document,
    *,
    note: str,
    move: str,
    since: datetime | None,
) -> None:
    by, now = at.user.email, at.now
    draft.is_saving = True
    with act(f"{document.name} is live") as session:
        journeys.save_draft(session, document, by=by, now=now, expected=draft.stand)
        drop_kept(session, draft, at)
        number = journeys.publish(
            session,
            draft.key,
            by=by,
            now=now,
            note=note,
            move=move != STAY,
            at_once=move != QUIETLY,
            since=since,
        )
        at.note(
            session,
            "published",
            "journey",
            draft.key,
            version=number,
            move=move != STAY,
            at_once=move == MOVE,
        )
