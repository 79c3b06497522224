"""Two rehearsals beside each other: how many more and how many fewer. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from db.kinds import TouchStatus
from px.journeys.rehearsal.figures import Figures


@dataclass(frozen=True, slots=True)
class PointDifference:
    """How often one touchpoint goes; None where there is no such touchpoint."""

    key: str
    before: int | None
    after: int | None

    @property
    def more(self) -> int:
        """How many more, negative when fewer."""
        return (self.after or 0) - (self.before or 0)


@dataclass(frozen=True, slots=True)
class Difference:
    """How much more there is of everything, negative when less; what is the same is left out."""

    messages: int = 0
    customers: int = 0
    enrolments: int = 0
    held: dict[str, int] = field(default_factory=dict)
    stopped: dict[str, int] = field(default_factory=dict)
    parts: dict[str, int] = field(default_factory=dict)
    missing: int = 0
    touchpoints: list[PointDifference] = field(default_factory=list)

    @property
    def is_none(self) -> bool:
        """Whether both come to the same."""
        return self == Difference(touchpoints=self.touchpoints) and not any(
            point.more or point.before != point.after for point in self.touchpoints
        )


def compare_figures(after: Figures, before: Figures) -> Difference:
    """What is different in `after`; touchpoints in its order, those that are gone last."""
    keys = list(dict.fromkeys([*after.per_touchpoint, *before.per_touchpoint]))
    return Difference(
        messages=after.messages - before.messages,
        customers=after.written_to - before.written_to,
        enrolments=after.enrolments - before.enrolments,
        held=_more(after.held, before.held),
        stopped=_more(stopped(after), stopped(before)),
        parts=_more(after.parts, before.parts),
        missing=after.with_missing - before.with_missing,
        touchpoints=[PointDifference(key, _sent(before, key), _sent(after, key)) for key in keys],
    )


def stopped(figures: Figures) -> dict[str, int]:
    """What did not go and never will, by its reason."""
    ended = (TouchStatus.SKIPPED, TouchStatus.FAILED)
    found: dict[str, int] = {}
    for status, reason, number in figures.outcomes:
        if status in ended and reason:
            found[reason] = found.get(reason, 0) + number
    return found


def cost_of(parts: Mapping[str, int], prices: Mapping[str, float]) -> float:
    """What the messages cost: each part at the price of its channel."""
    return sum(number * prices.get(channel, 0) for channel, number in parts.items())


def _more(after: Mapping[str, int], before: Mapping[str, int]) -> dict[str, int]:
    names = dict.fromkeys([*after, *before])
    found = {name: after.get(name, 0) - before.get(name, 0) for name in names}
    return {name: number for name, number in found.items() if number}


def _sent(figures: Figures, key: str) -> int | None:
    point = figures.per_touchpoint.get(key)
    return point.sent if point else None
