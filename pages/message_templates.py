"""Messages: which words do the journeys send, and how do they look to a customer?"""

import streamlit as st

from db.kinds import Role
from pages._messages import editor, listing
from pages._ui.page import page

key = st.query_params.get("key")
with page(editor.title(key) if key else "Messages", role=Role.MANAGER) as at:
    if key:
        editor.draw(at, key)
    else:
        listing.draw(at)
