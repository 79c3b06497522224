"""Every touch of one customer that has a time, in its lane. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from px.journeys import ExpectedTouch, TouchStory

LOOK_BACK = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Mark:
    """One touch in its lane."""

    lane: str
    at: datetime
    what: str
    status: str
    channel: str


def marks(
    past: Sequence[TouchStory],
    expected: Sequence[ExpectedTouch],
    orders: dict[int, str],
    *,
    now: datetime,
) -> list[Mark]:
    """Everything with a time, from three months back, the oldest first."""
    found = []
    orders = {} if _is_plain(past, expected) else orders
    for story in past:
        if story.settled_at and story.settled_at >= now - LOOK_BACK:
            status = {"sent": "Sent", "failed": "Failed"}.get(story.status, "Not sent")
            lane = _lane(story.journey_name, story.order_id, orders)
            found.append(Mark(lane, story.settled_at, story.label, status, story.channel or ""))
    for one in expected:
        if one.at and (one.is_message or one.status == "waiting"):
            status = "Expected" if one.is_message and not one.provided else "Perhaps"
            lane = _lane(one.journey_name, one.order_id, orders)
            channel = one.channel.value if one.channel else ""
            found.append(Mark(lane, one.at, one.label, status, channel))
    return sorted(found, key=lambda mark: mark.at)


def _is_plain(past: Sequence[TouchStory], expected: Sequence[ExpectedTouch]) -> bool:
    """Whether no journey is about several orders, so that its name is enough."""
    about = {(story.journey, story.order_id) for story in past}
    about |= {(one.journey, one.order_id) for one in expected}
    return len(about) == len({journey for journey, _order in about})


def _lane(journey: str, order_id: int | None, orders: dict[int, str]) -> str:
    number = orders.get(order_id or 0)
    return f"{journey}, {number}" if number else journey
