"""What can be done with the chosen messages: a button for each that fits at least one of them."""

from collections.abc import Callable, Sequence
from typing import Any

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
    offers: tuple[tuple[str, str, Callable[[OutboxRow, At], bool], Change], ...] = (
        ("Send again", "due again", _given_up, messages.retry),
        ("Send now", "due now", _waits_for_its_time, messages.send_now),
        ("Mark as arrived", "marked as arrived", _unknown, messages.confirm_sent),
        ("Cancel", "cancelled", _waits, messages.cancel),
    )
    for label, done, fits, change in offers:
        ids = [row.id for row in chosen if fits(row, at)]
        if ids and st.button(f"{label}: {count(len(ids), 'message')}", key=f"px_outbox_{label}"):
            with act(f"{count(len(ids), 'message')} {done}") as session:
                _changed(session, change, ids, at)


def _changed(session: Any, change: Change, ids: list[int], at: At) -> None:
    change(session, ids, by=at.user.called, now=at.now)


def _given_up(row: OutboxRow, _at: At) -> bool:
    return bool(row.to_address) and (
        row.status in ("failed", "skipped", "cancelled") or _unknown(row, _at)
    )


def _waits_for_its_time(row: OutboxRow, at: At) -> bool:
    return (
        _waits(row, at)
        and row.reason != Reason.UNKNOWN_OUTCOME
        and (row.status == "held" or row.due_at > at.now)
    )


def _waits(row: OutboxRow, _at: At) -> bool:
    return row.status in ("queued", "held")


def _unknown(row: OutboxRow, _at: At) -> bool:
    return row.status in ("queued", "held") and row.reason == Reason.UNKNOWN_OUTCOME
