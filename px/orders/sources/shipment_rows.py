"""Rows of a shipments file as facts: one row a parcel, in one or in each of its states."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

from db.kinds import ShipmentStatus
from px.orders.facts import ShipmentFacts
from px.orders.sources.problems import RowRefused, read_cell
from px.orders.sources.values import Dates, identifier, words

_KEYS = (
    *("order_number", "shipment", "carrier", "tracking_number", "tracking_url", "status"),
    *("shipped_at", "promised_on", "delivered_at", "happened_at", "skus", "source"),
)
_STATUS = {status.value: status for status in ShipmentStatus}
# The words of Shopify, AfterShip and Malomo for the same things.
_STATUS |= {
    "label_printed": ShipmentStatus.LABEL,
    "label_purchased": ShipmentStatus.LABEL,
    "confirmed": ShipmentStatus.LABEL,
    "pending": ShipmentStatus.LABEL,
    "inforeceived": ShipmentStatus.LABEL,
    "info_received": ShipmentStatus.LABEL,
    "pre_transit": ShipmentStatus.LABEL,
    "shipped": ShipmentStatus.IN_TRANSIT,
    "intransit": ShipmentStatus.IN_TRANSIT,
    "carrier_picked_up": ShipmentStatus.IN_TRANSIT,
    "outfordelivery": ShipmentStatus.OUT_FOR_DELIVERY,
    "attempted_delivery": ShipmentStatus.ATTEMPTED,
    "attemptfail": ShipmentStatus.ATTEMPTED,
    "delivery_attempted": ShipmentStatus.ATTEMPTED,
    "ready_for_pickup": ShipmentStatus.PICKUP_READY,
    "availableforpickup": ShipmentStatus.PICKUP_READY,
    "available_for_pickup": ShipmentStatus.PICKUP_READY,
    "picked_up": ShipmentStatus.DELIVERED,
    "returning_to_sender": ShipmentStatus.RETURNING,
    "return_to_sender": ShipmentStatus.RETURNING,
    "failure": ShipmentStatus.UNKNOWN,
    "exception": ShipmentStatus.UNKNOWN,
    "expired": ShipmentStatus.UNKNOWN,
}
_ADDRESS = re.compile(r"https?://[^\s<>\"']{1,990}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ShipmentReading:
    """How one file is read: where its columns stand and how it writes dates."""

    dates: Dates
    places: dict[str, int]

    def read(self, row: Sequence[str]) -> ShipmentFacts:
        """The parcel of the row. RowRefused when it names no order or holds an impossible value."""
        indexes = [self.places.get(key, -1) for key in _KEYS]
        cells = dict(zip(_KEYS, itemgetter(*indexes)([*row, ""]), strict=True))
        number = read_cell("order_number", cells["order_number"], identifier)
        if not number:
            raise RowRefused("order_number", "The row has no order number", "")
        tracking = read_cell("tracking_number", cells["tracking_number"], identifier)
        shipped_at = read_cell("shipped_at", cells["shipped_at"], self.dates.moment)
        delivered_at = read_cell("delivered_at", cells["delivered_at"], self.dates.moment)
        return ShipmentFacts(
            order_number=number,
            key=read_cell("shipment", cells["shipment"], identifier) or tracking or "1",
            status=_status(cells["status"], bool(shipped_at), bool(delivered_at)),
            source=cells["source"].strip().lower() or None,
            carrier=words(cells["carrier"], 80),
            tracking_number=tracking,
            tracking_url=_address(cells["tracking_url"]),
            shipped_at=shipped_at,
            promised_on=read_cell("promised_on", cells["promised_on"], self.dates.day),
            delivered_at=delivered_at,
            happened_at=read_cell("happened_at", cells["happened_at"], self.dates.moment),
            skus=tuple(sku for part in re.split(r"[;|,]", cells["skus"]) if (sku := part.strip())),
        )


def _status(text: str, has_left: bool, has_arrived: bool) -> ShipmentStatus:
    word = re.sub(r"[\s-]+", "_", text.strip().lower())
    if not word:
        left = ShipmentStatus.IN_TRANSIT if has_left else ShipmentStatus.LABEL
        return ShipmentStatus.DELIVERED if has_arrived else left
    if word not in _STATUS:
        known = ", ".join(status.value for status in ShipmentStatus)
        raise RowRefused("status", f"Not a status of a parcel; there are {known}", text)
    return _STATUS[word]


def _address(text: str) -> str:
    address = text.strip()
    if address and not _ADDRESS.fullmatch(address):
        raise RowRefused("tracking_url", "Not a web address; it begins with https://", text)
    return address
