"""What is known of one customer while their events are played: what was said and done up to then,
never what came later.
"""

from typing import Any

from db.kinds import Channel, EventKind, ShipmentStatus, SuppressionScope
from px.journeys.engine.facts import Reach, trait_name
from px.journeys.engine.fields import Fields
from px.journeys.engine.parcels import parcel_of
from px.journeys.rehearsal.sim_event import SimEvent
from px.orders.rules import EVENT_OF, standing_status

_PHONE_CHANNELS = (Channel.SMS, Channel.WHATSAPP)
_STATUS_OF = {str(kind): status for status, kind in EVENT_OF.items()}
_PARCEL = ("carrier", "promised_on", "tracking_number", "tracking_url")
Row = dict[str, Any]


class Knowledge:
    """What is known of one customer, and more with each event that is learned."""

    def __init__(self, *, reach_is_told: bool = False) -> None:
        """With `reach_is_told` consent and the do-not-write list come as events of their own, and
        nothing is concluded from somebody's unsubscribing.
        """
        self.customer: Row = {}
        self.traits: Row = {}
        self.orders: dict[str, Row] = {}
        self.subscription: Row = {}
        self._reach_is_told = reach_is_told
        self._consent: dict[str, bool] = {}
        self._suppressed: dict[str, SuppressionScope] = {}
        self._listed: dict[tuple[str, str], SuppressionScope] = {}
        self._parcels: dict[str | None, dict[str | None, Row]] = {}

    def learn(self, event: SimEvent) -> None:
        """What the event says is known."""
        self._learn_customer(event)
        if event.order_id is not None:
            self._learn_order(event, event.order_id)
        if event.subscription:
            self.subscription.update(event.subscription)
        if event.kind == EventKind.ANSWERED and event.data.get("question"):
            self.traits[trait_name(str(event.data["question"]))] = event.data.get("answer")
        elif event.kind == EventKind.UNSUBSCRIBED:
            self._suppress(event, SuppressionScope.MARKETING)
        elif event.kind == EventKind.MESSAGE_BOUNCED and event.data.get("permanent", True):
            self._suppress(event, SuppressionScope.ALL)

    def _learn_customer(self, event: SimEvent) -> None:
        if not event.customer:
            return
        given = dict(event.customer)
        self.traits.update(given.pop("traits", None) or {})
        self._consent.update(_consents(given.pop("consent", None)))
        for place, scope in given.pop("listed", ()):
            if scope is None:
                self._listed.pop(place, None)
            else:
                self._listed[place] = scope
        self.customer.update(given)

    def _learn_order(self, event: SimEvent, order_id: str) -> None:
        order = self.orders.setdefault(order_id, {"id": order_id})
        if event.order:
            order.update(event.order)
        if event.kind == EventKind.ORDER_PLACED:
            order.setdefault("placed_at", event.at)
        elif event.kind == EventKind.ORDER_CANCELLED:
            order["is_off"] = True
        elif event.kind == EventKind.ORDER_REFUNDED and isinstance(
            refunded := event.data.get("refunded_minor"), int
        ):
            order["refunded_minor"] = refunded
        self._learn_parcel(event, order_id)

    def _learn_parcel(self, event: SimEvent, order_id: str) -> None:
        status = _STATUS_OF.get(event.kind)
        told = {name: event.data[name] for name in _PARCEL if name in event.data}
        if not (status or told or event.shipment):
            return
        parcel = self._parcels.setdefault(order_id, {}).setdefault(parcel_of(event.data), {})
        parcel.update(event.shipment)
        parcel.update(told)
        if status is None:
            return
        parcel["status"] = str(standing_status(parcel.get("status"), status))
        if status is ShipmentStatus.IN_TRANSIT:
            parcel["shipped_at"] = event.at
        elif status is ShipmentStatus.DELIVERED:
            parcel["delivered_at"] = event.at

    def _suppress(self, event: SimEvent, scope: SuppressionScope) -> None:
        if self._reach_is_told:
            return
        every = list(map(str, Channel)) if scope is SuppressionScope.MARKETING else ["email"]
        for channel in [event.data["channel"]] if event.data.get("channel") else every:
            if self._suppressed.get(channel) is not SuppressionScope.ALL:
                self._suppressed[channel] = scope

    def shipment(self, order_id: str | None) -> Row:
        """The order's parcel; of several the one promised last."""
        parcels = self._parcels.get(order_id)
        if not parcels:
            return {}
        return max(parcels.values(), key=lambda parcel: str(parcel.get("promised_on") or ""))

    def fields(self, order: Row, line: Row | None, order_id: str | None, placed: int) -> Fields:
        """The fields of conditions, with what follows from the events where it was not given.

        `placed` orders have been placed, as far as is known.
        """
        off = [one for one in self.orders.values() if _is_off(one)]
        bought = [one for one in self.orders.values() if not _is_off(one)] if off else None
        counted = list(self.orders.values()) if bought is None else bought
        customer = {
            "orders": placed - len(off),
            "spent_minor": sum(_spent(one) for one in counted),
        } | self.customer
        if order:
            first = min(counted or [order], key=lambda one: str(one.get("placed_at", "9")))
            order = {
                "skus": [str(item.get("sku", "")) for item in order.get("lines") or []],
                "total_minor": order_total(order),
                "is_first": first is order,
                "number": order.get("id"),
            } | order
        return Fields(customer, order, line, self.shipment(order_id), self.subscription)

    def reach(self) -> dict[Channel, Reach]:
        """How the customer can be reached."""
        email, phone = self.customer.get("email"), self.customer.get("phone")
        places = {Channel.EMAIL: email if _is_mail(email) else None}
        places |= dict.fromkeys(_PHONE_CHANNELS, phone or None)
        places[Channel.WEBCHAT] = self.customer.get("webchat") or None
        return {
            channel: Reach(self._list_of(channel, place), bool(self._consent.get(channel)))
            for channel, place in places.items()
            if place
        }

    def is_refused(self, channel: Channel | None, order_id: str | None, *, marketing: bool) -> bool:
        """Whether the address that was given with the order must not be written to."""
        address = self.orders.get(order_id or "", {}).get("email")
        if channel is not Channel.EMAIL or not address or not self._listed:
            return False
        scope = self._listed.get((channel, address))
        return scope is SuppressionScope.ALL or (scope is not None and marketing)

    def _list_of(self, channel: Channel, place: str) -> SuppressionScope | None:
        scopes = {self._suppressed.get(channel), self._listed.get((channel, place))} - {None}
        return SuppressionScope.ALL if SuppressionScope.ALL in scopes else next(iter(scopes), None)


def order_total(order: Row) -> int:
    """What an order came to, from its total or its lines, in minor units."""
    if isinstance(order.get("total_minor"), int):
        return int(order["total_minor"])
    return sum(
        int(line.get("price_minor") or 0) * int(line.get("quantity") or 1)
        for line in order.get("lines") or []
    )


def _spent(order: Row) -> int:
    return order_total(order) - (order.get("refunded_minor") or 0)


def _is_off(order: Row) -> bool:
    return bool(order.get("is_off") or order.get("test") or order.get("is_test"))


def _consents(given: Any) -> dict[str, bool]:
    if isinstance(given, bool):
        return {str(channel): given for channel in Channel}
    return {str(k): bool(v) for k, v in given.items()} if isinstance(given, dict) else {}


def _is_mail(value: Any) -> bool:
    return isinstance(value, str) and 3 <= len(value) <= 320 and "@" in value[1:-1]
