"""The mail account: where mail leaves, and a try-out that sends nothing."""

import streamlit as st

from pages._ui.fields import Fields
from pages._ui.page import At
from pages._ui.words import plain
from px.core.settings import Loaded, Settings
from px.messages import check_mail_account

_SECURITY = {
    "starttls": "Encrypted, begun in plain (STARTTLS, port 587)",
    "tls": "Encrypted from the start (TLS, port 465)",
    "none": "Not encrypted (a server on this machine)",
}


def draw(at: At, loaded: Loaded) -> None:
    """Draws the tab, saves what was changed, and tries the account on request."""
    fields = Fields(loaded)
    with st.form("mail", border=False):
        left, right = st.columns(2, gap="large")
        with left:
            st.subheader("Sender", anchor=False)
            fields.text("mail_from", "Mail comes from", placeholder="hello@yourshop.com")
            fields.text("mail_reply_to", "Answers go to", placeholder="The same address")
            st.subheader("Speed", anchor=False)
            fields.number("send_connections", "Connections at once", min_value=1, max_value=64)
            fields.number(
                "send_per_second",
                "Messages a second, at most",
                min_value=0.0,
                help="0 is as fast as the mail server takes them.",
            )
        with right:
            st.subheader("Mail server", anchor=False)
            fields.text("smtp_host", "Server", placeholder="smtp.yourprovider.com")
            fields.number("smtp_port", "Port", min_value=1, max_value=65535)
            fields.choice("smtp_security", "Encryption", _SECURITY)
            fields.text("smtp_user", "User name", autocomplete="off")
            fields.secret("smtp_password", "Password")
        if st.form_submit_button("Save mail account", type="primary"):
            fields.save("Mail account saved", at)
    _try(loaded.values)


def _try(current: Settings) -> None:
    st.subheader("Try it", anchor=False)
    st.markdown("Connects, logs in and asks whether the sender is allowed. Nothing is sent.")
    if not st.button("Test the connection", icon=":material/cable:"):
        return
    with st.spinner("Asking the mail server"):
        steps = check_mail_account(current)
    with st.container(border=True, gap="xsmall"):
        for step in steps:
            icon = ":material/check:" if step.is_ok else ":material/error:"
            word = "" if step.is_ok else "**Stopped here.** "
            st.markdown(f"{icon} **{plain(step.name)}** · {word}{plain(step.sentence)}")
