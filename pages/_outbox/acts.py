"""What can be done with the chosen messages: a button for each that fits at least one of them."""

from collections.abc import Callable, Sequence

import streamlit as st

from db.kinds import Reason
from pages._ui.doing import act
from pages._ui.page import At
from pages._ui.words import count
from px import messages
from px.messages import OutboxRow

Change = Callable[..., int]


def acts(chosen: Sequence[OutboxRow], at: At) -> None:
    """Draws the buttons; the outbox decides again, for a message may have left meanwhile."""
    if not chosen:
        st.markdown("Choose messages to see what became of them and what you can do.")
        return
    offers: tuple[tuple[str, str, str, Callable[[OutboxRow, At], bool], Change], ...] = (
        ("Send again", "due again", "sent again", _given_up, messages.retry),
        ("Send now", "due now", "sent now", _waits_for_its_time, messages.send_now),
        (
            "Mark as arrived",
            "marked as arrived",
            "marked as arrived",
            _unknown,
            messages.confirm_sent,
        ),
        ("Cancel", "cancelled", "cancelled", _waits, messages.cancel),
    )
    for label, done, verb, fits, change in offers:
        ids = [row.id for row in chosen if fits(row, at)]
        if ids and st.button(f"{label}: {count(len(ids), 'message')}", key=f"px_outbox_{label}"):
            with act(f"{count(len(ids), 'message')} {done}") as session:
                if changed := change(session, ids, by=at.user.called, now=at.now):
                    at.note(session, verb, "messages", messages=changed)


def _given_up(row: OutboxRow, at: At) -> bool:
    is_over = row.status in ("failed", "skipped", "cancelled")
    return bool(row.to_address) and (is_over or _unknown(row, at))


def _waits_for_its_time(row: OutboxRow, at: At) -> bool:
    is_early = row.status == "held" or row.due_at > at.now
    return is_early and _waits(row, at) and not _unknown(row, at)


def _waits(row: OutboxRow, _at: At) -> bool:
    return row.status in ("queued", "held")


def _unknown(row: OutboxRow, at: At) -> bool:
    return _waits(row, at) and row.reason == Reason.UNKNOWN_OUTCOME
