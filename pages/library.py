"""Library: which ready-made journeys are there, and what does each say to the customer?"""

import streamlit as st

from db.kinds import Role
from pages._library import cards, whole
from pages._ui.empty import empty
from pages._ui.page import page
from px import journeys
from px.core.errors import NotFound


def main() -> None:
    """Draws the cards, or the journey that the address names."""
    key = st.query_params.get("key")
    if not key:
        with page("Library", role=Role.MANAGER) as at:
            cards.draw(at)
        return
    try:
        one = journeys.library_journey(key)
    except NotFound:
        with page("Library", role=Role.MANAGER):
            if empty(
                "There is no such journey in the library",
                "The link may be old.",
                button="See the library",
            ):
                st.query_params.clear()
                st.rerun()
        return
    with page(one.name, role=Role.MANAGER) as at:
        whole.draw(one, at)


main()
