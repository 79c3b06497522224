"""Journey: what it says to whom and when, drawn, saved, rehearsed and published."""

from typing import Any

import streamlit as st

from db.kinds import Role
from pages._journey.actions import journey_menu
from pages._journey.draft import Draft, opened
from pages._journey.message_form import Texts
from pages._journey.publishing import publish_dialog, save, somebody_saved
from pages._journey.rehearsal_tab import rehearsal_tab
from pages._journey.settings_form import settings_form
from pages._journey.touchpoint_list import Figures, touchpoint_list
from pages._journey.versions_tab import versions_tab
from pages._journey.yaml_tab import pending_notice, yaml_tab
from pages._ui.doing import read
from pages._ui.empty import empty
from pages._ui.page import At, page
from pages._ui.words import count, plain
from px import journeys, messages
from px.core.errors import NotFound

TABS = ["Touchpoints", "Settings", "YAML", "Rehearsal", "Versions"]


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
            draft = opened(session, row)
            counts = journeys.touch_counts(session, key)
            names = {line.key: line.name for line in messages.template_list(session)}
        somebody_saved(draft, row, at)
        draw_tabs(draft, at, Texts(names, at), Figures(counts))
        at.answer(summary(draft, row))
        buttons(draft, row, at, [k for k in used_texts(draft) if k not in names])
        if draft.is_stale:
            draft.is_stale = False
            st.rerun()


def draw_tabs(draft: Draft, at: At, texts: Texts, figures: Figures) -> None:
    """The open tab is drawn; the others cost nothing."""
    tabs = st.tabs(TABS, key="px_journey_tabs", on_change="rerun")
    for name, tab in zip(TABS, tabs, strict=True):
        if tab.open:
            with tab:
                draw_tab(name, draft, at, texts, figures)


def draw_tab(name: str, draft: Draft, at: At, texts: Texts, figures: Figures) -> None:
    if name == "YAML":
        yaml_tab(draft)
    elif name == "Versions":
        versions_tab(draft, at)
    elif not pending_notice(draft):
        if name == "Touchpoints":
            touchpoint_list(draft, texts, figures)
        elif name == "Settings":
            settings_form(draft)
        else:
            rehearsal_tab(draft, at)


def used_texts(draft: Draft) -> list[str]:
    points = draft.data.get("touchpoints") or []
    used = [p.get("message") for p in points]
    used += [v.get("message") for p in points for v in p.get("variants") or []]
    return [key for key in dict.fromkeys(used) if key]


def summary(draft: Draft, row: Any) -> str:
    """Where the draft stands, in a sentence."""
    problems = draft.problems
    if draft.pending is not None:
        return "The YAML holds changes that are not valid yet."
    if problems.count:
        said = problems.general[0] if problems.general else "See the touchpoints in orange."
        mend = f"{count(problems.count, 'thing')} to mend before it can be saved."
        return f":orange[{mend}] {plain(said)}"
    if draft.is_changed:
        return "You have changes that are not saved."
    if row.draft is not None:
        return "This draft is saved and not published yet."
    return "This is what is published."


def buttons(draft: Draft, row: Any, at: At, missing: list[str]) -> None:
    """Undo, save and publish, each when it can do something; the rest in a menu."""
    ready = not draft.problems.count and draft.pending is None
    if at.primary.button("Undo", icon=":material/undo:", disabled=not draft.history):
        draft.undo()
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
