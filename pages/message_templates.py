"""Messages: which words do the journeys send, and how do they look to a customer?"""

import streamlit as st

from db.kinds import Role
from pages._messages import editor, listing
from pages._ui.page import page, read
from px import messages


def main() -> None:
    """Draws the list, or the template that the address names."""
    key = st.query_params.get("key")
    if not key:
        with page("Messages", role=Role.MANAGER) as at:
            listing.draw(at)
        return
    try:
        with read() as session:
            line, saved = messages.template_by_key(session, key)
    except messages.NoSuchTemplate:
        with page("Template", role=Role.MANAGER):
            raise
        return
    with page(line.name, role=Role.MANAGER) as at:
        editor.draw(at, line, saved)


main()
