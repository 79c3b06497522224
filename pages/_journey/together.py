"""Saving while somebody else draws the same journey: who changed what, and how both are kept."""

from typing import Any

import streamlit as st

from pages._journey.actions import store_copy
from pages._journey.draft import Draft
from pages._journey.keeping import drop_kept, forget
from pages._journey.known import Known
from pages._journey.merging import merge_form
from pages._ui.doing import act, read
from pages._ui.page import At
from pages._ui.words import plain, when
from px import journeys
from px.journeys import Stand, reading
from px.journeys.drawing import changes

_MOST = 6


def save(draft: Draft, at: At) -> None:
    """The draft is stored, unless somebody else has saved or published since; then it says who."""
    draft.is_saving = True
    with act("Draft saved") as session:
        document = reading.read_document(draft.data)
        by, now = at.user.email, at.now
        journeys.save_draft(session, document, by=by, now=now, expected=draft.stand)
        drop_kept(session, draft, at)


def somebody_saved(draft: Draft, row: Any, at: At, known: Known) -> None:
    """Says who has saved or published while this tab was drawing, what they changed, and offers to
    bring both together, to take theirs, or to keep mine as a journey of its own.
    """
    stand = Stand(row.draft_at, row.live_version_id)
    if draft.stand == stand:
        return
    with read() as session:
        theirs = reading.to_data(journeys.draft_document(session, row))
        who, did, moment = _who(session, row, draft)
    said = when(moment, now=at.now, zone=at.zone) if moment else "meanwhile"
    lines = changes.changes_in_words(draft.saved, theirs, known.names, known.shop.currency)
    st.warning(
        f"**{plain(who)} {did} this journey {plain(said)}.** {_listed(lines)}\n\n"
        "What you see is yours and is not saved.",
        icon=":material/group:",
    )
    if draft.is_merging:
        merge_form(draft, theirs, stand, who, known)
        return
    with st.container(horizontal=True):
        if st.button("Bring both together", type="primary", disabled=draft.pending is not None):
            draft.is_merging = True
            st.rerun()
        if st.button("Open theirs, drop mine"):
            forget(draft, at)
            st.rerun()
        if st.button("Save mine as a copy", disabled=bool(draft.problems.count)):
            _keep_copy(draft, at)


def _keep_copy(draft: Draft, at: At) -> None:
    """What is drawn here is a journey of its own, as a draft; theirs stays as it is."""
    made = store_copy(draft.data, f"{draft.data.get('name')} (copy)"[:200], at)
    if made:
        forget(draft, at)
        st.switch_page("journey.py", query_params={"key": made})


def _listed(lines: list[str]) -> str:
    more = f"\n- and {len(lines) - _MOST} more" if len(lines) > _MOST else ""
    if not lines:
        return "It says the same as before."
    return "They changed:\n\n" + "\n".join(f"- {plain(line)}" for line in lines[:_MOST]) + more


def _who(session: Any, row: Any, draft: Draft) -> tuple[str, str, Any]:
    """Who changed the journey last, what they did with it, and when."""
    if row.live_version_id != draft.stand.version:
        newest = journeys.versions(session, row.key)[0]
        if row.draft is None:
            return newest.published_by, "published", newest.published_at
    return row.draft_by or "Somebody", "saved", row.draft_at
