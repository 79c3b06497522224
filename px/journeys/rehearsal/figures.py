"""The figures of a rehearsal: how many, why not, on which days, what it costs and what they read.

They are added up customer by customer while it is played: nothing grows with the number of orders.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from db.kinds import Channel, Reason, TouchStatus
from px.customers.durations import parse_duration
from px.customers.timing import later
from px.journeys.engine.compiled import Compiled
from px.journeys.engine.facts import Touch, TouchKey
from px.journeys.rehearsal.rehearsal import Said, Words
from px.journeys.rehearsal.simulation import CustomerRun, SimEnrolment
from px.messages import sms_size

EXAMPLES = 5
_MOST_MESSAGES = 30
_LONGEST_TEXT = 4_000
_WAITED = (TouchStatus.SENT, TouchStatus.HELD)


@dataclass(slots=True)
class PointFigures:
    """One touchpoint: `reached` counts enrolments to whom it went at least once, `why` what kept it
    from going by status and reason, `held` what it waited for before it went.
    """

    sent: int = 0
    reached: int = 0
    customers: int = 0
    open: int = 0
    why: dict[str, int] = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=dict)
    channels: dict[str, int] = field(default_factory=dict)
    variants: dict[str, int] = field(default_factory=dict)
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Example:
    """One message as it would have read."""

    touchpoint: str
    at: str
    channel: str
    subject: str
    text: str
    missing: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ExampleCustomer:
    """One customer with the first messages they would have got, of `total`."""

    customer: str
    name: str
    total: int
    messages: list[Example]


@dataclass(frozen=True, slots=True)
class Figures:
    """What a rehearsal comes to.

    `outcomes` counts touches by status and reason, the most first; `held` what those waited for
    that went later or wait still; `parts` what is paid for by channel; `missing` the messages in
    which a variable had no value, by variable; `goal` the enrolments that reached it anyway.
    """

    customers: int = 0
    enrolments: int = 0
    messages: int = 0
    written_to: int = 0
    outcomes: list[tuple[str, str | None, int]] = field(default_factory=list)
    held: dict[str, int] = field(default_factory=dict)
    per_touchpoint: dict[str, PointFigures] = field(default_factory=dict)
    per_day: list[tuple[date, str, int]] = field(default_factory=list)
    parts: dict[str, int] = field(default_factory=dict)
    missing: dict[str, int] = field(default_factory=dict)
    with_missing: int = 0
    goal: int | None = None
    examples: list[ExampleCustomer] = field(default_factory=list)

    @property
    def busiest(self) -> tuple[date, int] | None:
        """The day with the most messages, the last of several."""
        busy: Counter[date] = Counter()
        for day, _channel, number in self.per_day:
            busy[day] += number
        return max(busy.items(), key=lambda entry: (entry[1], entry[0])) if busy else None

    def count(self, status: str, reason: str | None = None) -> int:
        """How many touches ended so; without a reason, for whatever one."""
        return sum(n for s, r, n in self.outcomes if s == status and reason in (None, r))

    def to_data(self) -> dict[str, Any]:
        """The figures as plain data, to be kept."""
        data = asdict(self)
        data["per_day"] = [[day.isoformat(), ch, n] for day, ch, n in self.per_day]
        return data

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Figures":
        """The figures as they were kept."""
        points = {key: PointFigures(**point) for key, point in data["per_touchpoint"].items()}
        days = [(date.fromisoformat(day), ch, n) for day, ch, n in data["per_day"]]
        examples = [
            ExampleCustomer(**(one | {"messages": [Example(**m) for m in one["messages"]]}))
            for one in data["examples"]
        ]
        outcomes = [(s, r, n) for s, r, n in data["outcomes"]]
        made = {"per_touchpoint": points, "per_day": days, "examples": examples}
        return cls(**(dict(data) | made | {"outcomes": outcomes}))


class Tally:
    """Adds up the figures while a rehearsal is played."""

    def __init__(self, journey: Compiled, *, zone: str) -> None:
        """Days are counted in `zone`, the shop's."""
        self.journey = journey
        self.zone = ZoneInfo(zone)
        self.points = {point.key: PointFigures() for point in journey.points}
        self.numbers: Counter[str] = Counter()
        self.outcomes: Counter[tuple[str, str | None]] = Counter()
        self.held: Counter[str] = Counter()
        self.days: Counter[tuple[date, str]] = Counter()
        self.parts: Counter[str] = Counter()
        self.missing: Counter[str] = Counter()
        self.examples = _Examples()
        goal = journey.document.goal
        self.goal = (goal.on, parse_duration(goal.within)) if goal else None

    def add(self, run: CustomerRun, words: Said) -> None:
        """What one customer would have got counts."""
        if not run.enrolments:
            return
        self.numbers["customers"] += 1
        reached: set[str] = set()
        for enrolment in run.enrolments:
            reached |= self._add_enrolment(run, enrolment, words)
        for key in reached:
            self.points[key].customers += 1
        if reached:
            self.numbers["written_to"] += 1
            self.examples.offer(run, words, reached)

    def figures(self) -> Figures:
        """What it has come to so far."""
        outcomes = [(status, reason, n) for (status, reason), n in self.outcomes.most_common()]
        days = sorted((day, channel, n) for (day, channel), n in self.days.items())
        return Figures(
            customers=self.numbers["customers"],
            enrolments=self.numbers["enrolments"],
            messages=self.numbers["messages"],
            written_to=self.numbers["written_to"],
            outcomes=outcomes,
            held=dict(self.held.most_common()),
            per_touchpoint=self.points,
            per_day=days,
            parts=dict(self.parts),
            missing=dict(self.missing.most_common(20)),
            with_missing=self.numbers["with_missing"],
            goal=self.numbers["goal"] if self.goal else None,
            examples=self.examples.chosen(),
        )

    def _add_enrolment(self, run: CustomerRun, enrolment: SimEnrolment, words: Said) -> set[str]:
        self.numbers["enrolments"] += 1
        if self.goal and self._reached_goal(run, enrolment):
            self.numbers["goal"] += 1
        moved = _moved(self.journey, enrolment)
        reached: set[str] = set()
        for touch in enrolment.touches.values():
            self._add_touch(touch, words.get((enrolment.index, *touch.key)))
            if touch.status is TouchStatus.SENT:
                reached.add(touch.touchpoint)
            if touch.status in _WAITED and (reason := moved.get(touch.key)):
                self.held[reason] += 1
                _one_more(self.points[touch.touchpoint].held, reason)
        for key in reached:
            self.points[key].reached += 1
        return reached

    def _add_touch(self, touch: Touch, said: Words | None) -> None:
        point = self.points[touch.touchpoint]
        reason = str(touch.reason) if touch.reason else None
        self.outcomes[(str(touch.status), reason)] += 1
        if touch.status is TouchStatus.SENT:
            self._add_message(point, touch, said)
        elif touch.settled_at is None:
            point.open += 1
        else:
            _one_more(point.why, f"{touch.status}:{reason or ''}")

    def _add_message(self, point: PointFigures, touch: Touch, said: Words | None) -> None:
        channel = str(touch.channel)
        self.numbers["messages"] += 1
        point.sent += 1
        _one_more(point.channels, channel)
        if touch.variant:
            _one_more(point.variants, touch.variant)
        if touch.settled_at:
            self.days[(touch.settled_at.astimezone(self.zone).date(), channel)] += 1
        is_text = touch.channel is Channel.SMS and said is not None
        self.parts[channel] += max(sms_size(said.text).segments, 1) if is_text and said else 1
        if said is not None and said.missing:
            point.missing += 1
            self.numbers["with_missing"] += 1
            self.missing.update(said.missing)

    def _reached_goal(self, run: CustomerRun, enrolment: SimEnrolment) -> bool:
        assert self.goal is not None
        kind, within = self.goal
        ends = later(enrolment.entered_at, within, enrolment.facts.zone)
        return any(enrolment.entered_at < at <= ends for at in run.history.get(kind, ()))


class _Examples:
    """Customers whose messages are kept to be read: every touchpoint first, then who gets most, and
    one with something missing.
    """

    def __init__(self) -> None:
        self._covering: list[ExampleCustomer] = []
        self._others: list[tuple[int, ExampleCustomer]] = []
        self._missing: ExampleCustomer | None = None
        self._covered: set[str] = set()

    def offer(self, run: CustomerRun, words: Said, reached: set[str]) -> None:
        """The customer is kept if they show something new."""
        is_missing = self._missing is None and any(said.missing for said in words.values())
        is_new = len(self._covering) < EXAMPLES and not reached <= self._covered
        least = min((n for n, _ in self._others), default=0)
        is_more = len(self._others) < EXAMPLES or len(reached) > least
        if not (is_missing or is_new or is_more):
            return
        one = _example_customer(run, words)
        if is_new:
            self._covered |= reached
            self._covering.append(one)
        elif is_missing:
            self._missing = one
        elif is_more:
            self._others.append((len(reached), one))
            self._others.sort(key=lambda entry: -entry[0])
            del self._others[EXAMPLES:]

    def chosen(self) -> list[ExampleCustomer]:
        """Five at most."""
        kept = [*self._covering, *(one for _n, one in self._others)][:EXAMPLES]
        if self._missing is not None:
            kept = [*kept[: EXAMPLES - 1], self._missing]
        return kept


def _example_customer(run: CustomerRun, words: Said) -> ExampleCustomer:
    gone: list[tuple[datetime, Touch, Words | None]] = []
    for enrolment in run.enrolments:
        for touch in enrolment.touches.values():
            if touch.status is TouchStatus.SENT and touch.settled_at:
                said = words.get((enrolment.index, *touch.key))
                gone.append((touch.settled_at, touch, said))
    gone.sort(key=lambda entry: (entry[0], entry[1].touchpoint))
    customer = run.known.customer
    name = f"{customer.get('first_name') or ''} {customer.get('last_name') or ''}".strip()
    shown = [
        Example(
            touch.touchpoint,
            at.isoformat(),
            str(touch.channel),
            said.subject if said else "",
            said.text[:_LONGEST_TEXT] if said else "",
            list(said.missing) if said else [],
        )
        for at, touch, said in gone[:_MOST_MESSAGES]
    ]
    return ExampleCustomer(run.id, name, len(gone), shown)


def _moved(journey: Compiled, enrolment: SimEnrolment) -> dict[TouchKey, Reason]:
    """What each touch waited for: what it was held for, else what moved its time beforehand."""
    moved = dict(enrolment.held)
    memo = enrolment.facts.memo
    for touch in enrolment.touches.values():
        point = journey.by_key[touch.touchpoint]
        expected = memo.get((point.index, touch.occurrence))
        if touch.key in moved or expected is None or touch.due_at is None:
            continue
        _nominal, moment, moved_by = expected
        if moved_by is not None:
            moved[touch.key] = moved_by
        elif moment is not None and touch.due_at > moment and point.is_marketing:
            moved[touch.key] = Reason.CAPPED
    return moved


def _one_more(counts: dict[str, int], name: str) -> None:
    counts[name] = counts.get(name, 0) + 1
