"""The published versions: who, when, why, and one of them as the draft again."""

from typing import Any

import streamlit as st

from pages._journey.draft import Draft
from pages._ui.doing import read
from pages._ui.page import At
from pages._ui.words import count, plain, when
from px import journeys
from px.journeys import editing


def versions_tab(draft: Draft, at: At) -> None:
    """Every published version, the newest first."""
    with read() as session:
        rows = journeys.versions(session, draft.key)
    if not rows:
        st.markdown("Nothing is published yet. Each time you publish, the version is kept here.")
        return
    for row in rows:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            live = ":primary-badge[Live]" if row.id == draft.version else ""
            points = count(len(row.document["touchpoints"]), "touchpoint")
            st.markdown(
                f"**Version {row.number}** {live}  \n"
                f"{plain(when(row.published_at, now=at.now, zone=at.zone))} by "
                f"{plain(row.published_by)}, {points}"
                + (f"  \n{plain(row.note)}" if row.note else ""),
                width="content",
            )
            st.space("stretch")
            _look(row)
            if st.button(
                f"Draw on from version {row.number}",
                key=f"px_version_{row.number}",
                icon=":material/history:",
            ):
                draft.put(dict(row.document), redraw=True)
                st.toast(f"Version {row.number} is in the form; nothing is saved yet.")


def _look(row: Any) -> None:
    with st.popover(f"Look at version {row.number}", type="tertiary", width="content"):
        st.code(editing.as_yaml(row.document), language="yaml", height=400)
