"""The demo shop lived through as a real one is: told of each thing when it happens, and looked at
whenever something is due.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from sqlmodel import Session

from db.kinds import (
    Channel,
    ConsentState,
    EventKind,
    OrderStatus,
    Purpose,
    ShipmentStatus,
    SuppressionReason,
    SuppressionScope,
)
from px import flow, journeys
from px.core import settings as px_settings
from px.core.events import NewEvent, next_unreacted, record_events
from px.core.settings import Settings
from px.core.work import reading, work
from px.customers import (
    ConsentFacts,
    CustomerFacts,
    customer_by_email,
    identify,
    lift_suppression,
    suppress,
    unsubscribe,
)
from px.demo.history import Purchase, history, parcel
from px.demo.people import people
from px.journeys.results.queries import next_wake
from px.messages import Sender, oldest_due
from px.orders import ShipmentFacts, record_orders, record_shipments

Step = tuple[datetime, Callable[[Session, datetime], object]]
_MADE = OrderStatus.PAID


@dataclass
class LiveShop:
    """A shop that goes live at `live_at` and is lived through until `now`."""

    now: datetime
    days: int
    customers: int
    steps: list[Step] = field(default_factory=list)
    passes: int = 0

    @property
    def live_at(self) -> datetime:
        """When its journeys go live."""
        return self.now - timedelta(days=self.days)

    def open(self, *texts: str, **chosen: Any) -> Settings:
        """What was bought before is there, and the journeys are live."""
        draw = random.Random(7)
        cast = people(self.customers, draw)
        bought = history(cast, draw, now=self.now)
        before = [one for one in bought if one.order.placed_at < self.live_at]
        with work() as session:
            current = px_settings.save(
                session, {"shop_zone": "Europe/Amsterdam"} | chosen, by="Mia", now=self.live_at
            )
            _tell(session, [_as_of(one, self.live_at).order for one in before], self.live_at)
            _tell_parcels(session, before, self.live_at)
        for text in texts:
            with work() as session:
                made = journeys.import_journey(
                    session, text, overwrite=True, by="Mia", now=self.live_at
                )
                journeys.publish(session, made.key, by="Mia", now=self.live_at)
        # Parcels of what was bought before do not move on: nobody would answer, it is history.
        for number, one in enumerate(one for one in bought if one not in before):
            late = timedelta(hours=40) if number % 7 == 3 else timedelta()
            self.steps += _told(one, after=self.live_at, until=self.now, late=late)
            if number % 6 == 2:
                self.steps += _told_of_second(one, after=self.live_at, until=self.now)
        return current

    def live(self, current: Settings) -> None:
        """Everything has happened, and each pass was made the moment that it was due."""
        self.steps.sort(key=lambda step: step[0])
        moment = self.live_at
        sender = Sender(clock=lambda: moment, connections=1)
        try:
            while (at := self._next(moment)) is not None:
                moment = at
                while self.steps and self.steps[0][0] <= moment:
                    told_at, act = self.steps.pop(0)
                    with work() as session:
                        act(session, told_at)
                self._pass(sender, current, moment)
        finally:
            sender.close()

    def _next(self, after: datetime) -> datetime | None:
        with reading() as session:
            times = [
                next_unreacted(session),
                next_wake(session),
                oldest_due(session, now=self.now),
                *(step[0] for step in self.steps[:1]),
            ]
        due = min((at for at in times if at is not None and at <= self.now), default=None)
        return None if due is None else max(due, after)

    def _pass(self, sender: Sender, current: Settings, now: datetime) -> None:
        self.passes += 1
        for _ in range(20):
            done = 0
            for job in (flow.react, flow.advance):
                while count := job(now=now):
                    done += count
            sender.run(current)
            while count := flow.settle(now=now):
                done += count
            if not done:
                return


def demo_journey(name: str) -> str:
    """A journey of the demo shop as a file."""
    return files("px.demo").joinpath(f"journeys/{name}.yaml").read_text(encoding="utf-8")


def _told(one: Purchase, *, after: datetime, until: datetime, late: timedelta) -> Iterator[Step]:
    """When the shop's systems tell of the purchase, each time with what is known by then; some
    carriers are `late` with it.
    """
    order = one.order
    parcel_times = (one.shipped_at, one.shipped_at + timedelta(days=1), one.delivered_at)
    for at in (order.placed_at, order.paid_at, order.cancelled_at, order.refunded_at):
        if at is not None and after < at <= until:
            yield at, lambda session, now: _tell(session, [_as_of(one, now).order], now)
    for at in parcel_times:
        if after < at + late <= until:
            yield at + late, lambda session, now: _tell_parcels(session, [one], now)


def _told_of_second(one: Purchase, *, after: datetime, until: datetime) -> Iterator[Step]:
    """The order travels in two parcels; the second leaves and arrives after the first."""
    left, arrives = one.shipped_at + timedelta(hours=30), one.delivered_at + timedelta(days=2)
    second = ShipmentFacts(
        order_number=one.order.number,
        source=one.order.source,
        key=f"second-{one.order.number}",
        status=ShipmentStatus.IN_TRANSIT,
        carrier="DHL",
        tracking_url="https://track.example.com/second",
        shipped_at=left,
        promised_on=one.promised_on + timedelta(days=2),
        happened_at=left,
    )
    there = replace(second, status=ShipmentStatus.DELIVERED, delivered_at=arrives)
    for at, facts in ((left, second), (arrives, there)):
        if one.order.placed_at > after and at <= until and not one.order.cancelled_at:
            yield at, lambda session, now, facts=facts: record_shipments(session, [facts], now=now)


def _tell(session: Session, orders: list[Any], now: datetime) -> None:
    before = now - timedelta(days=2)
    record_orders(session, orders, now=now, historic_before=before, key=b"")


def _tell_parcels(session: Session, bought: list[Purchase], now: datetime) -> None:
    parcels = (parcel(_as_of(one, now), now=now) for one in bought)
    record_shipments(session, [facts for facts in parcels if facts], now=now)


def _as_of(one: Purchase, now: datetime) -> Purchase:
    """The purchase as it was known then."""
    order = one.order
    if order.cancelled_at and order.cancelled_at > now:
        order = replace(order, cancelled_at=None, status=_MADE)
    if order.refunded_at and order.refunded_at > now:
        order = replace(order, refunded_at=None, refunded_minor=0, status=_MADE)
    if order.paid_at and order.paid_at > now:
        order = replace(order, paid_at=None, status=OrderStatus.PENDING)
    trouble = one.trouble
    if trouble and one.shipped_at + timedelta(days=1) > now:
        trouble = None
    return replace(one, order=order, trouble=trouble)


def mishaps(shop: LiveShop, current: Settings) -> Iterator[Step]:
    """What customers do meanwhile: leave, come back, cannot be reached, answer, read, complain."""
    draw = random.Random(11)
    cast = people(shop.customers, random.Random(7))

    def some_time() -> datetime:
        return shop.live_at + (shop.now - shop.live_at) * draw.random()

    for number, person in enumerate(cast):
        first = some_time()
        if number % 4 == 0:
            yield first, _leaves(person.email, current)
            if number % 8 == 0:
                yield first + timedelta(days=6), _comes_back(person.email, current)
        if number % 5 == 1:
            yield first, _bounces(person.email, current)
            yield first + timedelta(days=9), _mended(person.email, current)
        for kind, data in _SAID[number % len(_SAID)]:
            yield some_time(), _says(person.email, kind, data, number)


_ASKED = {"touchpoint": "ask", "question": "skin-type"}
_SAID: tuple[tuple[tuple[EventKind, dict[str, Any]], ...], ...] = (
    ((EventKind.ANSWERED, _ASKED | {"answer": "dry"}),),
    ((EventKind.ANSWERED, _ASKED | {"answer": 3}), (EventKind.CONVERSATION_RESOLVED, {})),
    ((EventKind.CONVERSATION_OPENED, {}), (EventKind.CONVERSATION_RESOLVED, {})),
    ((EventKind.MESSAGE_OPENED, {"touchpoint": "thanks"}), (EventKind.RETURN_REQUESTED, {})),
)


def _leaves(email: str, current: Settings) -> Callable[[Session, datetime], object]:
    def act(session: Session, now: datetime) -> None:
        if customer := customer_by_email(session, email):
            unsubscribe(session, customer, Channel.EMAIL, source="link", key=current.key, now=now)

    return act


def _comes_back(email: str, current: Settings) -> Callable[[Session, datetime], object]:
    def act(session: Session, now: datetime) -> None:
        if customer_by_email(session, email):
            scope = SuppressionScope.MARKETING
            lift_suppression(session, email, Channel.EMAIL, scope=scope, key=current.key, now=now)
            given = ConsentFacts(
                Channel.EMAIL, Purpose.MARKETING, ConsentState.GIVEN, "preference page", now
            )
            facts = CustomerFacts(source="page", email=email, consents=(given,))
            identify(session, [facts], now=now)

    return act


def _bounces(email: str, current: Settings) -> Callable[[Session, datetime], object]:
    return lambda session, now: suppress(
        session,
        email,
        Channel.EMAIL,
        scope=SuppressionScope.ALL,
        reason=SuppressionReason.BOUNCED,
        source="mail server",
        key=current.key,
        now=now,
    )


def _mended(email: str, current: Settings) -> Callable[[Session, datetime], object]:
    return lambda session, now: lift_suppression(
        session, email, Channel.EMAIL, scope=SuppressionScope.ALL, key=current.key, now=now
    )


def _says(
    email: str, kind: EventKind, data: dict[str, Any], number: int
) -> Callable[[Session, datetime], object]:
    def act(session: Session, now: datetime) -> None:
        if customer := customer_by_email(session, email):
            key = f"said:{number}:{kind}:{now.timestamp()}"
            record_events(session, [NewEvent(key, kind, now, customer, data=data)], now=now)

    return act
