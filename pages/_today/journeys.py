"""What has become wrong with live journeys since they were published: a text or a product gone."""

from collections.abc import Sequence

import streamlit as st

from db.kinds import Role
from pages._ui.links import link
from pages._ui.page import At, read
from pages._ui.words import count, plain
from px import journeys

SHOWN = 3
Trouble = Sequence[tuple[str, str, journeys.JourneyWarning]]


def trouble_of(at: At) -> Trouble:
    """What keeps messages of live journeys from being sent; nothing for who cannot mend it."""
    if not at.may(Role.MANAGER):
        return ()
    with read() as session:
        return journeys.live_warnings(session, at.settings)


def say_trouble(trouble: Trouble) -> None:
    """Says the first of it, each with the way to its journey."""
    for key, name, warning in trouble[:SHOWN]:
        st.markdown(f":material/warning: **{plain(name)}**: {plain(warning.sentence)}")
        about = {"key": key} | ({"touchpoint": warning.touchpoint} if warning.touchpoint else {})
        link("journey.py", "Open the journey", **about)
    if len(trouble) > SHOWN:
        rest = count(len(trouble) - SHOWN, "more thing")
        st.markdown(f"And {rest} in live journeys.")
