"""How near to each other the touchpoints of a journey come: what they count from in the end, and
how long after. Pure.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from db.kinds import Purpose
from px.customers.durations import parse_duration
from px.journeys.document import Touchpoint, split_anchor
from px.journeys.drawing.contradictions import exclude

NEAR = timedelta(days=2)
MOST = 3
_MOST_OCCURRENCES = 20


def root_of(point: Touchpoint, by_key: Mapping[str, Touchpoint]) -> str:
    """The event kind (or date:FIELD) that the touchpoint counts from in the end."""
    return _root_and_offset(point, by_key)[0]


def offset_of(point: Touchpoint, by_key: Mapping[str, Touchpoint]) -> timedelta:
    """How long after its root event it comes at the earliest: answers come at once, an answer that
    does not come is waited for.
    """
    return _root_and_offset(point, by_key)[1]


def crowded(
    point: Touchpoint, points: Sequence[Touchpoint], by_key: Mapping[str, Touchpoint]
) -> list[Touchpoint]:
    """The two others that one customer gets within two days before this one; empty when there are
    not two. Only what counts from the same event is compared, and one of the three is marketing.
    """
    root, own = _root_and_offset(point, by_key)
    near = [
        other
        for other in points
        if other is not point
        and (place := _root_and_offset(other, by_key))[0] == root
        and any(timedelta() <= own - at < NEAR for at in _times(other, place[1]))
        and not exclude(point.condition, other.condition)
        and not (place[1] == own and points.index(other) > points.index(point))
    ]
    for index, first in enumerate(near):
        for second in near[index + 1 :]:
            trio = (point, first, second)
            is_marketing = any(one.purpose is Purpose.MARKETING for one in trio)
            if is_marketing and not exclude(first.condition, second.condition):
                return [first, second]
    return []


def _times(point: Touchpoint, first: timedelta) -> list[timedelta]:
    if point.repeat is None:
        return [first]
    every = parse_duration(point.repeat.every).exact
    return [first + every * n for n in range(min(point.repeat.times, _MOST_OCCURRENCES))]


def _root_and_offset(point: Touchpoint, by_key: Mapping[str, Touchpoint]) -> tuple[str, timedelta]:
    offset, seen = timedelta(), set()
    while True:
        offset += parse_duration(point.after).exact
        word, about = split_anchor(point.anchor)
        target = by_key.get(about)
        if word in ("event", "date") or target is None or point.key in seen:
            return point.anchor if word != "event" else about, offset
        if word == "unanswered" and target.ask:
            offset += parse_duration(target.ask.wait).exact
        seen.add(point.key)
        point = target
