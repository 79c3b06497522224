"""Where touchpoints stand on the timeline, and their moves there, on plain data. Pure.

A place is an anchor and minutes from it: whole days, and the time of day where one is set. What
`placed` writes, `minutes_of` reads back as the same place.
"""

from collections.abc import Iterator, Mapping
from datetime import time
from typing import Any

from px.core.errors import PxError
from px.customers.durations import LONGEST_DAYS, parse_duration
from px.journeys.document import ANCHOR_WORDS, split_anchor
from px.journeys.drawing import editing
from px.journeys.words import labels

Data = dict[str, Any]
DAY = 1440


class CannotMove(PxError):
    """Why a touchpoint cannot stand there."""


def minutes_of(point: Mapping[str, Any]) -> int:
    """How long after its anchor a touchpoint is due, as if the anchor came at midnight."""
    length, clock = _length(point.get("after")), clock_minutes(point.get("at"))
    if clock is None:
        return length
    day = length // DAY
    is_next = abs(length) < DAY and clock < length % DAY
    return (day + is_next) * DAY + clock


def clock_minutes(at: object) -> int | None:
    """A time of day in minutes, None when there is none or it is not one yet."""
    try:
        read = time.fromisoformat(str(at)) if at else None
    except ValueError:
        return None
    return read.hour * 60 + read.minute if read else None


def length_text(minutes: int) -> str:
    """A length as the format writes it: 1d2h30m, -5d, 0."""
    days, rest = divmod(abs(minutes), DAY)
    parts = ((days, "d"), (rest // 60, "h"), (rest % 60, "m"))
    text = "".join(f"{number}{unit}" for number, unit in parts if number)
    return f"-{text}" if text and minutes < 0 else text or "0"


def placed(data: Data, key: str, *, anchor: str, minutes: int) -> Data:
    """The document with the touchpoint there; its time of day stays when only the day is another.

    Nothing goes before an event that is not known ahead, so it stands on day 0 then. A whole day
    keeps the time of day. CannotMove says why it cannot count from that anchor.
    """
    index = _place(data, key)
    point = editing.points_of(data)[index]
    if reason := why_not(data, key, anchor):
        raise CannotMove(reason)
    minutes = _allowed(anchor, minutes)
    if anchor == point.get("anchor") and minutes == minutes_of(point):
        return data
    clock = clock_minutes(point.get("at"))
    if clock is not None:
        day, rest = divmod(minutes, DAY)
        point = editing.point_changed(point, "at", _clock_text(rest or clock))
        minutes = day * DAY
    point = editing.point_changed(point, "after", length_text(minutes))
    return editing.with_point(data, index, editing.point_changed(point, "anchor", anchor))


def added_at(
    data: Data, *, anchor: str, minutes: int, channel: str | None = None, phase: str | None = None
) -> tuple[Data, str]:
    """The document with a new touchpoint there, and its key.

    Without a phase it gets the one of its neighbour before; from a day on, what is left of the
    minutes is its time of day.
    """
    minutes = _allowed(anchor, minutes)
    data, place = editing.added(data, phase or phase_at(data, anchor, minutes))
    point = {**editing.points_of(data)[place], "anchor": anchor, "channels": [channel or "email"]}
    day, rest = divmod(minutes, DAY)
    if rest and (day >= 1 or anchor.startswith("date:")):
        point = editing.point_changed(
            {**point, "after": length_text(day * DAY)}, "at", _clock_text(rest)
        )
    else:
        point = {**point, "after": length_text(minutes)}
    return editing.with_point(data, place, point), str(point["key"])


def phase_at(data: Mapping[str, Any], anchor: str, minutes: int) -> str | None:
    """The phase of the touchpoint before this place, else of the one behind it."""
    known = editing.phases_of(data)
    there = sorted(
        (minutes_of(point), str(point["phase"]))
        for point in editing.points_of(data)
        if point.get("anchor") == anchor and point.get("phase") in known
    )
    before = [phase for at, phase in there if at <= minutes]
    return before[-1] if before else next((phase for _, phase in there), None)


def why_not(data: Mapping[str, Any], key: str, anchor: str) -> str | None:
    """Why the touchpoint cannot count from that anchor, None when it can."""
    word, about = split_anchor(anchor)
    if word not in ANCHOR_WORDS:
        return None if about else "There is nothing there to count from."
    points = {str(point.get("key")): point for point in editing.points_of(data)}
    name = labels(data)
    if about == key:
        return f"“{name.get(key, key)}” cannot count from itself."
    if about not in points:
        return "The touchpoint it would count from is gone."
    if word in ("answered", "unanswered") and not points[about].get("ask"):
        return f"“{name[about]}” asks no question, so nothing can count from its answer."
    if key in followed(points, about):
        inner, outer = name.get(key, key), name[about]
        return f"“{outer}” counts from “{inner}”, so it cannot be the other way round."
    return None


def followed(points: Mapping[str, Mapping[str, Any]], key: str) -> Iterator[str]:
    """The keys of the touchpoints that one counts from, the nearest first, each once."""
    seen: set[str] = {key}
    while point := points.get(key):
        word, key = split_anchor(str(point.get("anchor") or ""))
        if word not in ANCHOR_WORDS or key in seen:
            return
        seen.add(key)
        yield key


def _place(data: Mapping[str, Any], key: str) -> int:
    for index, point in enumerate(editing.points_of(data)):
        if point.get("key") == key:
            return index
    raise CannotMove("This touchpoint is no longer there.")


def _allowed(anchor: str, minutes: int) -> int:
    first = -LONGEST_DAYS * DAY if anchor.startswith("date:") else 0
    return min(max(minutes, first), (LONGEST_DAYS - 1) * DAY)


def _length(text: object) -> int:
    try:
        length = parse_duration(text if text is not None else "0")
    except ValueError:
        return 0
    return length.days * DAY + length.minutes


def _clock_text(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
