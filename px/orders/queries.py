"""Orders as pages and other slices ask for them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from db.models.orders import Order, OrderLine, Product, Shipment
from px.core.bulk import chunks


@dataclass(frozen=True, slots=True)
class Line:
    """One item of an order; quantity 0 is one taken out again."""

    id: int
    position: int
    sku: str
    name: str
    quantity: int
    unit_minor: int
    discount_minor: int
    requires_shipping: bool
    product_id: int | None


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel of an order; `lines` names positions, empty means all."""

    id: int
    key: str
    carrier: str
    tracking_number: str
    tracking_url: str
    status: str
    shipped_at: datetime | None
    promised_on: date | None
    delivered_at: datetime | None
    lines: Sequence[int]


@dataclass(frozen=True, slots=True)
class KnownOrder:
    """An order with its items and parcels, both in their order."""

    id: int
    source: str
    number: str
    external_id: str | None
    customer_id: int | None
    email: str | None
    phone: str | None
    currency: str
    total_minor: int
    subtotal_minor: int
    shipping_minor: int
    tax_minor: int
    discount_minor: int
    refunded_minor: int
    status: str
    fulfilment: str
    country: str | None
    tags: Sequence[str]
    is_test: bool
    is_historic: bool
    is_first: bool
    placed_at: datetime
    paid_at: datetime | None
    cancelled_at: datetime | None
    lines: list[Line] = field(default_factory=list)
    parcels: list[Parcel] = field(default_factory=list)


_ORDER = [one.name for one in fields(KnownOrder) if one.name not in ("lines", "parcels")]


def known_orders(session: Session, order_ids: Iterable[int]) -> dict[int, KnownOrder]:
    """Each of these orders with its items and parcels; three statements per 1,000."""
    found: dict[int, KnownOrder] = {}
    for ids in chunks(dict.fromkeys(order_ids)):
        found |= _orders(session, ids)
        _fill(session, found, ids)
    return found


def orders_of(session: Session, customer_id: int, *, limit: int = 200) -> list[KnownOrder]:
    """The customer's orders, newest first."""
    ids = session.scalars(
        select(col(Order.id))
        .where(col(Order.customer_id) == customer_id)
        .order_by(col(Order.placed_at).desc(), col(Order.id).desc())
        .limit(limit)
    )
    return list(known_orders(session, [one for one in ids if one]).values())


def order_by_number(session: Session, number: str) -> KnownOrder | None:
    """The newest order of that number, with or without the # before it."""
    bare = number.strip().removeprefix("#")
    found = session.scalar(
        select(col(Order.id))
        .where(col(Order.number).in_([bare, f"#{bare}"]))
        .order_by(col(Order.placed_at).desc())
        .limit(1)
    )
    return known_orders(session, [found])[found] if found else None


def has_orders(session: Session) -> bool:
    """Whether there is any order."""
    return session.scalar(select(col(Order.id)).limit(1)) is not None


def skus_known(session: Session) -> set[str]:
    """The SKU of everything that was ever sold."""
    return {sku for sku in session.scalars(select(col(Product.sku)).distinct()) if sku}


def order_counts(session: Session) -> Mapping[str, int]:
    """How many orders there are: all, historic, tests, and without a customer."""
    row = session.connection().execute(
        select(
            func.count(),
            func.count().filter(col(Order.is_historic)),
            func.count().filter(col(Order.is_test)),
            func.count().filter(col(Order.customer_id).is_(None)),
        ).select_from(Order)
    )
    return dict(zip(("all", "historic", "tests", "without_customer"), row.one(), strict=True))


def _orders(session: Session, ids: Sequence[int]) -> dict[int, KnownOrder]:
    columns = [col(getattr(Order, name)) for name in _ORDER]
    rows = session.connection().execute(select(*columns).where(col(Order.id).in_(ids)))
    by_id = {row.id: KnownOrder(**row._mapping) for row in rows}
    return {order_id: by_id[order_id] for order_id in ids if order_id in by_id}


def _fill(session: Session, found: dict[int, KnownOrder], ids: Sequence[int]) -> None:
    columns = [col(getattr(OrderLine, one.name)) for one in fields(Line)]
    for order_id, *values in session.connection().execute(
        select(col(OrderLine.order_id), *columns)
        .where(col(OrderLine.order_id).in_(ids))
        .order_by(col(OrderLine.order_id), col(OrderLine.position))
    ):
        found[order_id].lines.append(Line(*values))
    columns = [col(getattr(Shipment, one.name)) for one in fields(Parcel)]
    for order_id, *values in session.connection().execute(
        select(col(Shipment.order_id), *columns)
        .where(col(Shipment.order_id).in_(ids))
        .order_by(col(Shipment.order_id), col(Shipment.id))
    ):
        found[order_id].parcels.append(Parcel(*values))
