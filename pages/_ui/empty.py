"""The empty state of a page or a part of one: what it is for, what to do first, and the button.

if empty("No customers yet", "Customers come with your orders.", button="Import your orders"): ...
"""

import streamlit as st

from pages._ui.words import plain


def empty(
    title: str,
    text: str,
    *,
    button: str | None = None,
    icon: str = ":material/inbox:",
) -> bool:
    """Draws the empty state and says whether its button was pressed just now."""
    with st.container(
        border=True, horizontal_alignment="center", gap="small", key=f"px_empty_{title}"
    ):
        st.space("small")
        st.markdown(f"### {icon}", text_alignment="center", anchors=False)
        st.subheader(plain(title), anchor=False, text_alignment="center")
        st.markdown(plain(text), text_alignment="center", width=460)
        pressed = bool(button) and st.button(
            button or "", type="primary", key=f"px_empty_button_{title}"
        )
        st.space("small")
    return pressed
