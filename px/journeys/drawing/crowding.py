"""How near to each other the touchpoints of a journey come. Pure."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from db.kinds import Purpose
from px.customers.durations import parse_duration
from px.journeys.document import Touchpoint
from px.journeys.drawing.contradictions import exclude
from px.journeys.roots import Root

NEAR = timedelta(days=2)
MOST = 3
_MOST_OCCURRENCES = 20


def crowded(
    point: Touchpoint, points: Sequence[Touchpoint], roots: Mapping[str, Root]
) -> list[Touchpoint]:
    """The two others that one customer gets within two days before this one; empty when there are
    not two. Only what counts from the same event is compared, and one of the three is marketing.
    """
    anchor, own = roots[point.key]
    near = [
        other
        for other in points
        if other is not point
        and (root := roots[other.key]).anchor == anchor
        and any(timedelta() <= own - at < NEAR for at in _times(other, root.after))
        and not exclude(point.condition, other.condition)
        and not (root.after == own and points.index(other) > points.index(point))
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
