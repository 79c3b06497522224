"""What came too late, in sentences. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pages._ui.words import count, full, lasting
from px.core.lease import Gap
from px.journeys import LateTouch

AGES = {
    "6 hours": timedelta(hours=6),
    "a day": timedelta(days=1),
    "2 days": timedelta(days=2),
    "a week": timedelta(days=7),
}
# What is skipped when px comes back is settled in its first minutes.
_FIRST = timedelta(minutes=30)


def answer(waiting: int, skipped: int, gap: Gap | None, zone: str) -> str:
    """What the page has to say, in a sentence."""
    down = f" {down_words(gap, zone)}" if gap else ""
    if waiting:
        verb = "is" if waiting == 1 else "are"
        return f"**{count(waiting, 'message')} {verb} late**: send, drop, or look at each.{down}"
    if skipped:
        messages = count(skipped, "message was", "messages were")
        return f"Nothing waits for you. {messages} skipped as too late.{down}"
    return f"Nothing came too late.{down}"


def down_words(gap: Gap, zone: str) -> str:
    """When px was down and for how long."""
    long = lasting((gap.ended - gap.began).total_seconds())
    return f"px was down for {long}, from {full(gap.began, zone)} to {full(gap.ended, zone)}."


def how_late(touch: LateTouch, now: datetime) -> str:
    """How long ago it was due: 3 days late."""
    if touch.due_at is None:
        return ""
    return f"{_since(touch.due_at, touch.settled_at or now)} late"


def spread(touches: Sequence[LateTouch], now: datetime) -> str:
    """How late they are: from 2 hours to 3 days late."""
    dues = sorted(touch.due_at for touch in touches if touch.due_at)
    if not dues:
        return ""
    least, most = _since(dues[-1], now), _since(dues[0], now)
    return f"{most} late" if least == most else f"from {least} to {most} late"


def _since(due: datetime, until: datetime) -> str:
    return lasting(max(60.0, (until - due).total_seconds()))


def by_journey(touches: Sequence[LateTouch]) -> dict[tuple[str, str], list[LateTouch]]:
    """The touches of each journey (key and name), most first."""
    found: dict[tuple[str, str], list[LateTouch]] = {}
    for touch in touches:
        found.setdefault((touch.journey, touch.journey_name), []).append(touch)
    return dict(sorted(found.items(), key=lambda item: -len(item[1])))


def because_of(gap: Gap, touch: LateTouch) -> bool:
    """Whether it was skipped as px came back after that time."""
    at = touch.settled_at
    return at is not None and gap.ended - _FIRST <= at <= gap.ended + _FIRST
