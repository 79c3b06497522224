"""A link to one touchpoint of a journey opens it, once."""

import streamlit as st

from pages._journey.draft import Draft

_NAMED = "touchpoint"


def open_named(draft: Draft) -> None:
    """The touchpoint that the address names is open; the address then names the journey alone."""
    if named := st.query_params.get(_NAMED):
        del st.query_params[_NAMED]
        draft.choose(named)
        if draft.place is None:
            draft.choose(None)
