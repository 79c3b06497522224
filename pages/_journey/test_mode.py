"""Test mode: a journey tried on oneself for real before everybody gets it."""

import streamlit as st

from pages._journey.sentences import MODE
from pages._journey.standing import line_of, offer
from pages._ui.doing import act
from pages._ui.page import At
from pages._ui.words import count, plain
from px import journeys


@st.dialog("Test journey")
def test_dialog(key: str, at: At) -> None:
    """Asks for the addresses, then the draft is live for them only."""
    line = line_of(key)
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
            tested = f"tested with {count(len(taken), 'address', 'addresses')}"
            at.note(session, tested, "journey", key)


@st.dialog("Open journey to everybody")
def open_dialog(key: str, at: At) -> None:
    """Says who enters from now on, then opens the journey."""
    line = line_of(key)
    st.markdown(
        f"From now on everybody whose order fits enters **{plain(line.name)}**. "
        f"{MODE[at.settings.mode]} "
        f"{count(line.inside, 'test person stays', 'test people stay')} inside. "
        "Orders from before this moment do not enter."
    )
    label, done = "Open journey to everybody", f"{line.name} is open to everybody"
    offer(label, journeys.open_to_all, key, at, verb="opened to everybody", done=done)
