"""People who each bought one serum, as rows of the tables; what a shop of any size has of them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from db.models.customers import Address, Consent, Customer
from db.models.orders import Order, OrderLine
from db.models.system import Event

# Days after the order.
HAPPENED = (("order_placed", 0), ("shipped", 2), ("delivered", 6))
Placed = Callable[[int], datetime]
Row = dict[str, Any]


def people(
    numbers: Sequence[int],
    placed: Placed,
    *,
    until: datetime | None = None,
    zones: Sequence[str] = ("Europe/Berlin",),
) -> Iterator[tuple[Any, list[Row]]]:
    """What stands in each table for these customers, whose order was placed at that time.

    What would have happened after `until` has not happened.
    """
    yield Customer, [_customer(n, placed(n), zones[n % len(zones)]) for n in numbers]
    yield Address, [_address(n, placed(n)) for n in numbers]
    yield Consent, [_consent(n, placed(n)) for n in numbers]
    yield Order, [_order(n, placed(n)) for n in numbers]
    yield OrderLine, [_line(n) for n in numbers]
    events = (
        _event(n, kind, placed(n) + timedelta(days=days))
        for n in numbers
        for kind, days in HAPPENED
    )
    yield Event, [event for event in events if until is None or event["at"] <= until]


def enrolment(n: int, journey: int, version: int, entered: datetime) -> Row:
    """The customer inside the journey with their order."""
    about = {"id": n, "key": f"order:{n}", "customer_id": n, "order_id": n}
    inside = {"journey_id": journey, "version_id": version, "entered_at": entered}
    return about | inside | {"status": "active"}


def _stamp(at: datetime) -> Row:
    return {"created_at": at, "updated_at": at}


def _customer(n: int, at: datetime, zone: str) -> Row:
    name = {"id": n, "first_name": f"Ada{n}", "zone": zone, "orders": 1}
    return name | {"tags": [], "traits": {}} | _stamp(at)


def _address(n: int, at: datetime) -> Row:
    value = {"kind": "email", "value": f"a{n}@example.com", "is_primary": True}
    return {"customer_id": n, "created_at": at} | value


def _consent(n: int, at: datetime) -> Row:
    said = {"channel": "email", "purpose": "marketing", "state": "given", "source": "shop"}
    return {"customer_id": n, "at": at, "recorded_at": at} | said


def _order(n: int, at: datetime) -> Row:
    named = {"id": n, "source": "shop", "number": f"#{n}", "customer_id": n, "tags": []}
    return named | {"placed_at": at, "total_minor": 4900, "currency": "EUR"} | _stamp(at)


def _line(n: int) -> Row:
    return {"order_id": n, "position": 1, "sku": "SERUM-30", "name": "Serum", "unit_minor": 4900}


def _event(n: int, kind: str, at: datetime) -> Row:
    about = {"key": f"order:{n}:{kind}", "kind": kind, "customer_id": n, "order_id": n}
    return about | {"at": at, "recorded_at": at, "reacted_at": at, "data": {"shipment": "a"}}
