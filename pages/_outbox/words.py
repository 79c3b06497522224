"""How the outbox says things: a row of the grid, why a message waits, the page's answer."""

from collections.abc import Mapping
from typing import Any

from db.kinds import Reason
from pages._ui.words import count, figure, meaning_of, plain
from px.journeys import words
from px.messages import OutboxRow


def answer(counts: Mapping[str, int], problem: str) -> str:
    """What is going on, in a sentence or two; what stops everything comes first."""
    failed, held, due = (counts.get(word, 0) for word in ("failed", "held", "queued"))
    parts = [f"{count(due, 'message')} {'is' if due == 1 else 'are'} due"] if due else []
    parts += [f"{figure(held)} {'is' if held == 1 else 'are'} held"] if held else []
    parts += [f"{figure(failed)} failed"] if failed else []
    state = f"{words.joined(parts, 'and')}." if parts else "Everything that was due has left."
    if problem:
        return f":material/error: {plain(problem)} {state} They leave by themselves once it works."
    return state


def why(row: OutboxRow) -> str:
    """Why it is where it is: the row's own words, else what its reason means."""
    meaning = meaning_of(row.reason)
    return meaning if row.reason == Reason.UNKNOWN_OUTCOME else row.detail or meaning


def as_row(row: OutboxRow) -> dict[str, Any]:
    """The message as the grid shows it."""
    return {
        "id": row.id,
        "status": row.status,
        "why": why(row),
        "to": row.to_name or row.to_address or "Erased",
        "to_address": row.to_address,
        "subject": row.subject or row.touchpoint or "",
        "touchpoint": row.touchpoint or "",
        "journey": row.journey_key or "",
        "channel": row.channel,
        "at": row.sent_at or row.due_at,
    }
