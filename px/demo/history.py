"""Eighteen months of the demo shop: who ordered what, and how it travelled. Pure and seeded."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from db.kinds import Channel, ConsentState, OrderStatus, Purpose, ShipmentStatus
from px.customers import ConsentFacts, CustomerFacts
from px.demo.catalogue import (
    CURRENCY,
    FREE_SHIPPING_FROM,
    ITEMS,
    SERUM,
    SHIPPING_MINOR,
    Item,
)
from px.demo.people import Person
from px.orders.facts import LineFacts, OrderFacts, ShipmentFacts

SOURCE = "demo"
SHOP = ZoneInfo("Europe/Amsterdam")
MONTHS = 18
# How busy each month is, January first: gifts in December, sun in summer, a thin January.
_BUSY = (6, 6, 8, 8, 11, 10, 9, 7, 8, 9, 15, 16)
# Days on the road and who carries it there.
_ROADS: dict[str, tuple[int, int, str]] = {
    "NL": (1, 2, "PostNL"),
    "DE": (2, 4, "DHL"),
    "GB": (3, 6, "Royal Mail"),
    "FR": (2, 5, "Colissimo"),
    "SE": (3, 6, "PostNord"),
    "ES": (3, 6, "Correos"),
    "IT": (3, 7, "Poste Italiane"),
    "US": (5, 9, "USPS"),
    "CA": (5, 10, "Canada Post"),
    "AU": (7, 13, "Australia Post"),
    "JP": (6, 10, "Japan Post"),
}
# At which hour of their day people buy, midnight first.
_HOURS = (1, 0, 0, 0, 0, 0, 1, 3, 4, 5, 6, 6, 7, 6, 5, 5, 6, 7, 9, 12, 14, 12, 7, 3)


@dataclass(frozen=True, slots=True)
class Purchase:
    """One order with its parcel, as the shop's systems told of them."""

    person: Person
    order: OrderFacts
    shipped_at: datetime
    promised_on: date
    delivered_at: datetime
    trouble: ShipmentStatus | None = None


def history(cast: list[Person], draw: random.Random, *, now: datetime) -> list[Purchase]:
    """Everything bought in the months before `now`, oldest first."""
    first = now - timedelta(days=MONTHS * 30)
    days = [first + timedelta(days=n) for n in range(MONTHS * 30)]
    # Later days weigh more: the shop grows.
    weights = [_BUSY[day.month - 1] * (1 + n / 400) for n, day in enumerate(days)]
    firsts = sorted(draw.choices(days, weights, k=len(cast)))
    # One who comes again and one who came once, in the shares of a shop that does well.
    moments = [
        (moment, person, number)
        for person, day in zip(cast, firsts, strict=True)
        for number, moment in enumerate(_visits(person, day, draw, now))
    ]
    moments.sort(key=lambda visit: (visit[0], visit[1].number))
    bought = [
        _purchase(index, moment, person, number, draw)
        for index, (moment, person, number) in enumerate(moments)
    ]
    return _something_wrong_today(bought, now=now)


def _something_wrong_today(bought: list[Purchase], *, now: datetime) -> list[Purchase]:
    """Of the parcels on the road, one is lost and one stands still: days are like that."""
    on_the_road = [
        place
        for place, purchase in enumerate(bought)
        if purchase.shipped_at + timedelta(days=1) <= now < purchase.delivered_at
    ]
    for place, trouble in zip(
        on_the_road, (ShipmentStatus.LOST, ShipmentStatus.STALLED), strict=False
    ):
        bought[place] = replace(bought[place], trouble=trouble)
    return bought


def parcel(purchase: Purchase, *, now: datetime) -> ShipmentFacts | None:
    """What the carrier says of the parcel at `now`; None while it has not left."""
    if purchase.shipped_at > now or purchase.order.cancelled_at:
        return None
    arrived = purchase.delivered_at <= now and purchase.trouble is not ShipmentStatus.LOST
    number = f"FF{purchase.order.number.removeprefix('#')}{purchase.person.country}"
    return ShipmentFacts(
        order_number=purchase.order.number,
        source=SOURCE,
        key=number,
        status=_status(purchase, arrived, now),
        carrier=_ROADS[purchase.person.country][2],
        tracking_number=number,
        tracking_url=f"https://track.example.com/{number}",
        shipped_at=purchase.shipped_at,
        promised_on=purchase.promised_on,
        delivered_at=purchase.delivered_at if arrived else None,
        happened_at=min(now, purchase.delivered_at),
    )


def _status(purchase: Purchase, arrived: bool, now: datetime) -> ShipmentStatus:
    if arrived:
        return ShipmentStatus.DELIVERED
    if purchase.trouble and purchase.shipped_at + timedelta(days=1) <= now:
        return purchase.trouble
    if purchase.delivered_at - now < timedelta(hours=8):
        return ShipmentStatus.OUT_FOR_DELIVERY
    return ShipmentStatus.IN_TRANSIT


def _visits(
    person: Person, first: datetime, draw: random.Random, now: datetime
) -> Iterator[datetime]:
    loyalty = draw.random() ** 1.2
    day = first
    while day < now - timedelta(hours=3):
        local = datetime.combine(day.date(), _time_of_day(draw), ZoneInfo(person.zone))
        moment = local.astimezone(now.tzinfo)
        if moment < now - timedelta(hours=3):
            yield moment
        if draw.random() > loyalty * 0.86:
            return
        day += timedelta(days=max(9, round(draw.lognormvariate(4.05, 0.45))))


def _time_of_day(draw: random.Random) -> time:
    hour = draw.choices(range(24), _HOURS)[0]
    return time(hour, draw.randrange(60), draw.randrange(60))


def _purchase(
    index: int, moment: datetime, person: Person, number: int, draw: random.Random
) -> Purchase:
    lines = _basket(moment, number, draw)
    subtotal = sum(line.unit_minor * line.quantity for line in lines)
    discount = subtotal // 10 if number == 0 and draw.random() < 0.25 else 0
    shipping = 0 if subtotal - discount >= FREE_SHIPPING_FROM else SHIPPING_MINOR
    order = OrderFacts(
        source=SOURCE,
        number=f"#{1001 + index}",
        external_id=f"demo-{1001 + index}",
        placed_at=moment,
        paid_at=moment + timedelta(minutes=1),
        customer=_customer(person, moment),
        email=person.email,
        phone=person.phone,
        currency=CURRENCY,
        subtotal_minor=subtotal,
        discount_minor=discount,
        shipping_minor=shipping,
        total_minor=subtotal - discount + shipping,
        country=person.country,
        tags=("welcome10",) if discount else (),
        lines=tuple(lines),
    )
    return _on_its_way(_mishap(order, index, draw), person, draw)


def _basket(moment: datetime, number: int, draw: random.Random) -> list[LineFacts]:
    weights = [item.weight * (3 if moment.month in item.months else 1) for item in ITEMS]
    chosen: dict[str, Item] = {}
    # Who comes back mostly comes back for the serum.
    if number and draw.random() < 0.45:
        chosen[SERUM.sku] = SERUM
    for _ in range(draw.choices((1, 2, 3), (58, 32, 10))[0]):
        item = draw.choices(ITEMS, weights)[0]
        chosen.setdefault(item.sku, item)
    return [
        LineFacts(item.sku, item.name, 2 if draw.random() < 0.06 else 1, item.price_minor)
        for item in chosen.values()
    ]


def _mishap(order: OrderFacts, index: int, draw: random.Random) -> OrderFacts:
    """Some orders are cancelled, refunded in part or in full; two are the shop's own tests."""
    fate = draw.random()
    if index in (3, 240):
        return replace(order, is_test=True, tags=(*order.tags, "test"))
    if fate < 0.012:
        two_hours_on = order.placed_at + timedelta(hours=2)
        return replace(order, status=OrderStatus.VOIDED, cancelled_at=two_hours_on)
    if fate < 0.035:
        return _refunded(order, OrderStatus.REFUNDED, order.total_minor, days=12)
    if fate < 0.05:
        first_price = order.lines[0].unit_minor
        return _refunded(order, OrderStatus.PARTIALLY_REFUNDED, first_price, days=9)
    return order


def _refunded(order: OrderFacts, status: OrderStatus, minor: int, *, days: int) -> OrderFacts:
    at = order.placed_at + timedelta(days=days)
    return replace(order, status=status, refunded_minor=minor, refunded_at=at)


def _customer(person: Person, moment: datetime) -> CustomerFacts:
    wanted = [(Channel.EMAIL, person.wants_mail)]
    wanted += [(Channel.SMS, person.wants_texts), (Channel.WHATSAPP, person.wants_texts)]
    consents = tuple(
        ConsentFacts(channel, Purpose.MARKETING, ConsentState.GIVEN, "checkout", moment)
        for channel, yes in wanted
        if yes
    )
    return CustomerFacts(
        source=SOURCE,
        external_id=f"demo-c{person.number}",
        email=person.email,
        phone=person.phone,
        first_name=person.first_name,
        last_name=person.last_name,
        country=person.country,
        zone=person.zone,
        language=person.language,
        traits=dict(person.traits),
        consents=consents,
        created_at=moment,
        as_of=moment,
    )


def _on_its_way(order: OrderFacts, person: Person, draw: random.Random) -> Purchase:
    least, most, _ = _ROADS[person.country]
    shipped = _packed(order.placed_at, draw)
    road = draw.randint(least, most) + (draw.randint(2, 5) if draw.random() < 0.07 else 0)
    arrives = datetime.combine(
        (shipped + timedelta(days=road)).date(),
        time(draw.randint(9, 17), draw.randrange(60)),
        ZoneInfo(person.zone),
    ).astimezone(order.placed_at.tzinfo)
    late = road > most
    trouble = ShipmentStatus.DELAYED if late else None
    if draw.random() < 0.008:
        trouble = ShipmentStatus.LOST
    return Purchase(
        person, order, shipped, (shipped + timedelta(days=most)).date(), arrives, trouble
    )


def _packed(placed: datetime, draw: random.Random) -> datetime:
    """The next working day at the shop, in the afternoon."""
    day = placed.astimezone(SHOP).date() + timedelta(days=1 if draw.random() < 0.7 else 2)
    while day.weekday() > 4:
        day += timedelta(days=1)
    at = time(draw.randint(14, 16), draw.randrange(60))
    return datetime.combine(day, at, SHOP).astimezone(placed.tzinfo)
