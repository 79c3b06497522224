"""Orders as others tell of them: stored, compared and made into events, 1,000 at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlmodel import Session

from db.models.orders import Order, OrderLine
from px.core.bulk import chunks, table_of, upsert
from px.core.events import NewEvent, record_events
from px.core.many import execute_many, new_ids
from px.customers import normalise_email, record_customers
from px.orders.facts import Became, Counts, LineFacts, OrderFacts
from px.orders.products import Products, find_products
from px.orders.rules import Stored, edited_event, order_events, order_fingerprint
from px.orders.sums import refresh_customers

_orders, _lines = table_of(Order), table_of(OrderLine)
Name = tuple[str, str]
# What a later report of an order changes; the rest is fixed when it is seen first.
_TOLD = (
    *("external_id", "customer_id", "email", "phone", "currency", "total_minor", "subtotal_minor"),
    *("shipping_minor", "tax_minor", "discount_minor", "refunded_minor", "status", "fulfilment"),
    *("country", "tags", "is_test", "placed_at", "paid_at", "cancelled_at", "fingerprint"),
    "updated_at",
)
_LINE = ("product_id", "sku", "name", "quantity", "unit_minor", "discount_minor")


@dataclass(slots=True)
class _Told:
    """An order told of, with what is known of it and whose it is."""

    place: int
    facts: OrderFacts
    stored: Stored | None
    customer_id: int | None
    is_historic: bool
    id: int = 0


def record_orders(
    session: Session,
    facts: Sequence[OrderFacts],
    *,
    now: datetime,
    historic_before: datetime,
    region_hint: str = "",
    key: bytes | None = None,
) -> Counts:
    """Every order stands in the tables with its customer, lines and events.

    Telling twice changes nothing. An order placed before `historic_before` when it is first seen
    starts nothing. An order of somebody who was erased is left out and counted as skipped.
    """
    counts = Counts()
    for chunk in chunks(facts):
        counts.add(_record(session, chunk, now, historic_before, region_hint, key))
    return counts


def known_fingerprints(session: Session, names: Iterable[Name]) -> dict[Name, str]:
    """The fingerprint of each order that is already here, by source and number."""
    return {name: stored.fingerprint for name, stored in _stored(session, names).items()}


def _record(
    session: Session,
    facts: Sequence[OrderFacts],
    now: datetime,
    historic_before: datetime,
    region_hint: str,
    key: bytes | None,
) -> Counts:
    stored = _stored(session, ((one.source, one.number) for one in facts))
    latest = {(one.source, one.number): place for place, one in enumerate(facts)}
    changed = [
        (place, facts[place], stored.get(name))
        for name, place in latest.items()
        if name not in stored or stored[name].fingerprint != order_fingerprint(facts[place])
    ]
    counts = Counts([Became.UNCHANGED] * len(facts))
    told = _with_customers(session, changed, counts, now, historic_before, region_hint, key)
    if told:
        _write(session, told, now)
    for one in told:
        counts.became[one.place] = Became.UPDATED if one.stored else Became.NEW
        counts.historic += one.is_historic
        counts.unreachable += one.customer_id is None
    return counts


def _stored(session: Session, names: Iterable[Name]) -> dict[Name, Stored]:
    wanted = set(names)
    if not wanted:
        return {}
    rows = session.connection().execute(
        select(*(_orders.c[name] for name in Stored._fields)).where(
            _orders.c.source.in_({source for source, _ in wanted}),
            _orders.c.number.in_({number for _, number in wanted}),
        )
    )
    return {
        (row.source, row.number): Stored(*row) for row in rows if (row.source, row.number) in wanted
    }


def _with_customers(
    session: Session,
    changed: Sequence[tuple[int, OrderFacts, Stored | None]],
    counts: Counts,
    now: datetime,
    historic_before: datetime,
    region_hint: str,
    key: bytes | None,
) -> list[_Told]:
    named = [(place, facts.customer) for place, facts, _ in changed if facts.customer]
    recorded = record_customers(
        session, [customer for _, customer in named], now=now, region_hint=region_hint, key=key
    )
    customers = dict(zip((place for place, _ in named), recorded.ids, strict=True))
    counts.new_customers = [named[at][0] for at in recorded.new_places]
    erased = {named[at][0] for at in recorded.erased}
    for place in erased:
        counts.became[place] = Became.SKIPPED
    return [
        _Told(
            place=place,
            facts=facts,
            stored=stored,
            customer_id=customers.get(place) or (stored.customer_id if stored else None),
            is_historic=stored.is_historic if stored else facts.placed_at < historic_before,
            id=stored.id if stored else 0,
        )
        for place, facts, stored in changed
        if place not in erased
    ]


def _write(session: Session, told: Sequence[_Told], now: datetime) -> None:
    _write_orders(session, told, now)
    products = find_products(session, [line for one in told for line in one.facts.lines], now=now)
    edited = _write_lines(session, told, products)
    record_events(session, _events(told, edited, now), now=now)
    before = {one.stored.customer_id for one in told if one.stored}
    customers = before | {one.customer_id for one in told}
    refresh_customers(session, (customer for customer in customers if customer))


def _write_orders(session: Session, told: Sequence[_Told], now: datetime) -> None:
    new = [one for one in told if one.stored is None]
    for one, new_id in zip(new, new_ids(session, Order, len(new)), strict=True):
        one.id = new_id
    rows = [_columns(one, now) | {"id": one.id, "created_at": now} for one in new]
    execute_many(session, insert(_orders), rows)
    changed = [_columns(one, now) | {"which": one.id} for one in told if one.stored]
    if changed:
        statement = update(_orders).where(_orders.c.id == bindparam("which"))
        values = {name: bindparam(f"new_{name}", type_=_orders.c[name].type) for name in _TOLD}
        rows = [{f"new_{n}": row[n] for n in _TOLD} | {"which": row["which"]} for row in changed]
        execute_many(session, statement.values(**values), rows)


def _columns(told: _Told, now: datetime) -> dict[str, Any]:
    facts = told.facts
    return {
        "source": facts.source[:40],
        "number": facts.number[:200],
        "external_id": facts.external_id,
        "customer_id": told.customer_id,
        "email": normalise_email(facts.email),
        "phone": facts.phone[:40] if facts.phone else None,
        "currency": facts.currency,
        "total_minor": facts.total_minor,
        "subtotal_minor": facts.subtotal_minor,
        "shipping_minor": facts.shipping_minor,
        "tax_minor": facts.tax_minor,
        "discount_minor": facts.discount_minor,
        "refunded_minor": facts.refunded_minor,
        "status": facts.status.value,
        "fulfilment": facts.fulfilment[:40],
        "country": facts.country,
        "tags": list(facts.tags),
        "is_test": facts.is_test,
        "is_historic": told.is_historic,
        "is_first": False,
        "placed_at": facts.placed_at,
        "paid_at": facts.paid_at,
        "cancelled_at": facts.cancelled_at,
        "fingerprint": order_fingerprint(facts),
        "updated_at": now,
    }


def _write_lines(session: Session, told: Sequence[_Told], products: Products) -> set[int]:
    """The orders have their lines; says which of those known before had others."""
    before = _lines_of(session, [one.id for one in told if one.stored])
    rows, edited = [], set()
    for one in told:
        known = before.get(one.id, {})
        # Lines are never deleted: somebody may be in a journey because of one. They count 0 now.
        gone = [_taken_out(known[at]) for at in sorted(known) if at >= len(one.facts.lines)]
        lines = [*one.facts.lines, *gone]
        if one.stored and lines != list(known.values()):
            edited.add(one.id)
        rows += [_line(one.id, at, line, products.find(line)) for at, line in enumerate(lines)]
    upsert(session, OrderLine, rows, ["order_id", "position"], [*_LINE, "requires_shipping"])
    return edited


def _lines_of(session: Session, order_ids: list[int]) -> dict[int, dict[int, LineFacts]]:
    found: dict[int, dict[int, LineFacts]] = {}
    if order_ids:
        rows = session.connection().execute(
            select(_lines)
            .where(_lines.c.order_id.in_(order_ids))
            .order_by(_lines.c.order_id, _lines.c.position)
        )
        for row in rows:
            found.setdefault(row.order_id, {})[row.position] = LineFacts(
                row.sku,
                row.name,
                row.quantity,
                row.unit_minor,
                row.discount_minor,
                row.requires_shipping,
            )
    return found


def _taken_out(line: LineFacts) -> LineFacts:
    return LineFacts(
        line.sku, line.name, 0, line.unit_minor, line.discount_minor, line.requires_shipping
    )


def _line(order_id: int, position: int, line: LineFacts, product: int | None) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "position": position,
        "product_id": product,
        "sku": line.sku,
        "name": line.name,
        "quantity": line.quantity,
        "unit_minor": line.unit_minor,
        "discount_minor": line.discount_minor,
        "requires_shipping": line.requires_shipping,
    }


def _events(told: Sequence[_Told], edited: set[int], now: datetime) -> Iterable[NewEvent]:
    for one in told:
        about = (one.facts, one.id, one.customer_id)
        yield from order_events(*about, historic=one.is_historic, now=now)
        if one.id in edited:
            yield edited_event(*about, historic=one.is_historic, now=now)
