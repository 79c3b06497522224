"""Ways to other pages, for those whose role may go there.

link("outbox.py", "Show", status="failed")
"""

import streamlit as st
from streamlit.errors import StreamlitPageNotFoundError


def link(page: str, label: str, *, icon: str | None = None, **query: str) -> None:
    """Draws the link to a script of pages/; only its words for a role without that page."""
    try:
        st.page_link(page, label=label, icon=icon, query_params=query)
    except StreamlitPageNotFoundError:
        st.markdown(f"{icon or ''} :gray[{label}]")
