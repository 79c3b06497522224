"""What became of one message, in words: when it was queued, each attempt, why it is where it is."""

from typing import Any

import streamlit as st

from pages._outbox.words import why
from pages._ui.doing import read
from pages._ui.links import link
from pages._ui.page import At
from pages._ui.preview import draw_mail
from pages._ui.signs import badge
from pages._ui.words import full, plain, when
from px import messages
from px.messages import DeliveryRow, OutboxRow, Rendered, TemplateFailed

_OUTCOMES = {
    "later": "Refused for now",
    "rejected": "Refused for good",
    "down": "The provider did not take it",
    "unknown": "Cut off: it may have arrived",
}


def story(row: OutboxRow, at: At) -> None:
    """Draws what became of the message beside what it says."""
    with read() as session:
        attempts = messages.deliveries(session, row.id)
        says = _says(session, row, at)
    with st.container(border=True):
        left, right = st.columns([1, 1], gap="large")
        with left:
            _told(row, attempts, at)
        with right:
            _shown(says, at)


def _told(row: OutboxRow, attempts: list[DeliveryRow], at: At) -> None:
    badge(row.status)
    if said := why(row):
        st.markdown(plain(said))
    lines = [f"Queued {full(row.queued_at, at.zone)}"]
    if row.status in ("queued", "held"):
        lines.append(f"Due {when(row.due_at, now=at.now, zone=at.zone)}")
        if row.expires_at:
            lines.append(f"Given up if it has not left by {full(row.expires_at, at.zone)}")
    lines += [_attempt(one, at) for one in attempts]
    lines += _by_readers(row, at)
    st.markdown("\n".join(f"1. {line}" for line in lines))
    if row.customer_id is not None:
        link("customer.py", "Open customer", icon=":material/person:", id=str(row.customer_id))


def _attempt(one: DeliveryRow, at: At) -> str:
    said = one.detail if one.outcome != "sent" else f"Accepted by the provider. {one.detail}"
    return f"{full(one.at, at.zone)}: {plain(said or _OUTCOMES[one.outcome])}"


def _by_readers(row: OutboxRow, at: At) -> list[str]:
    """What the customer did with it, as far as one knows, in order."""
    seen = "A mail program fetched its image by itself; that says nothing about the customer"
    deeds = [
        (row.prefetched_at, seen if row.opened_at is None else ""),
        (row.opened_at, "Opened, as far as one can tell"),
        (row.clicked_at, "A link in it was followed"),
        (row.answered_at, "Answered"),
        (row.unsubscribed_at, "Unsubscribed by its link"),
    ]
    known = sorted((moment, deed) for moment, deed in deeds if moment and deed)
    return [f"{full(moment, at.zone)}: {deed}" for moment, deed in known]


def _says(session: Any, row: OutboxRow, at: At) -> Rendered | str:
    if not row.to_address:
        return "What it said was erased with the customer's data."
    try:
        return messages.words_of(session, row.id, at.settings) or ""
    except TemplateFailed as problem:
        return str(problem)


def _shown(says: Rendered | str, at: At) -> None:
    if isinstance(says, str):
        st.markdown(plain(says))
        return
    if says.subject:
        st.markdown(f"**{plain(says.subject)}**")
    if says.html is None:
        st.code(says.text, language=None, wrap_lines=True)
        return
    draw_mail(says.html, at, alt="What the message says", height=480)
