"""Everything that happened between the shop and one customer on one line, the newest first.

Orders, parcels, messages and touches each tell their part once: an event that a message or an order
tells already is left out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pages._ui.signs import sign
from pages._ui.words import money
from px.core.events import Happened
from px.customers import ConsentLine
from px.journeys import TouchStory, reason_sentence, touch_sentence, words
from px.messages import CustomerMessage
from px.orders import KnownOrder

KINDS = {
    "order": "Orders",
    "parcel": "Parcels",
    "message": "Messages",
    "not sent": "Not sent",
    "consent": "Consent",
    "other": "Everything else",
}
_PARCEL = (
    *("shipped", "out_for_delivery", "delivery_attempted", "pickup_ready", "delivered"),
    *("shipment_delayed", "shipment_stalled", "shipment_damaged", "shipment_lost"),
)
# Told by the order, the message or the consent itself.
_TOLD = ("order_placed", "message_sent", "unsubscribed")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened: when, of which kind, its sign, what, what to add, and where."""

    at: datetime
    kind: str
    icon: str
    title: str
    more: str = ""
    status: str | None = None
    where: str = ""


def timeline(
    orders: Sequence[KnownOrder],
    events: Iterable[Happened],
    messages: Sequence[CustomerMessage],
    touches: Sequence[TouchStory],
    consents: Sequence[ConsentLine],
    *,
    now: datetime,
    zone: str,
) -> list[Entry]:
    """Every entry up to now, the newest first."""
    numbers = {order.id: order.number for order in orders}
    told = {message.touch_id for message in messages}
    entries = [_order(order) for order in orders]
    entries += [_event(one, numbers) for one in events if one.kind not in _TOLD]
    entries += [
        _message(one) for one in messages if one.status not in ("queued", "sending", "held")
    ]
    entries += [
        _touch(one, now, zone)
        for one in touches
        if one.settled_at and one.status != "sent" and one.id not in told
    ]
    entries += [_consent(line) for line in consents]
    return sorted((e for e in entries if e.at <= now), key=lambda e: e.at, reverse=True)


def why_of(message: CustomerMessage) -> str:
    """Why the message is where it is, as a part of a sentence."""
    return message.detail.rstrip(". ") or reason_sentence(message.reason)


def _order(order: KnownOrder) -> Entry:
    names = [f"{line.quantity} x {line.name or line.sku}" for line in order.lines if line.quantity]
    more = f" and {len(names) - 4} more" if len(names) > 4 else ""
    items = ", ".join(names[:4]) + more
    test = " (test)" if order.is_test else ""
    title = f"Ordered {order.number} for {money(order.total_minor, order.currency)}{test}"
    return Entry(order.placed_at, "order", "shopping_bag", title, items)


def _event(event: Happened, numbers: dict[int, str]) -> Entry:
    is_order = event.kind.startswith("order_")
    kind = "order" if is_order else "parcel" if event.kind in _PARCEL else "other"
    number = numbers.get(event.order_id or 0)
    about = f", {number}" if number else ""
    icon = {"parcel": "local_shipping", "order": "receipt_long"}.get(kind, "bolt")
    return Entry(event.at, kind, icon, words.event_label(event.kind) + about, _details(event.data))


def _details(data: dict[str, Any]) -> str:
    told = [str(data[name]) for name in ("carrier", "tracking_number", "answer") if data.get(name)]
    return ", ".join(told)


def _message(message: CustomerMessage) -> Entry:
    shown = sign(message.channel)
    title = message.subject or f"{shown.word} without a subject"
    why = f": {why_of(message)}" if message.detail or message.reason else ""
    more = f"{shown.word} to {message.to_address}{why}"
    kind = "message" if message.status == "sent" else "not sent"
    return Entry(message.at, kind, shown.icon, title, more, message.status)


def _touch(touch: TouchStory, now: datetime, zone: str) -> Entry:
    said = touch_sentence(touch, now=now, zone=zone)
    at = touch.settled_at or now
    return Entry(at, "not sent", "route", touch.label, said, where=touch.journey_name)


def _consent(line: ConsentLine) -> Entry:
    channel = words.CHANNEL_WORDS.get(line.channel, line.channel)
    said = "Agreed to" if line.state == "given" else "Does not want"
    title = f"{said} {line.purpose} by {channel}"
    return Entry(line.at, "consent", "how_to_reg", title, line.source)
