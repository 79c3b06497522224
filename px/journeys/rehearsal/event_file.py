"""Reading what a rehearsal plays: an events file (JSON lines, in any order of time) and a shop
file.
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, time
from typing import Any

from db.kinds import EventKind
from px.core.errors import InvalidInput
from px.core.events import is_event_kind
from px.core.yaml_file import load_yaml
from px.customers.zones import find_zone
from px.journeys.document import TemplateText
from px.journeys.engine.facts import Cap, ShopRules
from px.journeys.rehearsal.simulation import Shop, SimEvent

MAX_LINE = 1_000_000
_KEYS = ("at", "kind", "customer", "order", "data", "shipment", "subscription")
_SHOP_KEYS = ("zone", "quiet_hours", "cap", "templates", "name")
_RANK = {kind.value: rank for rank, kind in enumerate(EventKind)}


def read_events(lines: Iterable[str]) -> list[SimEvent]:
    """The events, oldest first; the order of the lines does not matter and a line given twice
    counts once.
    """
    unique: dict[str, SimEvent] = {}
    numbers: dict[int, int] = {}
    for number, line in enumerate(lines, 1):
        if line.strip():
            event = _event(line.lstrip("\ufeff"), number)
            key = json.dumps(
                [event.at.isoformat(), event.kind, _content(event)], sort_keys=True, default=str
            )
            unique.setdefault(key, event)
            numbers[id(event)] = number
    # Equal times need an order that does not depend on the lines: that of the kinds, then of the
    # content.
    events = [
        unique[key]
        for key in sorted(unique, key=lambda k: (unique[k].at, _rank(unique[k].kind), k))
    ]
    _find_customers(events, numbers)
    return events


def _rank(kind: str) -> int:
    return _RANK.get(kind, len(_RANK))


def _content(event: SimEvent) -> list[Any]:
    return [
        event.customer_id,
        event.order_id,
        event.customer,
        event.order,
        event.shipment,
        event.subscription,
        event.data,
    ]


def _find_customers(events: list[SimEvent], numbers: dict[int, int]) -> None:
    """Every event knows its customer: given, or known from another event of the same order."""
    of_order = {
        e.order_id: e.customer_id for e in events if e.order_id is not None and e.customer_id
    }
    for event in events:
        if not event.customer_id:
            event.customer_id = of_order.get(event.order_id or "", "")
        if not event.customer_id:
            raise _problem(
                numbers.get(id(event), 0),
                "says no customer, and no other event says whose order it is",
            )


def _problem(number: int, message: str) -> InvalidInput:
    return InvalidInput(f"events line {number}: {message}")


def _event(line: str, number: int) -> SimEvent:
    if len(line) > MAX_LINE:
        raise _problem(number, "is longer than 1 MB")
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _problem(number, f"is not a JSON object: {error}") from error
    if not isinstance(raw, dict):
        raise _problem(number, "is not a JSON object")
    unknown = [key for key in raw if key not in _KEYS]
    if unknown:
        raise _problem(
            number, f"unknown key {', '.join(map(repr, unknown))}; allowed: {', '.join(_KEYS)}"
        )
    kind = raw.get("kind")
    if not isinstance(kind, str) or not is_event_kind(kind):
        raise _problem(
            number,
            f"kind: {kind!r} is not an event kind; allowed: those of the format, or milestone:KEY",
        )
    customer, order = _mapping(raw, "customer", number), _mapping(raw, "order", number)
    return SimEvent(
        at=_at(raw.get("at"), number),
        kind=kind,
        customer_id=_id(customer, "customer", number),
        order_id=_id(order, "order", number) or None,
        customer=customer,
        order=order,
        shipment=_mapping(raw, "shipment", number),
        subscription=_mapping(raw, "subscription", number),
        data=_mapping(raw, "data", number),
    )


def _mapping(raw: dict[str, Any], key: str, number: int) -> dict[str, Any]:
    value = raw.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _problem(number, f'{key}: {value!r} is not an object such as {{"id": "1"}}')
    return value


def _id(mapping: dict[str, Any], what: str, number: int) -> str:
    if not mapping:
        return ""
    value = mapping.get("id")
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise _problem(number, f"{what}.id: {value!r} is not an id; every {what} needs one")
    lines = mapping.get("lines")
    if lines is not None and not (
        isinstance(lines, list) and all(isinstance(item, dict) for item in lines)
    ):
        raise _problem(number, f"{what}.lines: is not a list of objects")
    return str(value)


def _at(value: Any, number: int) -> datetime:
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise _problem(
            number, f"at: {value!r} is not a time; write it as 2026-05-01T14:00:00Z"
        ) from error
    if at.tzinfo is None:
        raise _problem(
            number, f"at: {value!r} has no zone; write it as 2026-05-01T14:00:00Z or with +02:00"
        )
    try:
        at = at.astimezone(UTC)
    except OverflowError as error:
        raise _problem(number, f"at: {value!r} is out of range") from error
    if not 1970 <= at.year <= 2200:
        raise _problem(number, f"at: {value!r} is out of range; allowed: years 1970 to 2200")
    return at


def read_shop(text: str) -> tuple[Shop, dict[str, TemplateText], str]:
    """The shop's zone and rules, its templates and its name, from a shop file. InvalidInput names
    the key.
    """
    raw = load_yaml(text) or {}
    if not isinstance(raw, dict):
        raise InvalidInput("settings: not a list of keys such as zone, quiet_hours, cap, templates")
    unknown = [str(key) for key in raw if key not in _SHOP_KEYS]
    if unknown:
        raise InvalidInput(
            f"settings: unknown key {', '.join(unknown)}; allowed: {', '.join(_SHOP_KEYS)}"
        )
    zone = raw.get("zone", "UTC")
    if not isinstance(zone, str) or find_zone(zone) is None:
        raise InvalidInput(
            f"settings: zone: {zone!r} is not a time zone; write it as Europe/Berlin"
        )
    rules = ShopRules(_quiet_hours(raw.get("quiet_hours")), _cap(raw.get("cap")))
    return Shop(zone, rules), read_templates(raw.get("templates")), str(raw.get("name", ""))


def _quiet_hours(raw: Any) -> tuple[time, time] | None:
    if not raw:
        return None
    if not isinstance(raw, dict) or raw.keys() != {"from", "to"}:
        raise InvalidInput(
            'settings: quiet_hours: needs from and to, such as {from: "21:00", to: "08:00"}'
        )
    try:
        start, end = (time.fromisoformat(str(raw[key])) for key in ("from", "to"))
    except ValueError as error:
        raise InvalidInput(
            "settings: quiet_hours: not a time of day; allowed: 00:00 to 23:59, in quotes"
        ) from error
    if start == end:
        raise InvalidInput(
            "settings: quiet_hours: from and to are equal; leave quiet_hours out to have none"
        )
    return start, end


def _cap(raw: Any) -> Cap | None:
    if not raw:
        return None
    if not isinstance(raw, dict) or raw.keys() != {"messages", "days"}:
        raise InvalidInput("settings: cap: needs messages and days, such as {messages: 3, days: 7}")
    for key in ("messages", "days"):
        if (
            not isinstance(raw[key], int)
            or isinstance(raw[key], bool)
            or not 1 <= raw[key] <= 10_000
        ):
            raise InvalidInput(
                f"settings: cap.{key}: {raw[key]!r} is not a whole number of at least 1"
            )
    return Cap(raw["messages"], raw["days"])


def read_templates(raw: Any) -> dict[str, TemplateText]:
    """The templates of a shop file by key."""
    if not raw:
        return {}
    if not isinstance(raw, dict):
        raise InvalidInput("settings: templates: not a list of keys with subject and body")
    templates = {}
    for key, value in raw.items():
        try:
            templates[str(key)] = TemplateText.model_validate(value)
        except ValueError as error:
            allowed = ", ".join(TemplateText.model_fields)
            raise InvalidInput(
                f"settings: templates.{key}: not a template; allowed: {allowed}"
            ) from error
    return templates
