"""What a customer's orders come to, and which is their first; right after any order of files."""

from collections.abc import Iterable, Sequence

from sqlalchemy import and_, func, select, update
from sqlmodel import Session

from db.kinds import OrderStatus
from db.models.orders import Order
from px.core.bulk import chunks, table_of
from px.customers import OrderSums, keep_sums
from px.orders.rules import OrderSum, customer_sums

_orders = table_of(Order)
# Nothing was bought with a payment that was called off or never made.
_UNMADE = (OrderStatus.VOIDED.value, OrderStatus.EXPIRED.value)
_COUNTS = and_(
    _orders.c.is_test.is_(False),
    _orders.c.cancelled_at.is_(None),
    _orders.c.status.not_in(_UNMADE),
)


def refresh_customers(session: Session, customer_ids: Iterable[int]) -> None:
    """The customers' sums, and which order is their first, say what the orders table says."""
    for chunk in chunks(sorted(set(customer_ids)), 500):
        _refresh_sums(session, chunk)
        _refresh_first(session, chunk)


def _refresh_sums(session: Session, ids: Sequence[int]) -> None:
    rows = session.connection().execute(
        select(
            _orders.c.customer_id,
            _orders.c.currency,
            func.count(),
            func.sum(_orders.c.total_minor - _orders.c.refunded_minor),
            func.min(_orders.c.placed_at),
            func.max(_orders.c.placed_at),
        )
        .where(_orders.c.customer_id.in_(ids), _COUNTS)
        .group_by(_orders.c.customer_id, _orders.c.currency)
        .order_by(_orders.c.customer_id, _orders.c.currency)
    )
    # PostgreSQL sums big integers as decimals.
    sums = customer_sums([OrderSum(a, b, n, int(spent), c, d) for a, b, n, spent, c, d in rows])
    keep_sums(session, [_kept(customer, sums.get(customer)) for customer in ids])


def _kept(customer_id: int, found: OrderSum | None) -> OrderSums:
    if found is None:
        return OrderSums(customer_id, 0, 0, None, None)
    return OrderSums(customer_id, found.orders, found.spent_minor, found.first_at, found.last_at)


def _refresh_first(session: Session, ids: Sequence[int]) -> None:
    place = func.row_number().over(
        partition_by=_orders.c.customer_id, order_by=(_orders.c.placed_at, _orders.c.id)
    )
    numbered = (
        select(_orders.c.id, place.label("place"))
        .where(_orders.c.customer_id.in_(ids), _COUNTS)
        .subquery()
    )
    first = select(numbered.c.id).where(numbered.c.place == 1)
    wrong = _orders.c.is_first != _orders.c.id.in_(first)
    session.connection().execute(
        update(_orders)
        .where(_orders.c.customer_id.in_(ids), wrong)
        .values(is_first=~_orders.c.is_first)
    )
