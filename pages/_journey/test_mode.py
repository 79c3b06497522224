"""Test mode: a journey tried on oneself for real before everybody gets it."""

from typing import Any

import streamlit as st

from pages._ui.doing import act, read
from pages._ui.page import At
from pages._ui.words import count, plain
from px import journeys
from px.team import write_audit


@st.dialog("Test journey")
def test_dialog(key: str, at: At) -> None:
    """Asks for the addresses, then the draft is live for them only."""
    line = _line(key)
    st.markdown(
        f"**{plain(line.name)}** goes live for these addresses only. "
        "They get every message as a customer would; nobody else enters."
    )
    seed = "\n".join(line.test_addresses or [at.user.email])
    written = st.text_area("Addresses, one on each line", seed, height=110)
    with_past = st.checkbox(
        "Take in their orders of the last 30 days",
        value=True,
        help="Without it they need to order something first.",
    )
    if at.settings.mode == "sandbox":
        st.markdown("This is the sandbox: the messages are recorded and none leaves.")
    if st.button("Start test", type="primary", disabled=not written.strip()):
        with act(f"{line.name} is in test mode") as session:
            taken = journeys.start_test(
                session,
                key,
                written.split("\n"),
                by=at.user.email,
                now=at.now,
                with_past=with_past,
            )
            _note(session, at, f"tested with {count(len(taken), 'address', 'addresses')}", key)


@st.dialog("Open journey to everybody")
def open_dialog(key: str, at: At) -> None:
    """Says who enters from now on, then opens the journey."""
    line = _line(key)
    mode = (
        "Messages leave for real." if at.settings.mode == "live" else "In the sandbox none leaves."
    )
    st.markdown(
        f"From now on everybody whose order fits enters **{plain(line.name)}**. {mode} "
        f"{count(line.inside, 'test person stays', 'test people stay')} inside. "
        "Orders from before this moment do not enter."
    )
    if st.button("Open journey to everybody", type="primary"):
        with act(f"{line.name} is open to everybody") as session:
            journeys.open_to_all(session, key, now=at.now)
            _note(session, at, "opened to everybody", key)


def _line(key: str) -> journeys.JourneyLine:
    with read() as session:
        return next(line for line in journeys.journey_lines(session) if line.key == key)


def _note(session: Any, at: At, verb: str, key: str) -> None:
    write_audit(session, at.user.email, verb, "journey", key, now=at.now)
