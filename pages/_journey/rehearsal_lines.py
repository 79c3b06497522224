"""One rehearsal among others: over what it is played, what it is called, how far it is."""

from collections.abc import Mapping
from datetime import datetime

from db.kinds import RehearsalStatus
from pages._ui.signs import sign
from pages._ui.words import count, day_and_time, figure, time_left, when
from px.journeys import RehearsalLine, RehearsalScope


def over(scope: RehearsalScope, zone: str, names: Mapping[int, str]) -> str:
    """The scope at the beginning of a sentence."""
    if scope.customer_id is not None:
        name = names.get(scope.customer_id, "")
        return f"For {name}" if name else "For this customer"
    if scope.days is not None:
        return f"Over the last {scope.days} days"
    begins = day_and_time(scope.since, zone).rpartition(",")[0] if scope.since else ""
    if scope.until is None:
        return f"Since {begins}"
    return f"From {begins} to {day_and_time(scope.until, zone).rpartition(',')[0]}"


def named(line: RehearsalLine, at: datetime, zone: str, names: Mapping[int, str]) -> str:
    """A rehearsal in a list to choose from."""
    scope = over(line.scope, zone, names)
    short = scope.removeprefix("Over the ").removeprefix("For ")
    came_to = count(line.figures.messages, "message") if line.figures else ""
    moment = when(line.ended_at or line.asked_at, now=at, zone=zone)
    ended = "" if line.figures else f" ({sign(line.status).word.lower()})"
    return ", ".join(part for part in (f"{moment}{ended}", short, came_to) if part)


def how_far(line: RehearsalLine, now: datetime) -> str:
    """What a rehearsal under way is doing, and how long it may take."""
    if line.status is RehearsalStatus.WAITING:
        waited = (now - line.asked_at).total_seconds()
        return "Waits its turn" if waited < 20 else "Waits for px to get to it. Is px running?"
    if not line.total:
        return line.note or "Reading the orders"
    text = f"{line.note or 'Playing'}: customer {figure(line.done)} of {figure(line.total)}"
    if line.started_at:
        text += time_left((now - line.started_at).total_seconds(), line.done / line.total)
    return text
