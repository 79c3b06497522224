"""The orders and parcels of one customer: told to them, or without a word of who it was."""

from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session

from db.models.orders import Order, OrderLine, Shipment
from px.core.bulk import table_of
from px.core.privacy import plain_rows

_orders, _lines, _shipments = table_of(Order), table_of(OrderLine), table_of(Shipment)
_INNER = ("fingerprint", "position", "lines")


def order_ids_of(session: Session, customer_id: int) -> list[int]:
    """The numbers of the customer's orders, oldest first."""
    statement = select(_orders.c.id).where(_orders.c.customer_id == customer_id)
    return list(session.connection().execute(statement.order_by(_orders.c.placed_at)).scalars())


def orders_told(session: Session, customer_id: int) -> list[dict[str, Any]]:
    """Everything known of the customer's orders, with items and parcels, oldest first."""
    return [_order_told(session, order_id) for order_id in order_ids_of(session, customer_id)]


def _order_told(session: Session, order_id: int) -> dict[str, Any]:
    (order,) = plain_rows(session, select(_orders).where(_orders.c.id == order_id))
    lines = select(_lines).where(_lines.c.order_id == order_id).order_by(_lines.c.position)
    parcels = select(_shipments).where(_shipments.c.order_id == order_id)
    return _outer(order) | {
        "items": [_outer(line) for line in plain_rows(session, lines)],
        "parcels": [_outer(parcel) for parcel in plain_rows(session, parcels)],
    }


def blank_orders(session: Session, customer_id: int) -> int:
    """The orders stay for the shop's books and sums; addresses and tracking are gone. How many."""
    ids = order_ids_of(session, customer_id)
    connection = session.connection()
    connection.execute(
        update(_orders)
        .where(_orders.c.customer_id == customer_id)
        .values(email=None, phone=None, tags=[])
    )
    connection.execute(
        update(_shipments)
        .where(_shipments.c.order_id.in_(ids))
        .values(tracking_number="", tracking_url="")
    )
    return len(ids)


def _outer(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in _INNER}
