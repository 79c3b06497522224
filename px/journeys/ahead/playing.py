"""One customer's enrolments in all journeys, played forward without news: nothing else happens.

The same decisions as the scheduler's, at the same moments: what wakes up at one moment is planned
together, what goes has gone at once, and what hangs on it is planned. Reads and writes nothing.
"""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from db.kinds import Reason, TouchStatus
from px.journeys.engine.concerns import concerned_as
from px.journeys.engine.facts import Happening, Touch, TouchKey
from px.journeys.running.subjects import Subject, about_of
from px.journeys.running.together import plan_together


@dataclass(slots=True)
class Inside:
    """An enrolment while it is played: its touches as they stand, and when each was held by the
    cap first.
    """

    subject: Subject
    priority: int
    touches: dict[TouchKey, Touch]
    capped_at: dict[TouchKey, datetime] = field(default_factory=dict)


class Became(NamedTuple):
    """What became of a touch, and when the cap first stood in its way."""

    inside: Inside
    touch: Touch
    capped_at: datetime | None


class Play:
    """The enrolments of one customer, from `now` on."""

    def __init__(
        self,
        insides: Sequence[Inside],
        sent: Sequence[datetime],
        leaving: Mapping[int, datetime],
        now: datetime,
    ) -> None:
        """`sent`: when marketing left to the customer; `leaving`: when the messages of touches in
        the outbox are due.
        """
        self.insides = insides
        self.now = now
        self.sent = list(sent)
        self.became: list[Became] = []
        self._wakes: list[tuple[datetime, int]] = []
        self._news: list[tuple[datetime, int]] = []
        self._leaving: list[tuple[datetime, int, TouchKey]] = []
        for index, inside in enumerate(insides):
            inside.subject.facts.sent_marketing = self.sent
            self._expect(index, inside, leaving)

    def _expect(self, index: int, inside: Inside, leaving: Mapping[int, datetime]) -> None:
        subject = inside.subject
        for happenings in subject.facts.events.values():
            self._news += [(h.at, index) for h in happenings if h.at > self.now]
        for key, touch in inside.touches.items():
            if touch.wake_at is not None and touch.settled_at is None:
                self._wakes.append((max(touch.wake_at, self.now), index))
            elif touch.status is TouchStatus.QUEUED:
                due = leaving.get(subject.touch_ids.get(key, 0))
                if due is not None:
                    self._leaving.append((max(due, self.now), index, key))
        heapq.heapify(self._wakes)
        heapq.heapify(self._news)
        heapq.heapify(self._leaving)

    def until(self, end: datetime) -> None:
        """Everything up to `end` has happened; `became` says what, in the order of time."""
        while (moment := self._next()) is not None and moment <= end:
            left = self._let_go(moment)
            news = self._due(self._news, moment)
            self._settle(left, moment)
            self._step(news, moment, news=True)
            self._step(self._due(self._wakes, moment) - news, moment, news=False)

    def _next(self) -> datetime | None:
        heaps = (self._wakes, self._news, self._leaving)
        return min((heap[0][0] for heap in heaps if heap), default=None)

    def _due(self, heap: list[tuple[datetime, int]], moment: datetime) -> set[int]:
        found = set()
        while heap and heap[0][0] <= moment:
            found.add(heapq.heappop(heap)[1])
        return found

    def _let_go(self, moment: datetime) -> list[tuple[int, Touch]]:
        """What was in the outbox already has gone."""
        gone = []
        while self._leaving and self._leaving[0][0] <= moment:
            _at, index, key = heapq.heappop(self._leaving)
            gone.append((index, self.insides[index].touches[key]))
        return gone

    def _step(self, indexes: Iterable[int], moment: datetime, *, news: bool) -> None:
        looked_at = sorted(indexes)
        if not looked_at:
            return
        parts = []
        for index in looked_at:
            inside = self.insides[index]
            facts = inside.subject.facts
            facts.is_without_news = not news
            facts.touches = dict(inside.touches) if news else _awake(inside, moment)
            parts.append((inside.subject.compiled, facts, inside.priority))
        going = []
        for index, touches in zip(looked_at, plan_together(parts, moment), strict=True):
            for touch in touches:
                if self._note(index, touch, moment):
                    going.append((index, touch))
        self._settle(going, moment)

    def _note(self, index: int, touch: Touch, moment: datetime) -> bool:
        """The touch stands as planned; whether it goes now."""
        inside = self.insides[index]
        before = inside.touches.get(touch.key)
        if before == touch:
            return False
        inside.touches[touch.key] = touch
        if touch.reason is Reason.CAPPED:
            inside.capped_at.setdefault(touch.key, moment)
        if touch.settled_at is not None:
            self.became.append(Became(inside, touch, inside.capped_at.get(touch.key)))
        elif touch.wake_at is not None and touch.wake_at > moment:
            heapq.heappush(self._wakes, (touch.wake_at, index))
        is_new = before is None or before.status is not TouchStatus.QUEUED
        return touch.status is TouchStatus.QUEUED and is_new

    def _settle(self, gone: list[tuple[int, Touch]], moment: datetime) -> None:
        """These have gone, and what hangs on them is planned."""
        again: set[int] = set()
        for index, touch in gone:
            inside = self.insides[index]
            sent = touch._replace(status=TouchStatus.SENT, reason=None, settled_at=moment)
            inside.touches[touch.key] = sent
            self.became.append(Became(inside, sent, inside.capped_at.get(touch.key)))
            if inside.subject.compiled.by_key[touch.touchpoint].is_marketing:
                self.sent.append(moment)
            if touch.touchpoint in inside.subject.compiled.needs_sent:
                again.add(index)
            again |= self._tell(inside.subject, touch, moment)
        self._step(again, moment, news=True)

    def _tell(self, sender: Subject, touch: Touch, moment: datetime) -> set[int]:
        """Every enrolment knows that a message was sent; which of them listen to that."""
        kind = "message_sent"
        data = {"touchpoint": touch.touchpoint, "journey": sender.compiled.key}
        listening = set()
        for index, inside in enumerate(self.insides):
            subject = inside.subject
            if kind in subject.compiled.history_kinds:
                subject.facts.history.setdefault(kind, []).append(moment)  # type: ignore[attr-defined]
            if kind not in subject.compiled.kinds:
                continue
            about = about_of(subject.compiled, subject, subject.line)
            known_as = concerned_as(subject.compiled, about, kind, moment, sender.order_id, data)
            if known_as is not None:
                happened = subject.facts.events.setdefault(known_as, [])  # type: ignore[attr-defined]
                happened.append(Happening(moment, data))
                listening.add(index)
        return listening


def _awake(inside: Inside, moment: datetime) -> dict[TouchKey, Touch]:
    """What a pass without news reads: touches that wake up, and sent ones to count from."""
    needs = inside.subject.compiled.needs_sent
    return {
        key: touch
        for key, touch in inside.touches.items()
        if (touch.wake_at is not None and touch.wake_at <= moment)
        or (touch.status is TouchStatus.SENT and touch.touchpoint in needs)
    }
