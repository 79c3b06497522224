"""What a template is filled with: plain texts, numbers, lists and dicts, never an object.

A value that is not there is left out, so that {% if shipment.tracking_url %} is false without one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from px.core.money import format_money
from px.messages.liquid.dates import local_day, spoken_day

_LONGEST_NAME = 300
_LONGEST_VALUE = 5_000
_MOST_ITEMS = 500
_DEEPEST = 4
# Control characters but tab and line break, marks that turn the direction of reading around, and
# half characters; what separates lines or paragraphs becomes a blank.
_TURNING = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_GONE = (*range(9), *range(11, 32), *range(127, 160), *_TURNING)
_UNSEEN = dict.fromkeys([*_GONE, 0xFEFF, *range(0xD800, 0xE000)], "") | {0x2028: " ", 0x2029: " "}
_SHOP = ("name", "url", "address", "colour", "logo_url", "email", "currency")
_NAMED = ("key", "name")

Given = Mapping[str, Any] | object | None
Read = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Brand:
    """How the shop presents itself in a message."""

    name: str = "My shop"
    url: str = ""
    logo_url: str = ""
    colour: str = "#0f766e"
    address: str = ""
    footer: str = ""
    email: str = ""
    currency: str = ""


def make_context(
    *,
    customer: Given = None,
    order: Given = None,
    lines: Sequence[Given] = (),
    line: Given = None,
    shipment: Given = None,
    subscription: Given = None,
    answer: object = None,
    event: Given = None,
    shop: Given = None,
    journey: Given = None,
    touchpoint: Given = None,
    zone: str | None = None,
    currency: str = "",
    unsubscribe_url: str = "",
    preferences_url: str = "",
) -> dict[str, Any]:
    """The values of the known variables, in the customer's zone and the order's currency.

    `currency` is that of prices that belong to no order; without it, the shop's.

    Each argument is a mapping or an object with the fields of its table (placed_at, unit_minor ...)
    or of the catalogue (placed_on, price_minor ...); what is not in the catalogue is not taken.
    """
    of_order = _reader(order)
    where = zone or _reader(customer)("zone") or "UTC"
    currency = str(of_order("currency") or currency or _reader(shop)("currency") or "")
    return _kept(
        customer=_customer(customer, currency),
        order=_order(order, lines, currency, where),
        line=_line(line, currency),
        shipment=_shipment(shipment, where),
        subscription=_subscription(subscription, where),
        shop=_brand(shop) if isinstance(shop, Brand) else _texts(shop, _SHOP),
        journey=_texts(journey, _NAMED),
        touchpoint=_texts(touchpoint, _NAMED),
        answer=_plain(answer, 0),
        event=_event(event),
        unsubscribe_url=unsubscribe_url,
        preferences_url=preferences_url,
    )


def _customer(given: Given, currency: str) -> dict[str, Any]:
    if given is None:
        return {}
    read = _reader(given)
    first, last = _name(read("first_name")), _name(read("last_name"))
    spent = _whole(read("spent_minor"))
    return _kept(
        id=_text(read("id")),
        first_name=first,
        last_name=last,
        name=f"{first or ''} {last or ''}".strip(),
        email=_name(read("email")),
        phone=_name(read("phone")),
        country=_name(read("country")),
        language=_name(read("language")),
        tags=_plain(read("tags"), 1),
        traits=_plain(read("traits"), 0),
        orders=_whole(read("orders")),
        spent_minor=spent,
        spent=_money(spent, currency),
        tier=_name(read("tier")),
        points=_whole(read("points")),
    )


def _order(given: Given, lines: Sequence[Given], currency: str, zone: str) -> dict[str, Any]:
    read = _reader(given)
    listed = [_line(line, currency) for line in (lines or read("lines") or ())[:_MOST_ITEMS]]
    if given is None and not listed:
        return {}
    number = _name(read("number")) or _name(read("name"))
    total = _whole(read("total_minor"))
    return _kept(
        id=_text(read("id")),
        number=number,
        name=number,
        placed_on=_day(read("placed_at") or read("placed_on"), zone),
        currency=currency,
        total_minor=total,
        total=_money(total, currency),
        subtotal=_money(_whole(read("subtotal_minor")), currency),
        shipping=_money(_whole(read("shipping_minor")), currency),
        discount=_money(_whole(read("discount_minor")), currency),
        tags=_plain(read("tags"), 1),
        country=_name(read("country")),
        is_first=bool(read("is_first")),
        skus=[line["sku"] for line in listed if "sku" in line],
        lines=listed,
    )


def _line(given: Given, currency: str) -> dict[str, Any]:
    if given is None:
        return {}
    read = _reader(given)
    quantity = _whole(read("quantity"))
    price = read("unit_minor")
    price = _whole(read("price_minor") if price is None else price)
    total = None if price is None else price * (1 if quantity is None else quantity)
    return _kept(
        sku=_name(read("sku")),
        name=_name(read("name")),
        quantity=quantity,
        price_minor=price,
        price=_money(price, currency),
        total=_money(total, currency),
    )


def _shipment(given: Given, zone: str) -> dict[str, Any]:
    if given is None:
        return {}
    read = _reader(given)
    return _kept(
        carrier=_name(read("carrier")),
        tracking_number=_name(read("tracking_number")),
        tracking_url=_name(read("tracking_url")),
        status=_name(read("status")),
        promised_on=_day(read("promised_on"), zone),
        shipped_on=_day(read("shipped_at") or read("shipped_on"), zone),
        delivered_on=_day(read("delivered_at") or read("delivered_on"), zone),
    )


def _subscription(given: Given, zone: str) -> dict[str, Any]:
    read = _reader(given)
    return (
        {}
        if given is None
        else _kept(plan=_name(read("plan")), renews_on=_day(read("renews_on"), zone))
    )


def _event(given: Given) -> dict[str, Any]:
    data = _plain(_reader(given)("data"), 0)
    return {"data": data} if isinstance(data, dict) and data else {}


@lru_cache(maxsize=16)
def _brand(brand: Brand) -> dict[str, Any]:
    # The same dict for every message of the brand: nothing that renders writes to it.
    return _texts(brand, _SHOP)


def _texts(given: Given, names: tuple[str, ...]) -> dict[str, Any]:
    read = _reader(given)
    return {} if given is None else _kept(**{name: _text(read(name)) for name in names})


def _reader(given: Given) -> Read:
    if given is None:
        return lambda _name: None
    if isinstance(given, Mapping):
        return given.get
    return lambda name: getattr(given, name, None)


def _kept(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value or value == 0}


def _name(value: Any) -> Any:
    # A name with a line break in it would begin a new line of somebody else's message.
    if value.__class__ is str and len(value) <= _LONGEST_NAME and value.isprintable():
        return value.strip()
    return None if value is None else " ".join(_clean(str(value)).split())[:_LONGEST_NAME]


def _text(value: Any) -> Any:
    if value.__class__ is str and len(value) <= _LONGEST_NAME and value.isprintable():
        return value.strip()
    return None if value is None else _clean(str(value))[:_LONGEST_VALUE].strip()


def _clean(text: str) -> str:
    return text if text.isprintable() else text.translate(_UNSEEN)


def _whole(value: Any) -> int | None:
    return int(value) if isinstance(value, int) and -(2**63) < value < 2**63 else None


@lru_cache(maxsize=4096)
def _money(minor: int | None, currency: str) -> str | None:
    return format_money(minor, currency) if minor is not None and currency else None


def _day(value: Any, zone: str) -> str | None:
    if isinstance(value, datetime | date):
        return spoken_day(local_day(value, zone))
    return _day_of_text(value, zone) if isinstance(value, str) and value else None


def _day_of_text(value: str, zone: str) -> str:
    try:
        return spoken_day(local_day(datetime.fromisoformat(value), zone))
    except (ValueError, OverflowError):
        return _name(value) or ""


def _plain(value: Any, depth: int) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if not value and value.__class__ in (list, dict):
        # Most customers and orders have no tags and no traits.
        return value.copy() if depth < _DEEPEST else None
    if isinstance(value, int | float):
        return value if abs(value) < 2**63 else None
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if depth >= _DEEPEST:
        return None
    if isinstance(value, Mapping):
        found = list(value.items())[:_MOST_ITEMS]
        return {str(k)[:_LONGEST_NAME]: _plain(v, depth + 1) for k, v in found if v is not None}
    if isinstance(value, list | tuple):
        return [_plain(item, depth + 1) for item in value[:_MOST_ITEMS]]
    return None
