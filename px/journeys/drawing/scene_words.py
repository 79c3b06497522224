"""What the cards and lanes of the timeline say, written and spoken. Pure."""

from collections.abc import Mapping
from typing import Any

from px.journeys.document import split_anchor
from px.journeys.drawing.placing import DAY, clock_minutes, minutes_of
from px.journeys.words import (
    CHANNEL_WORDS,
    anchor_clause,
    condition_words,
    date_words,
    event_label,
    joined,
    length_words,
    message_words,
    phase_words,
    repeat_words,
    touchpoint_label,
    window_words,
)

Data = Mapping[str, Any]
_FOLLOWS = {
    "sent": "After sending",
    "answered": "When answered",
    "unanswered": "Without an answer",
    "opened": "When opened",
    "clicked": "When a link is followed",
}


def lane_words(anchor: str, known: Mapping[str, str]) -> dict[str, str]:
    """What stands at the head of a lane: its word, the touchpoint it follows, and the clause."""
    word, about = split_anchor(anchor)
    title = offer_words(anchor) if word in ("event", "date") else _FOLLOWS[word]
    of = "" if word in ("event", "date") else known.get(about, "a touchpoint that is gone")
    clause = anchor_clause(anchor, known) if anchor else "something happens"
    return {"word": title, "of": of, "clause": clause}


def offer_words(anchor: str) -> str:
    """An event or date as the name of a lane: Delivered, Renewal date."""
    word, about = split_anchor(anchor)
    if word != "date":
        return event_label(about) if about else "Not said yet"
    words = date_words(about)
    for article in ("the customer's ", "the ", "a "):
        words = words.removeprefix(article)
    return words[:1].upper() + words[1:]


def card_words(
    point: Data, known: Mapping[str, str], texts: Mapping[str, str], currency: str
) -> dict[str, str]:
    """What a card says: its name, when, the condition, the rest on hover, and all of it spoken."""
    condition = condition_words(point.get("if"), currency)
    hours = window_words(point.get("window"))
    repeat = repeat_words(point.get("repeat"))
    said = message_words(point, texts)
    more = [part for part in (hours, repeat, f"sends {said}" if said else "") if part]
    return {
        "name": touchpoint_label(point),
        "when": when_words(point),
        "condition": f"if {condition}" if condition else "",
        "hours": hours,
        "more": ", ".join(more),
        "spoken": _spoken(point, known, condition, more),
    }


def when_words(point: Data) -> str:
    """When, as short as it can be: At once, 2 hours, Day 3, 09:15, 5 days before."""
    minutes, clock = minutes_of(point), clock_minutes(point.get("at"))
    if clock is None and abs(minutes) < DAY:
        side = "before" if minutes < 0 else "after"
        return f"{_length(abs(minutes))} {side}" if minutes else "At once"
    day, rest = divmod(minutes, DAY)
    if clock is not None:
        is_next = day == 0 and not str(point.get("anchor") or "").startswith("date:")
        return f"{'Next' if is_next else f'{_day(day)},'} {rest // 60:02d}:{rest % 60:02d}"
    if minutes < 0:
        return f"{_length(-minutes)} before"
    return f"{_day(day)} + {_length(rest)}" if rest else _day(day)


def _day(day: int) -> str:
    return f"Day {day}" if day >= 0 else f"{_length(-day * DAY)} before"


def _length(minutes: int) -> str:
    days, rest = divmod(minutes, DAY)
    text = "".join(f"{n}{u}" for n, u in ((days, "d"), (rest // 60, "h"), (rest % 60, "m")) if n)
    return length_words(text)


def _spoken(point: Data, known: Mapping[str, str], condition: str, more: list[str]) -> str:
    channels = [CHANNEL_WORDS.get(str(c), str(c)) for c in point.get("channels") or ["email"]]
    phase, clause = point.get("phase"), anchor_clause(str(point.get("anchor") or ""), known)
    parts = [
        touchpoint_label(point),
        joined([word[:1].upper() + word[1:] for word in channels], "or"),
        f"{when_words(point)}, counted from when {clause}"
        if not str(point.get("anchor") or "").startswith("date:")
        else f"{when_words(point)}, counted from {clause}",
        f"if {condition}" if condition else "",
        phase_words(str(phase)) if phase else "",
        "asks a question" if point.get("ask") else "",
        f"{len(point['variants'])} texts compared" if len(point.get("variants") or []) > 1 else "",
        *more,
    ]
    return ", ".join(part for part in parts if part)
