"""Orders to try a text on: the latest, the largest, and the latest of each customer.

Each question is one statement over an index, whatever the size of the tables.
"""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlmodel import Session, col

from db.models.orders import Order, OrderLine, Product
from px.core.bulk import chunks

Pair = tuple[int, int]


def latest_orders(session: Session, limit: int) -> list[Pair]:
    """The customers and numbers of the latest orders, newest first; tests are left out."""
    rows = session.connection().execute(
        select(col(Order.customer_id), col(Order.id))
        .where(col(Order.customer_id).is_not(None), ~col(Order.is_test))
        .order_by(col(Order.placed_at).desc(), col(Order.id).desc())
        .limit(limit)
    )
    return [(row[0] or 0, row[1] or 0) for row in rows]


def largest_orders(session: Session, limit: int) -> list[Pair]:
    """The customers and numbers of the orders of most items, the largest first."""
    count = func.count().label("lines_in_it")
    largest = (
        select(col(OrderLine.order_id).label("order_id"), count)
        .group_by(col(OrderLine.order_id))
        .order_by(count.desc(), col(OrderLine.order_id).desc())
        .limit(limit)
        .subquery()
    )
    rows = session.connection().execute(
        select(col(Order.customer_id), col(Order.id))
        .join(largest, largest.c.order_id == col(Order.id))
        .where(col(Order.customer_id).is_not(None), ~col(Order.is_test))
        .order_by(largest.c.lines_in_it.desc(), col(Order.id).desc())
    )
    return [(row[0] or 0, row[1] or 0) for row in rows]


def orders_with(session: Session, skus: Collection[str], limit: int) -> list[Pair]:
    """The customers and numbers of the latest orders in which one of these items is."""
    items = (
        select(col(OrderLine.order_id))
        .join(Product, col(Product.id) == col(OrderLine.product_id))
        .where(col(Product.sku).in_(list(skus)))
        .order_by(col(OrderLine.id).desc())
        .limit(2 * limit)
    )
    rows = session.connection().execute(
        select(col(Order.customer_id), col(Order.id))
        .where(
            col(Order.id).in_(items.scalar_subquery()),
            col(Order.customer_id).is_not(None),
            ~col(Order.is_test),
        )
        .order_by(col(Order.placed_at).desc(), col(Order.id).desc())
        .limit(limit)
    )
    return [(row[0] or 0, row[1] or 0) for row in rows]


def latest_order_of(session: Session, customer_ids: Collection[int]) -> dict[int, int]:
    """The latest order of each of these customers who has one."""
    place = func.row_number().over(
        partition_by=col(Order.customer_id),
        order_by=(col(Order.placed_at).desc(), col(Order.id).desc()),
    )
    found: dict[int, int] = {}
    for chunk in chunks(dict.fromkeys(customer_ids)):
        ranked = (
            select(col(Order.customer_id), col(Order.id), place.label("place"))
            .where(col(Order.customer_id).in_(chunk))
            .subquery()
        )
        rows = session.connection().execute(
            select(ranked.c.customer_id, ranked.c.id).where(ranked.c.place == 1)
        )
        found |= {row[0]: row[1] for row in rows}
    return found
