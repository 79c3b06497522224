"""The published versions: who, when, what changed in words, who is still inside; one as the draft
again, and any two beside each other.
"""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages._journey.draft import Draft
from pages._journey.known import Known
from pages._ui.doing import read
from pages._ui.page import At
from pages._ui.words import count, plain, when
from px import journeys
from px.journeys import editing

_DRAFT = "The draft"


def versions_tab(draft: Draft, at: At, known: Known) -> None:
    """Every published version, the newest first."""
    with read() as session:
        rows = journeys.versions(session, draft.key)
        inside = journeys.people_inside(session, draft.key)
    if not rows:
        st.markdown("Nothing is published yet. Each time you publish, the version is kept here.")
        return
    _compare(draft, rows, known)
    earlier: list[Any] = [*rows[1:], None]
    for row, before in zip(rows, earlier, strict=True):
        with st.container(border=True):
            _head(row, draft, inside.get(row.id or 0, 0), at)
            if before is not None:
                st.markdown(_changes(before.document, row.document, known))


def _head(row: Any, draft: Draft, inside: int, at: At) -> None:
    live = ":primary-badge[Live]" if row.id == draft.version else ""
    points = count(len(row.document["touchpoints"]), "touchpoint")
    who = f", {count(inside, 'person', 'people')} inside" if inside else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**Version {row.number}** {live}  \n"
            f"{plain(when(row.published_at, now=at.now, zone=at.zone))} by "
            f"{plain(row.published_by)}, {points}{who}"
            + (f"  \n{plain(row.note)}" if row.note else ""),
            width="content",
        )
        st.space("stretch")
        _look(row)
        if st.button(
            f"Continue from version {row.number}",
            key=f"px_version_{row.number}",
            icon=":material/history:",
        ):
            draft.put(dict(row.document), redraw=True)
            st.toast(f"Version {row.number} is in the form; nothing is saved yet.")


def _compare(draft: Draft, rows: Sequence[Any], known: Known) -> None:
    """What changed between any two versions, or from one of them to the draft."""
    documents = {_DRAFT: draft.data} | {f"Version {row.number}": row.document for row in rows}
    with st.popover("Compare two versions", icon=":material/compare_arrows:"):
        left = st.selectbox("From", list(documents)[1:], key="px_compare_from")
        right = st.selectbox("To", list(documents), key="px_compare_to")
        if left and right:
            st.markdown(_changes(documents[left], documents[right], known))


def _changes(before: editing.Data, after: editing.Data, known: Known) -> str:
    lines = journeys.changes_in_words(before, after, known.names, known.shop.currency)
    return "\n".join(f"- {plain(line)}" for line in lines) or "Nothing is different."


def _look(row: Any) -> None:
    with st.popover(f"Look at version {row.number}", type="tertiary", width="content"):
        st.code(editing.as_yaml(row.document), language="yaml", height=400)
