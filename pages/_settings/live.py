"""Going live: what is missing, and the switch."""

from dataclasses import dataclass

import streamlit as st

from pages._ui.doing import act, read
from pages._ui.fields import Fields
from pages._ui.page import At
from pages._ui.signs import tick
from pages._ui.words import count, plain
from px import messages
from px.core import settings
from px.core.settings import Loaded, Settings


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that must be so before messages may leave."""

    is_done: bool
    done: str
    missing: str


def steps(current: Settings) -> list[Step]:
    """What must be so, in the order in which one does it."""
    is_public = current.base_url.startswith("https://") and "localhost" not in current.base_url
    return [
        Step(
            bool(current.smtp_host and current.mail_from),
            f"Mail leaves by {plain(current.smtp_host)} as {plain(current.mail_from)}.",
            "No mail account yet: enter it under Mail account, and test the connection.",
        ),
        Step(
            bool(current.brand_address.strip()),
            "Your postal address stands under every mail.",
            "No postal address yet: the law asks for it under marketing mails. See Brand.",
        ),
        Step(
            is_public,
            f"Links in messages lead to {plain(current.base_url)}.",
            "Links in messages would lead nowhere: enter the public https address below.",
        ),
    ]


def draw(at: At, loaded: Loaded) -> None:
    """Draws the tab, saves the address, and switches."""
    current = loaded.values
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("What it takes", anchor=False)
        for step in steps(current):
            st.markdown(f"{tick(step.is_done)} {step.done if step.is_done else step.missing}")
        fields = Fields(loaded)
        with st.form("address", border=False):
            fields.text("base_url", "Public address of this installation")
            if st.form_submit_button("Save address"):
                fields.save("Address saved", at)
    with right:
        st.subheader("Now", anchor=False)
        _switch(at, loaded)


def _switch(at: At, loaded: Loaded) -> None:
    is_live = loaded.values.mode == "live"
    if is_live:
        st.markdown("**Live.** Messages leave this machine.")
    else:
        st.markdown("**Sandbox.** Every message is written down instead of being sent.")
    if loaded.sources["mode"] in ("environment", ".env"):
        st.caption(":material/lock: Set by the host as PX_MODE.")
    elif is_live:
        if st.button("Go back to the sandbox"):
            _set(at, "sandbox", "Back in the sandbox: nothing leaves this machine")
    elif missing := [step for step in steps(loaded.values) if not step.is_done]:
        st.caption(f"{count(len(missing), 'thing is', 'things are')} missing first.")
        st.button("Go live", type="primary", disabled=True)
    elif st.button("Go live", type="primary"):
        _ask(at)


@st.dialog("Go live?")
def _ask(at: At) -> None:
    with read() as session:
        due, _first = messages.waiting(session, until=at.now)
    st.markdown(
        f"From now on messages leave this machine. {count(due, 'message')} in the outbox "
        f"{'is' if due == 1 else 'are'} due and will be sent within minutes."
    )
    if st.button("Go live", type="primary", key="go_live_now"):
        _set(at, "live", "Live: messages leave this machine")


def _set(at: At, mode: str, done: str) -> None:
    with act(done) as session:
        settings.save(session, {"mode": mode}, by=at.user.email, now=at.now)
        at.note(session, "switched to", mode)
