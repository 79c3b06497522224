"""Orders as conditions and templates see them: plain values, many at a time."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from db.models.orders import Order, OrderLine, Shipment
from db.types import moment
from px.core.bulk import chunks


def order_profiles(session: Session, order_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """What is known of each order with its lines and its latest parcel, in the words of
    conditions.
    """
    found: dict[int, dict[str, Any]] = {}
    for ids in chunks(dict.fromkeys(order_ids)):
        rows = session.connection().execute(_ORDERS.where(col(Order.id).in_(ids)))
        part = {row.id: _order(row) for row in rows.all()}
        for line in (
            session.connection().execute(_LINES.where(col(OrderLine.order_id).in_(ids))).all()
        ):
            part[line.order_id]["lines"].append(_line(line))
        for parcel in (
            session.connection().execute(_PARCELS.where(col(Shipment.order_id).in_(ids))).all()
        ):
            part[parcel.order_id]["shipment"] = _parcel(parcel)
        for order in part.values():
            order["skus"] = [line["sku"] for line in order["lines"]]
        found |= part
    return found


def orders_since(session: Session, since: datetime) -> list[int]:
    """The orders placed since then, oldest first."""
    return list(
        session.scalars(
            select(col(Order.id))
            .where(col(Order.placed_at) >= since)
            .order_by(col(Order.placed_at))
        )
    )


_ORDERS = select(
    col(Order.id),
    col(Order.number),
    col(Order.customer_id),
    col(Order.email),
    col(Order.total_minor),
    col(Order.subtotal_minor),
    col(Order.shipping_minor),
    col(Order.discount_minor),
    col(Order.currency),
    col(Order.tags),
    col(Order.country),
    col(Order.is_first),
    col(Order.is_test),
    col(Order.is_historic),
    moment(col(Order.placed_at)),
)
_LINES = select(
    col(OrderLine.order_id),
    col(OrderLine.id),
    col(OrderLine.position),
    col(OrderLine.sku),
    col(OrderLine.name),
    col(OrderLine.quantity),
    col(OrderLine.unit_minor),
).order_by(col(OrderLine.order_id), col(OrderLine.position))
# The latest parcel is read last and stays: a promise that moved is the one that counts.
_PARCELS = select(
    col(Shipment.order_id),
    col(Shipment.carrier),
    col(Shipment.tracking_number),
    col(Shipment.tracking_url),
    col(Shipment.status),
    col(Shipment.promised_on),
    moment(col(Shipment.shipped_at)),
    moment(col(Shipment.delivered_at)),
).order_by(col(Shipment.order_id), col(Shipment.promised_on), col(Shipment.id))


def _order(row: Any) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "number": row.number,
        "customer_id": row.customer_id,
        "email": row.email,
        "total_minor": row.total_minor,
        "subtotal_minor": row.subtotal_minor,
        "shipping_minor": row.shipping_minor,
        "discount_minor": row.discount_minor,
        "currency": row.currency,
        "tags": row.tags,
        "country": row.country,
        "is_first": row.is_first,
        "test": row.is_test,
        "historic": row.is_historic,
        "placed_at": row.placed_at,
        "lines": [],
    }


def _line(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "position": row.position,
        "sku": row.sku,
        "name": row.name,
        "quantity": row.quantity,
        "price_minor": row.unit_minor,
    }


def _parcel(row: Any) -> dict[str, Any]:
    return {
        "carrier": row.carrier,
        "tracking_number": row.tracking_number,
        "tracking_url": row.tracking_url,
        "status": row.status,
        "promised_on": row.promised_on.isoformat() if row.promised_on else None,
        "shipped_at": row.shipped_at,
        "delivered_at": row.delivered_at,
    }
