"""What a change does to a touch, in kinds; and to how many people. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from db.kinds import Reason, TouchStatus
from px.journeys.engine.facts import OPEN, Touch

FORECAST = (TouchStatus.WAITING, TouchStatus.PLANNED)
MOST_LISTED = 500


class Change(StrEnum):
    """What happens to somebody's touch, or to none of theirs."""

    NEW = "new"
    AT_ONCE = "at_once"
    EARLIER = "earlier"
    LATER = "later"
    DATED = "dated"
    WAITS = "waits"
    LOST = "lost"
    TOO_LATE = "too_late"
    TO_REVIEW = "to_review"
    NOT_SENT = "not_sent"
    UNAFFECTED = "unaffected"


@dataclass(frozen=True)
class Effect:
    """What a change does, by kind of change: to how many `people` inside, to how many of their
    `touches`, and who they are, the first 500 of each (`listed`, numbers of customers).

    `held` touches were kept back by a pause. `quietly`: the same when nothing is sent at once.
    """

    inside: int = 0
    people: Mapping[Change, int] = field(default_factory=dict)
    touches: Mapping[Change, int] = field(default_factory=dict)
    listed: Mapping[Change, list[int]] = field(default_factory=dict)
    held: int = 0
    quietly: "Effect | None" = None


def changes_of(before: Touch | None, after: Touch | None, *, is_held_out: bool) -> list[Change]:
    """What happens to a touch that is planned again; `before` is None for a new one, `after` for
    one whose touchpoint is gone. `is_held_out`: it is certain that it will not be sent.
    """
    if after is None:
        return [Change.LOST]
    if after.status in OPEN:
        moved = Change.NEW if before is None else _moved(before, after)
        if is_held_out and moved is Change.NEW:
            moved = Change.NOT_SENT
        return [moved] if moved else []
    found = _decided(after)
    return [Change.NEW, found] if before is None and found is Change.AT_ONCE else [found]


def _moved(before: Touch, after: Touch) -> Change | None:
    if before.due_at == after.due_at:
        return None
    if before.due_at is None:
        return Change.DATED
    if after.due_at is None:
        return Change.WAITS
    return Change.EARLIER if after.due_at < before.due_at else Change.LATER


def _decided(after: Touch) -> Change:
    if after.status is TouchStatus.QUEUED:
        return Change.AT_ONCE
    if after.status is TouchStatus.REVIEW:
        return Change.TO_REVIEW
    return Change.TOO_LATE if after.reason is Reason.LATE else Change.NOT_SENT


class Tally:
    """Counts person by person; each is added once, with everything that happens to them."""

    def __init__(self) -> None:
        self.inside = 0
        self.people: Counter[Change] = Counter()
        self.touches: Counter[Change] = Counter()
        self.listed: dict[Change, list[int]] = {}

    def add(self, customer_id: int | None, changes: Sequence[Change]) -> None:
        """This person is inside, and this happens to their touches."""
        self.inside += 1
        for change in changes:
            self.touches[change] += 1
        for change in dict.fromkeys(changes) or (Change.UNAFFECTED,):
            self.people[change] += 1
            listed = self.listed.setdefault(change, [])
            if customer_id is not None and len(listed) < MOST_LISTED:
                listed.append(customer_id)

    def effect(self, *, held: int = 0, quietly: Effect | None = None) -> Effect:
        """What was counted."""
        return Effect(
            self.inside, dict(self.people), dict(self.touches), self.listed, held, quietly
        )
