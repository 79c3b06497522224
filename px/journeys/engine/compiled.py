"""A document made ready for planning: lengths parsed, hours and conditions compiled, once per
version.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import accumulate

from db.kinds import Channel, EventKind, Purpose
from px.customers.conditions import Facts as ConditionFacts
from px.customers.conditions import compile_condition, kinds_asked
from px.customers.durations import Duration, parse_duration
from px.customers.timing import Hours, open_hours
from px.journeys.document import (
    LATE_WITHIN,
    Document,
    Enrol,
    Hold,
    Touchpoint,
    kind_awaited,
    split_anchor,
)

Question = Callable[[ConditionFacts], bool]


@dataclass(frozen=True, slots=True)
class Reacting:
    """What an answer does that meets the condition: hold the enrolment, enrol in other journeys."""

    condition: Question | None
    holds: bool
    enrols: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A touchpoint ready for planning."""

    key: str
    index: int
    is_marketing: bool
    anchor: str
    about: str
    awaits: str | None
    afters: tuple[Duration, ...]
    at: time | None
    hours: Hours | None
    condition: Question | None
    late_by: timedelta
    late_goes_to_review: bool
    channels: tuple[Channel, ...]
    messages: tuple[str, ...]
    weights: tuple[int, ...]
    question: str | None
    wait: timedelta
    wait_length: Duration
    reacts: tuple[Reacting, ...]

    def message_for(self, journey: str, customer: str) -> tuple[str, str | None]:
        """The template key for this customer, and the same as variant when there are several.
        Stable for ever.
        """
        if len(self.messages) == 1 and not self.weights:
            return self.messages[0], None
        steps = list(accumulate(self.weights))
        drawn = share(journey, self.key, customer) * steps[-1]
        chosen = self.messages[min(bisect_right(steps, drawn), len(steps) - 1)]
        return chosen, chosen


@dataclass(frozen=True)
class Compiled:
    """A document ready for planning. Answers to the `holding` touchpoints may put an enrolment on
    hold, those to the `enrolling` ones may bring the customer into another journey.
    """

    document: Document
    key: str
    points: tuple[Point, ...]
    by_key: dict[str, Point]
    occurrences: tuple[tuple[Point, int], ...]
    exit_on: frozenset[str]
    hold_on: frozenset[str]
    resume_on: frozenset[str]
    holding: tuple[Point, ...]
    enrolling: tuple[Point, ...]
    needs_sent: frozenset[str]
    kinds: frozenset[str]
    history_kinds: frozenset[str]
    where: Question | None
    again_after: timedelta | None

    def lets_in(self, entered: Sequence[datetime], at: datetime) -> bool:
        """Whether `again` lets in at that time who has entered at these."""
        if not entered:
            return True
        if at in entered:
            return False
        if self.document.enter.again == "always":
            return True
        return self.again_after is not None and at - max(entered) >= self.again_after

    def is_held_out(self, customer: str) -> bool:
        """Whether this customer is kept out of the marketing touches, by a seeded hash: stable for
        ever.
        """
        return self.document.holdout > 0 and share(self.key, customer) < self.document.holdout


def share(*parts: str) -> float:
    """A number in [0, 1) that is always the same for the same parts, and evenly spread."""
    digest = hashlib.blake2b("\0".join(parts).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def compile_document(document: Document) -> Compiled:
    """The document, ready for planning any number of enrolments."""
    points = tuple(_point(point, index) for index, point in enumerate(document.touchpoints))
    about = {point.about for point in points if point.anchor in ("sent", "unanswered")}
    conditions = [point.condition for point in document.touchpoints]
    asked = set().union(
        *(kinds_asked(condition) for condition in conditions), kinds_asked(document.enter.where)
    )
    again = document.enter.again
    return Compiled(
        document=document,
        key=document.journey,
        points=points,
        by_key={point.key: point for point in points},
        occurrences=tuple((p, n) for p in points for n in range(1, len(p.afters) + 1)),
        exit_on=frozenset(document.exit_on),
        hold_on=frozenset(document.hold_on),
        resume_on=frozenset(document.resume_on),
        holding=tuple(p for p in points if any(reaction.holds for reaction in p.reacts)),
        enrolling=tuple(p for p in points if any(reaction.enrols for reaction in p.reacts)),
        needs_sent=frozenset(about),
        kinds=frozenset(
            {
                *kinds_awaited(points),
                *document.exit_on,
                *document.hold_on,
                *document.resume_on,
                *([EventKind.ANSWERED.value] if any(point.question for point in points) else []),
            }
        ),
        history_kinds=frozenset(asked),
        where=_question(document.enter.where),
        again_after=None if isinstance(again, str) else parse_duration(again.after).exact,
    )


def kinds_awaited(points: Iterable[Point]) -> set[str]:
    """The kinds of events that say when these touchpoints are due."""
    kinds = {point.awaits for point in points if point.awaits}
    if EventKind.DELIVERED in kinds:
        # Whether a delivery was the last one shows in what has been shipped (rule 8).
        kinds.add(EventKind.SHIPPED.value)
    return kinds


def _point(point: Touchpoint, index: int) -> Point:
    anchor, about = split_anchor(point.anchor)
    late = point.late
    within = parse_duration(late.within if late else LATE_WITHIN[point.purpose]).exact
    wait = parse_duration(point.ask.wait) if point.ask else Duration()
    return Point(
        key=point.key,
        index=index,
        is_marketing=point.purpose is Purpose.MARKETING,
        anchor=anchor,
        about=about,
        awaits=kind_awaited(anchor, about),
        afters=_afters(point),
        at=time.fromisoformat(point.at) if point.at else None,
        hours=open_hours(point.window.start, point.window.end, list(point.window.days or []))
        if point.window
        else None,
        condition=_question(point.condition),
        late_by=within,
        late_goes_to_review=bool(late and late.otherwise == "review"),
        channels=tuple(point.channels),
        messages=tuple(point.messages),
        weights=tuple(variant.weight for variant in point.variants or ()),
        question=point.ask.question if point.ask else None,
        wait=wait.exact,
        wait_length=wait,
        reacts=tuple(
            Reacting(
                _question(reaction.condition),
                any(isinstance(act, Hold) for act in reaction.do),
                tuple(act.enrol for act in reaction.do if isinstance(act, Enrol)),
            )
            for reaction in point.react or ()
        ),
    )


def _afters(point: Touchpoint) -> tuple[Duration, ...]:
    after = parse_duration(point.after)
    if not point.repeat:
        return (after,)
    every = parse_duration(point.repeat.every)
    return tuple(after.plus(every.times(n)) for n in range(point.repeat.times))


def _question(raw: dict[str, object] | None) -> Question | None:
    return compile_condition(raw) if raw is not None else None
