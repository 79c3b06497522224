"""Statuses and channels as a word with a sign and a colour, never the colour alone.

badge("sent")        draws it;        spoken("sent")        is "✓ Sent", for a cell
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


@dataclass(frozen=True, slots=True)
class Sign:
    """How a status or channel looks beside its word."""

    word: str
    icon: str
    glyph: str
    colour: str


STATUSES = {
    "sent": Sign("Sent", "check", "✓", "blue"),
    "sending": Sign("Sending", "sync", "⟳", "blue"),
    "queued": Sign("Due", "schedule", "◷", "gray"),
    "planned": Sign("Planned", "schedule", "◷", "gray"),
    "waiting": Sign("Waiting", "hourglass_empty", "…", "gray"),
    "held": Sign("Held", "pause", "‖", "violet"),
    "review": Sign("To review", "visibility", "?", "violet"),
    "skipped": Sign("Skipped", "skip_next", "↷", "gray"),
    "failed": Sign("Failed", "error", "⚠", "orange"),
    "cancelled": Sign("Cancelled", "close", "✕", "gray"),
    "draft": Sign("Draft", "edit", "✎", "gray"),
    "live": Sign("Live", "play_arrow", "▶", "primary"),
    "paused": Sign("Paused", "pause", "‖", "violet"),
    "archived": Sign("Archived", "inventory_2", "▣", "gray"),
    "active": Sign("Active", "play_arrow", "▶", "primary"),
    "exited": Sign("Left", "logout", "↷", "gray"),
    "completed": Sign("Completed", "check", "✓", "blue"),
    "running": Sign("Running", "sync", "⟳", "blue"),
    "done": Sign("Done", "check", "✓", "blue"),
}
CHANNELS = {
    "email": Sign("Email", "mail", "✉", "blue"),
    "sms": Sign("SMS", "sms", "▤", "orange"),
    "whatsapp": Sign("WhatsApp", "chat", "✆", "green"),
    "webchat": Sign("Chat", "forum", "❝", "violet"),
}


def sign(word: str) -> Sign:
    """The sign of a status or channel; an unknown one gets its own word and no colour."""
    known = STATUSES.get(word) or CHANNELS.get(word)
    return known or Sign(word.replace("_", " ").capitalize(), "circle", "•", "gray")


def badge(word: str, *, said: str = "", on: DeltaGenerator | None = None) -> None:
    """Draws the sign as a badge, with its word or with what is said in its place."""
    shown = sign(word)
    (on or st).badge(
        said or shown.word,
        icon=f":material/{shown.icon}:",
        color=shown.colour,  # type: ignore[arg-type]
    )


def spoken(word: str) -> str:
    """The sign as text: "✓ Sent"."""
    shown = sign(word)
    return f"{shown.glyph} {shown.word}"


def touchpoint_badges(point: Mapping[str, Any]) -> None:
    """Draws what is special about a touchpoint: that it needs no consent, that it asks."""
    if point.get("purpose") == "transactional":
        st.badge("Part of the order", color="gray")
    if point.get("ask"):
        st.badge("Asks a question", color="gray", icon=":material/contact_support:")


def tick(is_done: bool) -> str:
    """The sign before a step: done, or still open."""
    return ":material/check_circle:" if is_done else ":material/radio_button_unchecked:"
