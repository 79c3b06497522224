"""What a touchpoint counts from in the end, over the touchpoints that it follows. Pure."""

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from px.customers.durations import parse_duration
from px.journeys.document import Touchpoint, split_anchor


class Root(NamedTuple):
    """An event kind or date:FIELD, and how long after it a touchpoint comes at the earliest: an
    answer comes at once, one that does not come is waited for.
    """

    anchor: str
    after: timedelta


def root_of(point: Touchpoint, by_key: Mapping[str, Touchpoint]) -> Root:
    """The touchpoint's root; of touchpoints that go round in a circle, or follow one that is gone,
    where that shows.
    """
    after, seen = timedelta(), set()
    while True:
        after += parse_duration(point.after).exact
        word, about = split_anchor(point.anchor)
        target = by_key.get(about)
        if word in ("event", "date") or target is None or point.key in seen:
            return Root(point.anchor, after)
        if word == "unanswered" and target.ask:
            after += parse_duration(target.ask.wait).exact
        seen.add(point.key)
        point = target
