"""Imports: bring orders, customers and parcels in from a file, and see what each file brought."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from db.kinds import ImportKind, Role
from pages._imports.offer import offer
from pages._imports.words import HOW_TO_EXPORT, answer, brought, how_far, kind_words
from pages._ui.doing import act, read
from pages._ui.empty import empty
from pages._ui.page import At, page
from pages._ui.table import Column, table
from pages._ui.words import plain
from px import orders
from px.core import clock
from px.orders import Import

COLUMNS = [
    Column("status", "Status", "status", width=120),
    Column("file", "File", tip="kind", width=180),
    Column("brought", "What it brought", tip="brought"),
    Column("by", "By", width=170),
    Column("at", "When", "moment", width=150),
]


def main() -> None:
    """Draws the way in, the imports under way, and those there were."""
    with page("Imports", role=Role.MANAGER) as at:
        with read() as session:
            history = orders.import_history(session)
        at.answer(answer(history, at.now, at.zone))
        if any(one.is_open for one in history):
            under_way(at)
        round_ = st.session_state.get("px_import_round", 0)
        given = st.file_uploader(
            "Give a file: CSV, or a zip or gz with one CSV",
            key=f"px_import_file_{round_}",
            max_upload_size=orders.UPLOAD_LIMITS.bytes // 1024**2,
        )
        if given:
            offer(given, at)
        if history:
            past([one for one in history if not one.is_open], at)
        elif not given:
            empty("No imports yet", HOW_TO_EXPORT, icon=":material/upload:")


@st.fragment(run_every=2)
def under_way(at: At) -> None:
    """How far the imports are that wait or are being read, each with a way to stop it."""
    with read() as session:
        found = [one for one in orders.import_history(session) if one.is_open]
    if not found:
        st.rerun(scope="app")
    at = replace(at, now=clock.now())
    for one in found:
        bar, button = st.columns([5, 1], vertical_alignment="center")
        bar.progress(one.progress, text=plain(how_far(one, at.now)))
        if button.button("Cancel import", key=f"px_cancel_{one.id}"):
            with act(f"{one.file_name} was cancelled") as session:
                orders.cancel_import(session, one.id, now=at.now)
                at.note(session, "cancelled", "import", one.file_name)


def past(history: Sequence[Import], at: At) -> None:
    """The imports there were, and everything about the one that is chosen."""
    st.subheader("What was imported", anchor=False)
    rows = [
        {
            "id": one.id,
            "status": one.status.value,
            "file": one.file_name,
            "kind": kind_words(ImportKind(one.kind)),
            "brought": ("Tried: " if one.is_dry_run else "") + (one.problem or brought(one)),
            "by": one.by,
            "at": one.finished_at or one.created_at,
        }
        for one in history
    ]
    chosen = table(rows, COLUMNS, key="px_imports", at=at)
    for one in history:
        if one.id in chosen:
            details(one)


def details(one: Import) -> None:
    """What one import brought, and its refused rows."""
    with st.container(border=True):
        st.markdown(f"**{plain(one.file_name)}**: {plain(one.problem or brought(one))}")
        if one.has_errors_file:
            st.download_button(
                "Download the refused rows",
                data=lambda: refused(one.id),
                file_name=f"{one.file_name}.errors.csv",
                mime="text/csv",
                icon=":material/download:",
                on_click="ignore",
                key=f"px_errors_{one.id}",
            )


def refused(import_id: int) -> bytes:
    """The refused rows, each with its reason."""
    with read() as session:
        return orders.errors_of(session, import_id)


main()
