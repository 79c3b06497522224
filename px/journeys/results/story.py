"""Why somebody heard from us, will hear, or did not: each touch as a plain sentence.

`touches_of` reads the touches of one customer with the words of the version they are in;
`touch_sentence` says one. Nobody is left to guess from a status.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import Session, col

from db.kinds import Purpose
from db.models.journeys import Enrolment, Journey, Touch
from px.journeys.document import LATE_WITHIN
from px.journeys.engine.facts import Touch as PlannedTouch
from px.journeys.running.versions import documents_of
from px.journeys.words import (
    CHANNEL_WORDS,
    anchor_clause,
    condition_words,
    labels,
    length_words,
    spaced,
)

OPEN = ("waiting", "planned", "held", "queued", "review")


@dataclass(frozen=True, slots=True)
class TouchStory:
    """One touch with what is needed to tell it.

    `waits_for` and `condition` are words; `late_after` is how late it may be; `quiet_since`
    when it was due and the journey was changed without sending anything at once.
    """

    id: int
    journey: str
    journey_name: str
    label: str
    occurrence: int
    status: str
    reason: str | None
    due_at: datetime | None
    settled_at: datetime | None
    channel: str | None
    order_id: int | None
    is_holdout: bool = False
    waits_for: str = ""
    condition: str = ""
    late_after: str = "24h"
    quiet_since: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether something may still come of it."""
        return self.status in OPEN

    @property
    def at(self) -> datetime | None:
        """When it happened, or will."""
        return self.settled_at or self.due_at


class Wording:
    """The words in which the touches of one version are told; `currency` is the shop's."""

    def __init__(self, document: Mapping[str, Any], currency: str) -> None:
        """The document as it is stored."""
        self.names = labels(document)
        self._document = document
        self._points = {point["key"]: point for point in document["touchpoints"]}
        self._currency = currency

    def story(self, touch: Touch | PlannedTouch, purpose: str) -> TouchStory:
        """The touch in these words, also of a touchpoint that was taken out."""
        key, point = touch.touchpoint, self._points.get(touch.touchpoint, {})
        return TouchStory(
            id=0,
            journey=self._document["journey"],
            journey_name=self._document["name"],
            label=self.names.get(key) or spaced(key),
            occurrence=touch.occurrence,
            status=touch.status,
            reason=touch.reason,
            due_at=touch.due_at,
            settled_at=touch.settled_at,
            channel=touch.channel,
            order_id=None,
            waits_for=anchor_clause(str(point["anchor"]), self.names) if point else "",
            condition=condition_words(point.get("if"), self._currency),
            late_after=(point.get("late") or {}).get("within") or LATE_WITHIN[Purpose(purpose)],
        )


def touches_of(session: Session, customer_id: int, *, currency: str = "") -> list[TouchStory]:
    """Every touch of the customer, the latest first, those without a time last.

    `currency` is the shop's, for the amounts in conditions.
    """
    rows = session.execute(
        select(Touch, Journey, col(Enrolment.version_id), col(Enrolment.order_id))
        .add_columns(col(Enrolment.is_holdout), col(Enrolment.not_before))
        .join(Enrolment, col(Enrolment.id) == col(Touch.enrolment_id))
        .join(Journey, col(Journey.id) == col(Touch.journey_id))
        .where(col(Touch.customer_id) == customer_id)
        .order_by(col(Touch.id))
    ).all()
    documents = documents_of(session, {row[2] for row in rows})
    wordings = {version: Wording(data, currency) for version, data in documents.items()}
    stories = [
        replace(
            wordings[version].story(touch, touch.purpose),
            id=touch.id or 0,
            journey=journey.key,
            journey_name=journey.name,
            order_id=order_id,
            is_holdout=is_holdout,
            quiet_since=_quiet_since(touch, not_before),
        )
        for touch, journey, version, order_id, is_holdout, not_before in rows
    ]
    return sorted(stories, key=_newest_first)


def _quiet_since(touch: Touch, not_before: datetime | None) -> datetime | None:
    """When it was due and its journey changed without sending anything at once; else None."""
    due, settled = touch.due_at, touch.settled_at
    if touch.reason != "late" or due is None or settled is None or not_before is None:
        return None
    return not_before if due <= not_before <= settled else None


def _newest_first(story: TouchStory) -> tuple[bool, float, int]:
    return story.at is None, -story.at.timestamp() if story.at else 0.0, -story.id


def touch_sentence(line: TouchStory, *, now: datetime, zone: str) -> str:
    """What happened to a touch, or why not, or what it waits for."""
    if line.status == "waiting":
        return f"Waits until {line.waits_for}." if line.waits_for else "Waits for its time."
    if line.status == "planned":
        return f"Planned for {_moment(line.due_at, now, zone)}."
    if line.status == "queued":
        return "Goes out now: its message is in the outbox."
    if line.status == "sent":
        by = f" by {CHANNEL_WORDS.get(line.channel, line.channel)}" if line.channel else ""
        return f"Sent{by} {_moment(line.settled_at, now, zone, on='on')}."
    if line.status == "review":
        return f"Waits for your decision: {_too_late(line, now, zone)}."
    if line.status == "held":
        return _held(line, now, zone)
    return f"{line.status.capitalize()}: {_why(line, now, zone)}."


def reason_sentence(reason: str | None) -> str:
    """Why a touch or message did not go, without its particulars: no consent for marketing."""
    return _WHY.get(reason or "", "no reason was kept")


def _held(line: TouchStory, now: datetime, zone: str) -> str:
    until = ""
    if line.reason in ("quiet_hours", "window", "capped") and line.due_at:
        until = f" until {_moment(line.due_at, now, zone)}"
    return f"Held{until}: {_WHY_HELD.get(line.reason or '', reason_sentence(line.reason))}."


def _why(line: TouchStory, now: datetime, zone: str) -> str:
    if line.reason == "late":
        return _too_late(line, now, zone)
    if line.reason == "condition" and line.condition:
        return f"its condition was not met (only if {line.condition})"
    return reason_sentence(line.reason)


def _too_late(line: TouchStory, now: datetime, zone: str) -> str:
    if line.quiet_since is not None:
        changed = _moment(line.quiet_since, now, zone, on="on")
        return (
            f"it was due {_moment(line.due_at, now, zone, on='on')}, and the journey was changed "
            f"{changed} without sending anything at once"
        )
    due = f"it was due {_moment(line.due_at, now, zone, on='on')} and " if line.due_at else "it "
    return f"{due}would have been more than {length_words(line.late_after)} late"


def _moment(moment: datetime | None, now: datetime, zone: str, on: str = "") -> str:
    """The moment as the shop's clocks show it: 14:00, tomorrow 09:15, 4 May 2025 09:15."""
    if moment is None:
        return "a time that is not known"
    local, today = moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    clock = f"{local:%H:%M}"
    if local.date() == today:
        return f"{'at ' if on else ''}{clock}"
    if local.date() == today + timedelta(days=1):
        return f"tomorrow {clock}"
    if local.date() == today - timedelta(days=1):
        return f"yesterday {clock}"
    year = "" if local.year == today.year else f" {local.year}"
    return f"{on + ' ' if on else ''}{local.day} {local:%b}{year} {clock}"


_WHY_HELD = {
    "quiet_hours": "quiet hours",
    "window": "outside its hours or days",
    "capped": "the customer has had as many marketing messages as the cap allows",
    "exception": "something about the order or a conversation is open",
    "paused": "the journey is paused",
}
_WHY = _WHY_HELD | {
    "condition": "its condition was not met",
    "late": "its time had passed",
    "no_consent": "the customer has not agreed to marketing on any of its channels",
    "suppressed": "the address is on the do-not-write list",
    "unreachable": "there is no address for any of its channels",
    "exited": "the customer had left the journey before it was due",
    "holdout": "the customer is in the held-out group that measures the journey",
    "removed": "the touchpoint was taken out of the journey",
    "test_order": "the order is a test",
    "historic": "the order is from before the journey began",
    "rejected": "the provider refused the message for good",
    "template_error": "the text could not be filled in",
    "channel_error": "the channel did not take it in all attempts",
    "unknown_outcome": "the line was cut while sending; it may have arrived",
    "cancelled": "somebody of the team cancelled it",
}
