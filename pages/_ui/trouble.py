"""What a reader sees when a page has a bug: a sentence; its traceback is in the log.

app = st.App(..., on_script_error=say_sorry)
"""

import streamlit as st

from pages._ui.words import plain
from px.core.errors import PxError


def say_sorry(error: Exception) -> bool:
    """Shows the sentence in the traceback's place."""
    sentence = str(error) if isinstance(error, PxError) else "Something went wrong on this page."
    st.error(plain(f"{sentence} What was saved before is kept. The server's log says more."))
    return True
