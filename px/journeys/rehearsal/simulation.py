"""A journey played over events: the same `plan`, with a clock of its own and nothing sent.

Customers do not influence each other, so each is played alone: events and the times at which
touches wake up, in order, until the clock's end. Whose time has come at one moment is planned
together, as in a pass of the scheduler.
"""

import heapq
from bisect import insort
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from db.kinds import EventKind, Per, Reason, TouchStatus
from px.customers.zones import zone_of
from px.journeys.engine.compiled import Compiled
from px.journeys.engine.concerns import About, concerned_as
from px.journeys.engine.facts import Asked, Facts, Happening, ShopRules, Touch, TouchKey
from px.journeys.engine.fields import Fields
from px.journeys.engine.parcels import concerns_line
from px.journeys.rehearsal.knowledge import Knowledge
from px.journeys.rehearsal.sim_event import LEARNED, SimEvent
from px.journeys.running.together import plan_together

__all__ = ["CustomerRun", "Shop", "SimEnrolment", "SimEvent", "people_of", "simulate"]


@dataclass(slots=True)
class SimEnrolment:
    """One enrolment while it is played. `held` says for what each touch ever had to wait."""

    id: str
    index: int
    customer_id: str
    entered_at: datetime
    about: About
    order_id: str | None
    facts: Facts
    open: int
    known: int = -1
    touches: dict[TouchKey, Touch] = field(default_factory=dict)
    anchors: dict[TouchKey, Touch] = field(default_factory=dict)
    held: dict[TouchKey, Reason] = field(default_factory=dict)

    @property
    def is_over(self) -> bool:
        """Whether every touch is settled: nothing is planned any more."""
        return self.open == 0

    @property
    def line(self) -> dict[str, Any] | None:
        """The order line it is about."""
        return self.about.line  # type: ignore[return-value]


@dataclass(frozen=True)
class Shop:
    """The shop's side of a rehearsal. With `tells_reach`, consent and the do-not-write list come as
    events of their own. Its other journeys listen to `heeds`: whoever is in one of them is planned
    as a whole then, whatever journey it is.
    """

    zone: str = "UTC"
    rules: ShopRules = field(default_factory=ShopRules)
    tells_reach: bool = False
    heeds: frozenset[str] = frozenset()


Rendering = Callable[["CustomerRun", SimEnrolment, Touch], bool]
People = Iterable[tuple[str, Sequence[SimEvent]]]


class CustomerRun:
    """One customer's events played to the end: `enrolments` holds what became of every touch."""

    def __init__(
        self,
        journey: Compiled,
        shop: Shop,
        customer_id: str,
        render: Rendering | None = None,
        pulse: Callable[[], None] | None = None,
    ) -> None:
        """`render` fills a message in when it would leave and says whether that went well; `pulse`
        is called often, and may end it all by raising.
        """
        self.journey = journey
        self.shop = shop
        self.id = customer_id
        self.render = render
        self.pulse = pulse
        self.known = Knowledge(reach_is_told=shop.tells_reach)
        self.seen: list[SimEvent] = []
        self.history: dict[str, list[datetime]] = {}
        self.sent_marketing: list[datetime] = []
        self.enrolments: list[SimEnrolment] = []
        self._entered: dict[str, list[datetime]] = {}
        self._wakes: list[tuple[datetime, int, TouchKey]] = []
        self._learned = 0
        self._has_dates = any(point.anchor == "date" for point in journey.points)
        self._heeds = journey.kinds | shop.heeds
        self._counts_sent = EventKind.MESSAGE_SENT in journey.kinds | journey.history_kinds

    @property
    def traits(self) -> dict[str, Any]:
        """What is known of the customer beside the usual."""
        return self.known.traits

    def play(self, events: Sequence[SimEvent], until: datetime) -> None:
        """Every event up to `until` has happened and every touch due by then is settled."""
        for at, told in groupby(events, key=_moment):
            if at[0] > until:
                break
            self._wake_until(at[0], including=False)
            self._hear(list(told), at[0])
        self._wake_until(until, including=True)
        # Once more for all: what is planned for later has been moved by the cap since.
        self._plan(self.enrolments, until)
        for enrolment in self.enrolments:
            enrolment.facts.touches, enrolment.facts.is_without_news = enrolment.touches, False

    def _wake_until(self, moment: datetime, *, including: bool) -> None:
        while self._wakes and (
            self._wakes[0][0] < moment or (including and self._wakes[0][0] <= moment)
        ):
            self._wake(self._wakes[0][0])

    def _wake(self, now: datetime) -> None:
        """All that wakes up now is planned, the rest stays as it stands."""
        awake: dict[int, dict[TouchKey, Touch]] = {}
        while self._wakes and self._wakes[0][0] == now:
            _at, index, key = heapq.heappop(self._wakes)
            touch = self.enrolments[index].touches[key]
            if self._wakes_at(index, touch) == now and touch.settled_at is None:
                awake.setdefault(index, {})[key] = touch
        woken = []
        for index, touches in awake.items():
            enrolment = self.enrolments[index]
            enrolment.facts.is_without_news = True
            enrolment.facts.touches = enrolment.anchors | touches
            woken.append(enrolment)
        if woken:
            self._decide(woken, now)

    def _hear(self, events: list[SimEvent], now: datetime) -> None:
        """The events are known, whoever they bring in is inside, and whom they concern is planned
        as a whole.
        """
        happened = [event for event in events if event.kind != LEARNED]
        for event in events:
            self.known.learn(event)
            if event.marketing:
                insort(self.sent_marketing, event.at)
        self._learned += 1
        touched: dict[int, SimEnrolment] = {}
        for event in happened:
            self._record(event)
            for enrolment in self.enrolments:
                self._concern(enrolment, event)
            if self._has_dates or event.kind in self._heeds:
                touched |= {enrolment.index: enrolment for enrolment in self.enrolments}
        for event in happened:
            if event.kind == self.journey.document.enter.on and event.may_enter:
                touched |= {entered.index: entered for entered in self._enrol(event)}
        if touched:
            self._plan(list(touched.values()), now)

    def _record(self, event: SimEvent) -> None:
        self.seen.append(event)
        insort(self.history.setdefault(event.kind, []), event.at)

    def _enrol(self, event: SimEvent) -> Iterator[SimEnrolment]:
        """Whoever the event brings in is inside."""
        for key, line, position in self._subjects(event):
            entered = self._entered.setdefault(key, [])
            if not self.journey.lets_in(entered, event.at):
                continue
            facts = self._fresh_facts(event, line)
            asked = Asked(facts, event.at, None, event.data)
            if self.journey.where is not None and not self.journey.where(asked):
                continue
            entered.append(event.at)
            number = f"#{len(entered)}" if len(entered) > 1 else ""
            yield self._begin(event, key + number, line, position, facts)

    def _begin(
        self, event: SimEvent, key: str, line: dict[str, Any] | None, position: int, facts: Facts
    ) -> SimEnrolment:
        order_id = None if self.journey.document.per is Per.CUSTOMER else event.order_id
        enrolment = SimEnrolment(
            key,
            len(self.enrolments),
            self.id,
            event.at,
            About(event.at, order_id, line, position),
            # Conditions of a journey per customer may speak of the order that began it.
            event.order_id,
            facts,
            len(self.journey.occurrences),
        )
        self.enrolments.append(enrolment)
        for seen in self.seen:
            self._concern(enrolment, seen)
        return enrolment

    def _subjects(self, event: SimEvent) -> list[tuple[str, dict[str, Any] | None, int]]:
        per = self.journey.document.per
        if per is Per.CUSTOMER:
            return [(self.id, None, 0)]
        if per is Per.SUBSCRIPTION:
            about = event.subscription.get("id") or self.known.subscription.get("id")
            return [(str(about), None, 0)] if about else []
        if event.order_id is None:
            return []
        if per is Per.ORDER:
            return [(event.order_id, None, 0)]
        lines = self.known.orders[event.order_id].get("lines") or []
        return [
            (f"{event.order_id}:{line.get('id', n)}", line, n)
            for n, line in enumerate(lines, 1)
            if concerns_line(event.data, str(line.get("sku", "")), n)
        ]

    def _concern(self, enrolment: SimEnrolment, event: SimEvent) -> None:
        """If the event concerns the enrolment, its facts know of it."""
        kind = concerned_as(
            self.journey, enrolment.about, event.kind, event.at, event.order_id, event.data
        )
        if kind is not None:
            happenings: list[Happening] = enrolment.facts.events.setdefault(kind, [])  # type: ignore[attr-defined]
            insort(happenings, Happening(event.at, event.data), key=_happened_at)

    def _fresh_facts(self, event: SimEvent, line: dict[str, Any] | None) -> Facts:
        facts = Facts(
            journey=self.journey.key,
            customer_key=self.id,
            entered_at=event.at,
            rules=self.shop.rules,
            events={},
            history=self.history,
            sent_marketing=self.sent_marketing,
            is_holdout=self.journey.is_held_out(self.id),
        )
        self._refresh(facts, event.order_id, line)
        return facts

    def _refresh(self, facts: Facts, order_id: str | None, line: dict[str, Any] | None) -> None:
        order = self.known.orders.get(order_id or "", {})
        customer = self.known.customer
        zone = zone_of(
            customer.get("zone"), customer.get("country") or order.get("country"), self.shop.zone
        )
        if zone is not facts.zone:
            facts.zone, facts.memo = zone, {}
        facts.traits = self.known.traits
        facts.fields = self.fields(order, line, order_id)
        facts.is_test = bool(order.get("test") or order.get("is_test"))
        facts.reach = self.known.reach()

    def fields(
        self, order: dict[str, Any], line: dict[str, Any] | None, order_id: str | None
    ) -> Fields:
        """The fields of conditions as they are known now."""
        placed = len(self.history.get(EventKind.ORDER_PLACED, ()))
        return self.known.fields(order, line, order_id, placed)

    def _plan(self, enrolments: Sequence[SimEnrolment], now: datetime) -> None:
        """Each of these enrolments is planned as a whole, if it is not over."""
        active = [enrolment for enrolment in enrolments if not enrolment.is_over]
        for enrolment in active:
            enrolment.facts.is_without_news = False
            enrolment.facts.touches = enrolment.touches
        if active:
            self._decide(active, now)

    def _decide(self, enrolments: Sequence[SimEnrolment], now: datetime) -> None:
        """These are as `plan` says at `now`; whatever goes, has gone, and what hangs on it is
        planned.
        """
        if self.pulse is not None:
            self.pulse()
        parts = []
        for enrolment in enrolments:
            if enrolment.known != self._learned:
                enrolment.known = self._learned
                self._refresh(enrolment.facts, enrolment.order_id, enrolment.line)
            parts.append((self.journey, enrolment.facts, 0))
        planned = plan_together(parts, now)
        went: list[SimEnrolment] = []
        gone: list[SimEvent] = []
        for enrolment, touches in zip(enrolments, planned, strict=True):
            news = [self._keep(enrolment, touch, now) for touch in touches]
            if any(touch.key in enrolment.anchors for touch in news if touch is not None):
                went.append(enrolment)
            gone += self._told_of(enrolment, news, now)
        if gone:
            self._hear(gone, now)
        if went:
            self._plan(went, now)

    def _keep(self, enrolment: SimEnrolment, touch: Touch, now: datetime) -> Touch | None:
        """The touch stands as it was planned, and has gone if it goes; then it is given back."""
        before = enrolment.touches.get(touch.key)
        if touch is before:
            return None
        goes = touch.status is TouchStatus.QUEUED
        if goes:
            touch = self._send(enrolment, touch, now)
        elif touch.status is TouchStatus.HELD and touch.reason is not None:
            enrolment.held[touch.key] = touch.reason
        enrolment.touches[touch.key] = touch
        if touch.settled_at is not None and (before is None or before.settled_at is None):
            enrolment.open -= 1
        wakes_at = self._wakes_at(enrolment.index, touch)
        is_new = before is None or (before.wake_at, before.due_at) != (touch.wake_at, touch.due_at)
        if wakes_at is not None and wakes_at > now and is_new:
            heapq.heappush(self._wakes, (wakes_at, enrolment.index, touch.key))
        return touch if goes and touch.status is TouchStatus.SENT else None

    def _wakes_at(self, index: int, touch: Touch) -> datetime | None:
        """When something can come of it: that hours hold it until then is seen at the end."""
        if touch.status is not TouchStatus.PLANNED or touch.wake_at == touch.due_at:
            return touch.wake_at
        place = (self.journey.by_key[touch.touchpoint].index, touch.occurrence)
        expected = self.enrolments[index].facts.memo.get(place)
        return touch.wake_at if expected is None else expected[1] or touch.wake_at

    def _send(self, enrolment: SimEnrolment, touch: Touch, now: datetime) -> Touch:
        is_marketing = self.journey.by_key[touch.touchpoint].is_marketing
        order_id = enrolment.about.order
        if self.known.is_refused(touch.channel, order_id, marketing=is_marketing):  # type: ignore[arg-type]
            return touch._replace(
                status=TouchStatus.SKIPPED, reason=Reason.SUPPRESSED, settled_at=now
            )
        if self.render is not None and not self.render(self, enrolment, touch):
            return touch._replace(
                status=TouchStatus.FAILED, reason=Reason.TEMPLATE_ERROR, settled_at=now
            )
        if is_marketing:
            insort(self.sent_marketing, now)
        sent = touch._replace(status=TouchStatus.SENT, settled_at=now)
        if touch.touchpoint in self.journey.needs_sent:
            enrolment.anchors[touch.key] = sent
        return sent

    def _told_of(
        self, enrolment: SimEnrolment, sent: Iterable[Touch | None], now: datetime
    ) -> list[SimEvent]:
        """What left, as events, if the journey asks about them."""
        if not self._counts_sent:
            return []
        order_id = enrolment.order_id
        return [
            SimEvent(
                now,
                EventKind.MESSAGE_SENT,
                self.id,
                order_id,
                data={"touchpoint": touch.touchpoint},
            )
            for touch in sent
            if touch is not None
        ]


def simulate(
    journey: Compiled,
    shop: Shop,
    events: Iterable[SimEvent],
    until: datetime,
    render: Rendering | None = None,
) -> Iterator[CustomerRun]:
    """Each customer's run, played from the first event to `until`."""
    for customer_id, own in people_of(events):
        run = CustomerRun(journey, shop, customer_id, render)
        run.play(own, until)
        yield run


def people_of(events: Iterable[SimEvent]) -> People:
    """The events customer by customer."""
    by_customer: dict[str, list[SimEvent]] = {}
    for event in events:
        by_customer.setdefault(event.customer_id, []).append(event)
    return by_customer.items()


def _moment(event: SimEvent) -> tuple[datetime, int]:
    """What is answered together: told at one moment; without knowing when, each alone."""
    return event.played_at, 0 if event.heard_at is not None else id(event)


def _happened_at(happening: Happening) -> datetime:
    return happening.at
