"""Journey: what it says to whom and when, drawn, saved, rehearsed and published."""

from typing import Any

import streamlit as st

from db.kinds import Role
from pages._journey.actions import journey_menu
from pages._journey.arriving import open_named
from pages._journey.draft import Draft
from pages._journey.keeping import drawn_before, keep, opened
from pages._journey.known import Known, known_of, used_texts
from pages._journey.publishing import publish_dialog
from pages._journey.tabs import draw_tabs
from pages._journey.together import save, somebody_saved
from pages._journey.undo_redo import undo_redo, undo_redo_keys
from pages._ui.doing import read
from pages._ui.empty import empty
from pages._ui.page import At, page
from pages._ui.words import count, plain
from px import journeys
from px.core.errors import NotFound


def main() -> None:
    """Draws the page of the journey that the address names."""
    key = st.query_params.get("key", "")
    try:
        with read() as session:
            row = journeys.journey_row(session, key)
    except NotFound:
        with page("Journey", role=Role.MANAGER):
            if empty("There is no such journey", "The link may be old.", button="See all journeys"):
                st.switch_page("journeys.py")
        return
    with page(row.name, role=Role.MANAGER, badge=row.status) as at:
        with read() as session:
            draft = opened(session, row, at.user.id)
            open_named(draft)
            known = known_of(session, draft, at)
        # In one place, or the timeline below would move and be made anew.
        with (above := st.container()):
            somebody_saved(draft, row, at, known)
        draw_tabs(draft, at, known)
        drawn_before(draft, row, at, on=above)
        keep(draft, row, at)
        at.answer(summary(draft, row, known))
        buttons(draft, row, at, [k for k in used_texts(draft) if k not in known.names])
        undo_redo_keys(draft)
        if draft.is_stale:
            draft.is_stale = False
            st.rerun()


def summary(draft: Draft, row: Any, known: Known) -> str:
    """Where the draft stands, in a sentence."""
    problems = draft.problems
    if draft.pending is not None:
        return "The YAML holds changes that are not valid yet."
    if problems.count:
        said = problems.general[0] if problems.general else "See the touchpoints in orange."
        mend = f"{count(problems.count, 'thing')} to mend before it can be saved."
        return f":orange[{mend}] {plain(said)}"
    texts = f" The words of {plain(known.unsaved[0])} are not saved." if known.unsaved else ""
    if draft.is_changed:
        return f"You have changes that are not saved.{texts}"
    if row.draft is not None:
        return f"This draft is saved and not published yet.{texts}"
    return f"This is what is published.{texts}"


def buttons(draft: Draft, row: Any, at: At, missing: list[str]) -> None:
    """Undo, redo, save and publish, each when it can do something; the rest in a menu."""
    ready = not draft.problems.count and draft.pending is None
    with at.primary:
        undo_redo(draft)
    if draft.is_changed and at.primary.button(
        "Save draft", type="primary", shortcut="Ctrl+S", disabled=not ready
    ):
        save(draft, at)
    can_publish = ready and (draft.is_changed or row.draft is not None)
    if at.primary.button(
        "Publish journey",
        type="secondary" if draft.is_changed else "primary",
        disabled=not can_publish,
        help=None if can_publish or not ready else "What is live is the same already.",
    ):
        publish_dialog(draft, at, missing)
    with at.primary:
        journey_menu(row.key, row.status, at, in_test=row.test_addresses is not None)


main()
