"""When an order has arrived: with its last parcel (rule 8)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from px.journeys.engine.facts import Happening

_NAMES = ("shipment", "shipment_id", "parcel", "tracking_number", "tracking")


def parcel_of(data: Mapping[str, Any]) -> str | None:
    """Which parcel an event is about, None when it does not say."""
    for name in _NAMES:
        value = data.get(name)
        if isinstance(value, Mapping):
            value = value.get("id") or value.get("tracking_number")
        if value:
            return str(value)
    return None


def last_delivery(
    delivered: Sequence[Happening], shipped: Sequence[Happening], now: datetime
) -> datetime | None:
    """When the last parcel arrived; None while one that has left is still on its way.

    A delivery that names no parcel stands for all of them.
    """
    if not delivered:
        return None
    if len(delivered) == 1 and len(shipped) < 2:
        return delivered[0].at
    arrived = {parcel_of(h.data) for h in delivered}
    on_its_way = {parcel_of(h.data) for h in shipped if h.at <= now} - arrived - {None}
    if on_its_way and None not in arrived:
        return None
    first_of_each: dict[str | None, datetime] = {}
    for happening in delivered:
        name = parcel_of(happening.data)
        # A carrier repeats itself: the same parcel arrives once. Parcels without a name are told
        # apart by time.
        if name is None or name not in first_of_each:
            first_of_each[name] = max(happening.at, first_of_each.get(name, happening.at))
    return max(first_of_each.values())


def concerns_line(data: Mapping[str, Any], sku: str, position: int) -> bool:
    """Whether an event about an order is also about one of its lines: those it names, else all."""
    skus = _many(data, "skus", "sku")
    lines = _many(data, "lines", "line")
    if not skus and not lines:
        return True
    return sku.casefold() in {str(s).casefold() for s in skus} or str(position) in {
        str(n) for n in lines
    }


def _many(data: Mapping[str, Any], plural: str, single: str) -> list[Any]:
    values = data.get(plural)
    if isinstance(values, list):
        return [v.get("sku", v.get("id")) if isinstance(v, Mapping) else v for v in values]
    value = data.get(single)
    return [value] if value not in (None, "") else []
