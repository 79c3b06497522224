"""A journey played over events: the same `plan`, with a clock of its own and nothing sent.

Customers do not influence each other, so each is played alone: events and the times at which
touches
wake up, in order, until the clock's end.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from db.kinds import Channel, Per, Reason, SuppressionScope, TouchStatus
from px.customers.zones import zone_of
from px.journeys.compiled import Compiled
from px.journeys.concerns import About, concerned_as
from px.journeys.facts import Asked, Facts, Happening, Reach, ShopRules, Touch, trait_name
from px.journeys.fields import Fields
from px.journeys.parcels import concerns_line
from px.journeys.plan import plan

_PHONE_CHANNELS = (Channel.SMS, Channel.WHATSAPP)


@dataclass(slots=True)
class SimEvent:
    """An event as a rehearsal reads it. `customer` and `order` hold the fields given with it."""

    at: datetime
    kind: str
    customer_id: str
    order_id: str | None = None
    customer: dict[str, Any] = field(default_factory=dict)
    order: dict[str, Any] = field(default_factory=dict)
    shipment: dict[str, Any] = field(default_factory=dict)
    subscription: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class SimEnrolment:
    """One enrolment while it is played."""

    id: str
    index: int
    customer_id: str
    entered_at: datetime
    about: About
    facts: Facts
    news: int = -1
    touches: dict[tuple[str, int], Touch] = field(default_factory=dict)

    @property
    def order_id(self) -> str | None:
        """The order it is about."""
        return self.about.order  # type: ignore[return-value]

    @property
    def line(self) -> dict[str, Any] | None:
        """The order line it is about."""
        return self.about.line  # type: ignore[return-value]


@dataclass(frozen=True)
class Shop:
    """The shop's side of a rehearsal."""

    zone: str = "UTC"
    rules: ShopRules = field(default_factory=ShopRules)


Rendering = Callable[["CustomerRun", SimEnrolment, Touch], bool]


class CustomerRun:
    """One customer's events played to the end: `enrolments` holds what became of every touch."""

    def __init__(
        self, journey: Compiled, shop: Shop, customer_id: str, render: Rendering | None = None
    ) -> None:
        """`render` fills a message in when it would leave and says whether that went well."""
        self.journey = journey
        self.shop = shop
        self.id = customer_id
        self.render = render
        self.customer: dict[str, Any] = {}
        self.traits: dict[str, Any] = {}
        self.consent: dict[str, bool] = {}
        self.suppressed: dict[str, SuppressionScope] = {}
        self.orders: dict[str, dict[str, Any]] = {}
        self.shipments: dict[str | None, dict[str, Any]] = {}
        self.subscription: dict[str, Any] = {}
        self.seen: list[SimEvent] = []
        self.history: dict[str, list[datetime]] = {}
        self.sent_marketing: list[datetime] = []
        self.enrolments: list[SimEnrolment] = []
        self._wakes: list[tuple[datetime, datetime, int]] = []
        self._news = 0

    def play(self, events: list[SimEvent], until: datetime) -> None:
        """Every event up to `until` has happened and every touch due by then is settled."""
        for event in events:
            if event.at > until:
                break
            self._wake_until(event.at, including=False)
            self._hear(event)
        self._wake_until(until, including=True)
        # Once more for all: what is planned for later has been moved by the cap since.
        self._news += 1
        for enrolment in self.enrolments:
            self._plan(enrolment, until)

    def _wake_until(self, moment: datetime, *, including: bool) -> None:
        while self._wakes and (
            self._wakes[0][0] < moment or (including and self._wakes[0][0] <= moment)
        ):
            at, _entered, index = heapq.heappop(self._wakes)
            self._plan(self.enrolments[index], at)

    def _hear(self, event: SimEvent) -> None:
        self._learn(event)
        self._news += 1
        self.seen.append(event)
        self.history.setdefault(event.kind, []).append(event.at)
        concerned = [enrolment for enrolment in self.enrolments if self._concern(enrolment, event)]
        entered = self._enrol(event) if event.kind == self.journey.document.enter.on else []
        # What an event says of the customer (an address, consent) may free any enrolment's touches.
        for enrolment in concerned + entered:
            self._plan(enrolment, event.at)

    def _learn(self, event: SimEvent) -> None:
        given = dict(event.customer)
        self.traits.update(given.pop("traits", None) or {})
        self.consent.update(_consents(given.pop("consent", None)))
        self.customer.update(given)
        if event.order_id is not None:
            order = self.orders.setdefault(event.order_id, {"id": event.order_id})
            order.update(event.order)
            shipment = self.shipments.setdefault(event.order_id, {})
            shipment.update(event.shipment)
            shipment.update(
                {
                    k: event.data[k]
                    for k in ("carrier", "promised_on", "tracking_number", "tracking_url")
                    if k in event.data
                }
            )
        self.subscription.update(event.subscription)
        if event.kind == "order_placed" and event.order_id is not None:
            self.orders[event.order_id].setdefault("placed_at", event.at)
        elif event.kind == "answered" and event.data.get("question"):
            self.traits[trait_name(str(event.data["question"]))] = event.data.get("answer")
        elif event.kind == "unsubscribed":
            self._suppress(event, SuppressionScope.MARKETING)
        elif event.kind == "message_bounced" and event.data.get("permanent", True):
            self._suppress(event, SuppressionScope.ALL)

    def _suppress(self, event: SimEvent, scope: SuppressionScope) -> None:
        every = (
            [str(channel) for channel in Channel]
            if scope is SuppressionScope.MARKETING
            else ["email"]
        )
        for channel in [event.data["channel"]] if event.data.get("channel") else every:
            if self.suppressed.get(channel) is not SuppressionScope.ALL:
                self.suppressed[channel] = scope

    def _enrol(self, event: SimEvent) -> list[SimEnrolment]:
        entered = []
        for key, line, position in self._subjects(event):
            if self._may_enter(key, event.at):
                facts = self._fresh_facts(event, line)
                if self.journey.where is None or self.journey.where(
                    Asked(facts, event.at, None, event.data)
                ):
                    again = sum(1 for e in self.enrolments if e.id.split("#")[0] == key)
                    own_id = f"{key}#{again + 1}" if again else key
                    order_id = None if self.journey.document.per is Per.CUSTOMER else event.order_id
                    about = About(event.at, order_id, line, position)
                    enrolment = SimEnrolment(
                        own_id, len(self.enrolments), self.id, event.at, about, facts
                    )
                    self.enrolments.append(enrolment)
                    for seen in self.seen:
                        self._concern(enrolment, seen)
                    entered.append(enrolment)
        return entered

    def _subjects(self, event: SimEvent) -> list[tuple[str, dict[str, Any] | None, int]]:
        per = self.journey.document.per
        if per is Per.CUSTOMER:
            return [(self.id, None, 0)]
        if per is Per.SUBSCRIPTION:
            about = event.subscription.get("id") or self.subscription.get("id")
            return [(str(about), None, 0)] if about else []
        if event.order_id is None:
            return []
        if per is Per.ORDER:
            return [(event.order_id, None, 0)]
        lines = self.orders[event.order_id].get("lines") or []
        return [
            (f"{event.order_id}:{line.get('id', n)}", line, n)
            for n, line in enumerate(lines, 1)
            if concerns_line(event.data, str(line.get("sku", "")), n)
        ]

    def _may_enter(self, key: str, at: datetime) -> bool:
        earlier = [e for e in self.enrolments if e.id.split("#")[0] == key]
        again = self.journey.document.enter.again
        if not earlier or (again == "always" and self.journey.document.per is Per.CUSTOMER):
            return True
        wait = self.journey.again_after
        return wait is not None and at - max(e.entered_at for e in earlier) >= wait

    def _concern(self, enrolment: SimEnrolment, event: SimEvent) -> bool:
        """Whether the event concerns the enrolment; if so, its facts know of it."""
        kind = concerned_as(
            self.journey, enrolment.about, event.kind, event.at, event.order_id, event.data
        )
        if kind is not None:
            happenings: list[Happening] = enrolment.facts.events.setdefault(kind, [])  # type: ignore[attr-defined]
            happenings.append(Happening(event.at, event.data))
        return kind is not None

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
        order = self.orders.get(order_id or "", {})
        country = self.customer.get("country") or order.get("country")
        zone = zone_of(self.customer.get("zone"), country, self.shop.zone)
        if zone is not facts.zone:
            facts.zone, facts.memo = zone, {}
        facts.traits = self.traits
        facts.fields = self.fields(order, line, order_id)
        facts.is_test = bool(order.get("test") or order.get("is_test"))
        facts.reach = self._reach()

    def fields(
        self, order: dict[str, Any], line: dict[str, Any] | None, order_id: str | None
    ) -> Fields:
        """The fields of conditions, with what follows from the events where it was not given."""
        customer = {
            "orders": len(self.history.get("order_placed", ())),
            "spent_minor": sum(order_total(one) for one in self.orders.values()),
        } | self.customer
        if order:
            first = min(self.orders.values(), key=lambda one: str(one.get("placed_at", "9")))
            order = {
                "skus": [str(item.get("sku", "")) for item in order.get("lines") or []],
                "total_minor": order_total(order),
                "is_first": first is order,
                "number": order.get("id"),
            } | order
        return Fields(customer, order, line, self.shipments.get(order_id), self.subscription)

    def _reach(self) -> dict[Channel, Reach]:
        phone = bool(self.customer.get("phone"))
        known = {
            Channel.EMAIL: _is_mail(self.customer.get("email")),
            Channel.SMS: phone,
            Channel.WHATSAPP: phone,
            Channel.WEBCHAT: bool(self.customer.get("webchat")),
        }
        return {
            channel: Reach(self.suppressed.get(channel), bool(self.consent.get(channel)))
            for channel, reachable in known.items()
            if reachable
        }

    def _plan(self, enrolment: SimEnrolment, now: datetime) -> None:
        """The enrolment as `plan` says at `now`; whatever goes, has gone, and what hangs on it is
        planned.
        """
        facts = enrolment.facts
        facts.touches = enrolment.touches
        facts.is_without_news = enrolment.news == self._news
        if enrolment.news != self._news:
            enrolment.news = self._news
            self._refresh(facts, enrolment.order_id or self._entry_order(enrolment), enrolment.line)
        for _ in range(len(self.journey.points) + 1):
            touches = plan(self.journey, facts, now)
            went = False
            for touch in touches:
                if touch.status is TouchStatus.QUEUED:
                    touch = self._send(enrolment, touch, now)
                    went = went or touch.touchpoint in self.journey.needs_sent
                enrolment.touches[touch.key] = touch
            if not went:
                break
        self._wake_later(enrolment, touches, now)

    def _entry_order(self, enrolment: SimEnrolment) -> str | None:
        """For a journey per customer: the order of the entry event, so that conditions can speak
        of it.
        """
        return next(
            (e.order_id for e in self.seen if e.at == enrolment.entered_at and e.order_id), None
        )

    def _send(self, enrolment: SimEnrolment, touch: Touch, now: datetime) -> Touch:
        if self.render is not None and not self.render(self, enrolment, touch):
            return touch._replace(
                status=TouchStatus.FAILED, reason=Reason.TEMPLATE_ERROR, settled_at=now
            )
        if self.journey.by_key[touch.touchpoint].is_marketing:
            self.sent_marketing.append(now)
        self.history.setdefault("message_sent", []).append(now)
        happenings: list[Happening] = enrolment.facts.events.setdefault("message_sent", [])  # type: ignore[attr-defined]
        happenings.append(Happening(now, {"touchpoint": touch.touchpoint}))
        return touch._replace(status=TouchStatus.SENT, settled_at=now)

    def _wake_later(self, enrolment: SimEnrolment, touches: list[Touch], now: datetime) -> None:
        wakes = [
            touch.wake_at for touch in touches if touch.wake_at is not None and touch.wake_at > now
        ]
        if wakes:
            heapq.heappush(self._wakes, (min(wakes), enrolment.entered_at, enrolment.index))


def simulate(
    journey: Compiled,
    shop: Shop,
    events: Iterable[SimEvent],
    until: datetime,
    render: Rendering | None = None,
) -> Iterator[CustomerRun]:
    """Each customer's run, played from the first event to `until`."""
    by_customer: dict[str, list[SimEvent]] = {}
    for event in events:
        by_customer.setdefault(event.customer_id, []).append(event)
    for customer_id, own in by_customer.items():
        run = CustomerRun(journey, shop, customer_id, render)
        run.play(own, until)
        yield run


def order_total(order: dict[str, Any]) -> int:
    """What an order came to, from its total or its lines, in minor units."""
    if isinstance(order.get("total_minor"), int):
        return int(order["total_minor"])
    return sum(
        int(line.get("price_minor") or 0) * int(line.get("quantity") or 1)
        for line in order.get("lines") or []
    )


def _consents(given: Any) -> dict[str, bool]:
    if isinstance(given, bool):
        return {str(channel): given for channel in Channel}
    return {str(k): bool(v) for k, v in given.items()} if isinstance(given, dict) else {}


def _is_mail(value: Any) -> bool:
    return isinstance(value, str) and 3 <= len(value) <= 320 and "@" in value[1:-1]
