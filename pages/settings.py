"""Settings: what is the shop, how does mail leave, how does it look, and is it live?"""

import streamlit as st

from db.kinds import Role
from pages._settings import brand, live, mail, sending, shop
from pages._ui.page import page, read
from px.core import settings

with page("Settings", role=Role.ADMIN) as at:
    with read() as session:
        loaded = settings.load(session)
    missing = [step.missing for step in live.steps(loaded.values) if not step.is_done]
    at.answer(missing[0] if missing else "Everything needed to send is filled in.")
    # With a name of its own it stays at its tab when the lines above it change.
    tabs = st.tabs(
        ["Shop", "Mail account", "Brand", "Links and prices", "Going live"], key="px_settings"
    )
    for tab, part in zip(tabs, (shop, mail, brand, sending, live), strict=True):
        with tab:
            part.draw(at, loaded)
