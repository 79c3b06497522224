"""What an order or parcel means: its events, its fingerprint, which status stands."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, NamedTuple

from db.kinds import EventKind, OrderStatus, ShipmentStatus
from px.core.events import NewEvent
from px.core.tokens import fingerprint
from px.orders.facts import OrderFacts, ShipmentFacts

# Money has been received, whatever became of it later.
_WAS_PAID = {OrderStatus.PAID, OrderStatus.PARTIALLY_REFUNDED, OrderStatus.REFUNDED}
# A later status never gives way to an earlier one: reports of carriers come in any order.
_RANK = {
    ShipmentStatus.UNKNOWN: -1,
    ShipmentStatus.LABEL: 0,
    ShipmentStatus.IN_TRANSIT: 1,
    ShipmentStatus.DELAYED: 2,
    ShipmentStatus.STALLED: 2,
    ShipmentStatus.OUT_FOR_DELIVERY: 2,
    ShipmentStatus.ATTEMPTED: 2,
    ShipmentStatus.PICKUP_READY: 2,
    ShipmentStatus.DELIVERED: 3,
    ShipmentStatus.DAMAGED: 3,
    ShipmentStatus.LOST: 3,
    ShipmentStatus.RETURNING: 3,
}
EVENT_OF = {
    ShipmentStatus.IN_TRANSIT: EventKind.SHIPPED,
    ShipmentStatus.DELAYED: EventKind.SHIPMENT_DELAYED,
    ShipmentStatus.STALLED: EventKind.SHIPMENT_STALLED,
    ShipmentStatus.OUT_FOR_DELIVERY: EventKind.OUT_FOR_DELIVERY,
    ShipmentStatus.ATTEMPTED: EventKind.DELIVERY_ATTEMPTED,
    ShipmentStatus.PICKUP_READY: EventKind.PICKUP_READY,
    ShipmentStatus.DELIVERED: EventKind.DELIVERED,
    ShipmentStatus.DAMAGED: EventKind.SHIPMENT_DAMAGED,
    ShipmentStatus.LOST: EventKind.SHIPMENT_LOST,
}


class Stored(NamedTuple):
    """An order as it stands in the tables, as far as a new report of it needs to know."""

    id: int
    source: str
    number: str
    fingerprint: str
    customer_id: int | None
    is_historic: bool


class OrderSum(NamedTuple):
    """Some orders of one customer in one currency, summed up."""

    customer_id: int
    currency: str
    orders: int
    spent_minor: int
    first_at: datetime
    last_at: datetime


def order_fingerprint(facts: OrderFacts) -> str:
    """What changes when anything about the order does."""
    return facts.fingerprint or fingerprint(
        *(getattr(facts, one.name) for one in fields(facts) if one.name != "fingerprint")
    )


def order_events(
    facts: OrderFacts, order_id: int, customer_id: int | None, *, historic: bool, now: datetime
) -> Iterable[NewEvent]:
    """What the order says has happened, each under its own key; nobody answers historic ones."""
    for name, kind, at, data in _happened(facts, historic, now):
        yield NewEvent(
            key=f"order:{order_id}:{name}",
            kind=kind,
            at=at,
            customer_id=customer_id,
            order_id=order_id,
            data=data,
            source=facts.source,
            historic=historic,
        )


def edited_event(
    facts: OrderFacts, order_id: int, customer_id: int | None, *, historic: bool, now: datetime
) -> NewEvent:
    """The event that says the order's items are no longer the same."""
    return NewEvent(
        key=f"order:{order_id}:edited:{order_fingerprint(facts)}",
        kind=EventKind.ORDER_EDITED,
        at=now,
        customer_id=customer_id,
        order_id=order_id,
        source=facts.source,
        historic=historic,
    )


def standing_status(known: str | None, told: ShipmentStatus) -> ShipmentStatus:
    """Which of the two statuses the parcel has."""
    if known is None:
        return told
    before = ShipmentStatus(known)
    return told if _RANK[told] >= _RANK[before] else before


def shipment_steps(facts: ShipmentFacts, now: datetime) -> list[tuple[ShipmentStatus, datetime]]:
    """What has happened to the parcel and when, as far as it is told.

    A parcel that left at an unknown time before it arrived gets no `shipped`: a notice of it
    would come after the parcel.
    """
    steps: dict[ShipmentStatus, datetime] = {}
    if facts.shipped_at:
        steps[ShipmentStatus.IN_TRANSIT] = facts.shipped_at
    if facts.delivered_at:
        steps[ShipmentStatus.DELIVERED] = facts.delivered_at
    if facts.status in EVENT_OF and facts.status not in steps:
        steps[facts.status] = facts.happened_at or now
    return list(steps.items())


def customer_sums(rows: Sequence[OrderSum]) -> dict[int, OrderSum]:
    """One sum a customer; of several currencies, money in the one with most orders counts."""
    sums: dict[int, OrderSum] = {}
    most: dict[int, tuple[int, datetime]] = {}
    for row in rows:
        known = sums.get(row.customer_id)
        if known is None:
            sums[row.customer_id], most[row.customer_id] = row, (row.orders, row.last_at)
            continue
        wins = (row.orders, row.last_at) > most[row.customer_id]
        money = row if wins else known
        if wins:
            most[row.customer_id] = row.orders, row.last_at
        sums[row.customer_id] = OrderSum(
            row.customer_id,
            money.currency,
            known.orders + row.orders,
            money.spent_minor,
            min(known.first_at, row.first_at),
            max(known.last_at, row.last_at),
        )
    return sums


def _happened(
    facts: OrderFacts, historic: bool, now: datetime
) -> Iterable[tuple[str, EventKind, datetime, dict[str, Any]]]:
    yield "placed", EventKind.ORDER_PLACED, facts.placed_at, {}
    paid_at = facts.paid_at or (facts.placed_at if facts.status in _WAS_PAID else None)
    if paid_at:
        yield "paid", EventKind.ORDER_PAID, paid_at, {}
    if facts.cancelled_at:
        yield "cancelled", EventKind.ORDER_CANCELLED, facts.cancelled_at, {}
    if facts.refunded_minor > 0:
        # A file does not say when: of an old order it was some time ago, of a live one just now.
        some_time = facts.cancelled_at or paid_at or facts.placed_at
        at = facts.refunded_at or (some_time if historic else now)
        data = {
            "refunded_minor": facts.refunded_minor,
            "full": facts.refunded_minor >= facts.total_minor,
        }
        yield f"refunded:{facts.refunded_minor}", EventKind.ORDER_REFUNDED, at, data
