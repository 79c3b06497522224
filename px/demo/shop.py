"""The demo shop's life, through the verbs that a real shop's data goes through."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files

from sqlmodel import Session

from db.kinds import Channel, SuppressionReason, SuppressionScope
from px import flow, journeys
from px.core import settings
from px.core.events import next_unreacted
from px.core.settings import Settings
from px.core.work import reading, work
from px.customers import customer_by_email, suppress, unsubscribe
from px.demo.catalogue import SERUM
from px.demo.history import Purchase, history, parcel
from px.demo.people import Person, people
from px.demo.readers import read_their_mail
from px.journeys.results.queries import next_wake
from px.messages import Sender, oldest_due
from px.orders import record_orders, record_shipments

CUSTOMERS = 300
LIVE_FOR = timedelta(days=75)
_SEED = 20_260_504
_WHO = "demo"
_SHOP = {
    "shop_name": "Fern & Fable",
    "shop_zone": "Europe/Amsterdam",
    "shop_country": "NL",
    "shop_url": "https://fernandfable.example",
    "shop_currency": "EUR",
    "price_email": 0.0004,
    "price_sms": 0.075,
    "price_whatsapp": 0.06,
    "mail_from": "Fern & Fable <hello@fernandfable.example>",
    "brand_colour": "#3f6b4f",
    # Its letters and its advice compete for two places a week: the calendar shows it.
    "cap_messages": 2,
    "brand_address": "Fern & Fable, Ambachtsweg 12, 3542 AB Utrecht, Netherlands",
}
Step = tuple[datetime, Callable[[Session, datetime], object]]


@dataclass(frozen=True, slots=True)
class Filled:
    """What the demo shop brought."""

    customers: int
    orders: int
    messages: int


def live_through(
    *, now: datetime, customers: int = CUSTOMERS, live_for: timedelta = LIVE_FOR
) -> Filled:
    """The open database, empty before, has a shop of eighteen months with three running journeys.

    Made up from one seed: the same people do the same things, counted back from `now`.
    """
    draw = random.Random(_SEED)
    cast = people(customers, draw)
    bought = history(cast, draw, now=now)
    live_at = now - live_for
    late = _told_late(bought, now=now)
    with work() as session:
        current = _open_shop(session, now=now)
        _record_orders(session, bought, current, live_at=live_at, now=now)
        _record_parcels(session, [one for one in bought if one not in late], now=now)
        _publish(session, at=live_at)
    steps = sorted(_hiccups(cast, current, live_at, draw, now=now), key=lambda step: step[0])
    steps.append((now, lambda session, at: _record_parcels(session, late, now=at)))
    sent = _live(steps, current, live_at=live_at, now=now)
    with work() as session:
        read_their_mail(session, draw, settings=current, now=now)
    while flow.react(now=now):
        pass
    return Filled(len(cast), len(bought), sent)


def _open_shop(session: Session, *, now: datetime) -> Settings:
    """What the host has set stays; the rest is the demo shop's."""
    sources = settings.load(session).sources
    unset = {name: value for name, value in _SHOP.items() if sources[name] == "default"}
    return settings.save(session, unset, by=_WHO, now=now)


def _told_late(bought: list[Purchase], *, now: datetime) -> list[Purchase]:
    """Two serum orders whose carrier says only now that the parcel left days ago."""
    window = (now - timedelta(days=7), now - timedelta(hours=8))
    serum = [one for one in bought if SERUM.sku in (line.sku for line in one.order.lines)]
    return [one for one in serum if window[0] < one.shipped_at < window[1]][-2:]


def _record_orders(
    session: Session, bought: list[Purchase], current: Settings, *, live_at: datetime, now: datetime
) -> None:
    orders = [purchase.order for purchase in bought]
    record_orders(session, orders, now=now, historic_before=live_at, key=current.key)


def _record_parcels(session: Session, bought: list[Purchase], *, now: datetime) -> None:
    parcels = (parcel(purchase, now=now) for purchase in bought)
    record_shipments(session, [facts for facts in parcels if facts], now=now)


def _publish(session: Session, *, at: datetime) -> None:
    for name in ("serum-ownership", "brush-care", "fern-letters"):
        text = files("px.demo").joinpath(f"journeys/{name}.yaml").read_text(encoding="utf-8")
        made = journeys.import_journey(session, text, overwrite=False, by=_WHO, now=at)
        journeys.publish(session, made.key, by=_WHO, now=at)


def _hiccups(
    cast: list[Person],
    current: Settings,
    live_at: datetime,
    draw: random.Random,
    *,
    now: datetime,
) -> Iterator[Step]:
    """Some unsubscribe, a few addresses are dead, one person complains."""
    early = [person for person in cast[: len(cast) * 3 // 4] if person.wants_mail]
    chosen = draw.sample(early, min(16, len(early) // 3))
    for number, person in enumerate(chosen):
        at = live_at + (now - live_at) * (number / len(chosen)) + timedelta(hours=5)
        if number % 3 == 2:
            yield at, _dead_address(person, current, SuppressionReason.BOUNCED)
        elif number == 1:
            yield at, _dead_address(person, current, SuppressionReason.COMPLAINED)
        else:
            yield at, _goodbye(person, current)


def _dead_address(
    person: Person, current: Settings, reason: SuppressionReason
) -> Callable[[Session, datetime], object]:
    def act(session: Session, at: datetime) -> None:
        suppress(
            session,
            person.email,
            Channel.EMAIL,
            scope=SuppressionScope.ALL,
            reason=reason,
            source="mail server",
            key=current.key,
            now=at,
        )

    return act


def _goodbye(person: Person, current: Settings) -> Callable[[Session, datetime], object]:
    def act(session: Session, at: datetime) -> None:
        customer = customer_by_email(session, person.email)
        if customer:
            unsubscribe(
                session, customer, Channel.EMAIL, source="link in a mail", key=current.key, now=at
            )

    return act


def _live(steps: list[Step], current: Settings, *, live_at: datetime, now: datetime) -> int:
    """The weeks since the journeys went live have passed; how many messages were sent."""
    moment = live_at
    sender = Sender(clock=lambda: moment, connections=1)
    sent = 0
    try:
        while moment < now:
            moment = _next_moment(steps, after=moment, now=now)
            while steps and steps[0][0] <= moment:
                at, act = steps.pop(0)
                with work() as session:
                    act(session, at)
            sent += _pass(sender, current, now=moment)
    finally:
        sender.close()
    return sent


def _next_moment(steps: list[Step], *, after: datetime, now: datetime) -> datetime:
    """The end of the next five minutes with something to do; what stays undone waits an hour."""
    with reading() as session:
        waiting = [next_unreacted(session), next_wake(session), oldest_due(session, now=now)]
    times = [at for at in [*waiting, *(step[0] for step in steps[:1])] if at]
    first = min(times, default=now)
    if first <= after:
        first = min([at for at in times if at > after] + [after + timedelta(hours=1)])
    minutes = timedelta(minutes=5 - first.minute % 5)
    return min(first.replace(second=0, microsecond=0) + minutes, now)


def _pass(sender: Sender, current: Settings, *, now: datetime) -> int:
    """Each job until it has nothing left to do; what comes of that waits for the next pass."""
    for job, full in ((flow.react, 1000), (flow.advance, 500)):
        while job(now=now) >= full:
            pass
    with reading() as session:
        if oldest_due(session, now=now) is None:
            return 0
    counts = sender.run(current)
    flow.settle(now=now)
    return counts["sent"]
