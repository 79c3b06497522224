"""Products, orders with their lines and shipments, and the imports they came by."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from db.kinds import ImportKind, ImportStatus, OrderStatus, ShipmentStatus
from db.models.base import id_field, ref
from db.types import json_field, kind_field, one_of


class Product(SQLModel, table=True):
    """Something the shop sells, found again by its SKU, else by its name."""

    __tablename__ = "products"
    __table_args__ = (UniqueConstraint("sku", "name"),)

    id: int | None = id_field()
    sku: str = Field(default="", max_length=200, index=True)
    name: str = Field(default="", max_length=500, index=True)
    created_at: datetime


class Order(SQLModel, table=True):
    """A purchase. Amounts are in minor units of `currency`; a guest order has no customer."""

    __tablename__ = "orders"
    __table_args__ = (
        one_of("status", OrderStatus),
        UniqueConstraint("source", "number"),
        Index("ix_orders_customer_placed", "customer_id", "placed_at"),
    )

    id: int | None = id_field()
    source: str = Field(max_length=40)
    number: str = Field(max_length=200)
    external_id: str | None = Field(default=None, max_length=200, index=True)
    customer_id: int | None = ref("customers.id", default=None, ondelete="SET NULL")
    email: str | None = Field(default=None, max_length=320)
    phone: str | None = Field(default=None, max_length=40)
    currency: str = Field(default="USD", max_length=3)
    total_minor: int = Field(default=0, sa_type=BigInteger)
    subtotal_minor: int = Field(default=0, sa_type=BigInteger)
    shipping_minor: int = Field(default=0, sa_type=BigInteger)
    tax_minor: int = Field(default=0, sa_type=BigInteger)
    discount_minor: int = Field(default=0, sa_type=BigInteger)
    refunded_minor: int = Field(default=0, sa_type=BigInteger)
    status: str = kind_field(default="paid")
    fulfilment: str = Field(default="", max_length=40)
    country: str | None = Field(default=None, max_length=2)
    tags: list[str] = json_field(default_factory=list)
    is_test: bool = False
    is_historic: bool = False
    is_first: bool = False
    placed_at: datetime = Field(index=True)
    paid_at: datetime | None = None
    cancelled_at: datetime | None = None
    fingerprint: str = Field(default="", max_length=64)
    created_at: datetime
    updated_at: datetime


class OrderLine(SQLModel, table=True):
    """One item of an order, in the order of the file. `unit_minor` is the price of one."""

    __tablename__ = "order_lines"
    __table_args__ = (UniqueConstraint("order_id", "position"),)

    id: int | None = id_field()
    order_id: int = ref("orders.id")
    position: int
    product_id: int | None = ref("products.id", default=None, ondelete="SET NULL", index=True)
    sku: str = Field(default="", max_length=200)
    name: str = Field(default="", max_length=500)
    quantity: int = 1
    unit_minor: int = Field(default=0, sa_type=BigInteger)
    discount_minor: int = Field(default=0, sa_type=BigInteger)
    requires_shipping: bool = True


class Shipment(SQLModel, table=True):
    """A parcel of an order. `lines` names the positions of the order's lines in it; empty means
    all.
    """

    __tablename__ = "shipments"
    __table_args__ = (one_of("status", ShipmentStatus), UniqueConstraint("order_id", "key"))

    id: int | None = id_field()
    order_id: int = ref("orders.id")
    key: str = Field(max_length=200)
    carrier: str = Field(default="", max_length=80)
    tracking_number: str = Field(default="", max_length=200, index=True)
    tracking_url: str = Field(default="", max_length=1000)
    status: str = kind_field(default="label")
    shipped_at: datetime | None = None
    promised_on: date | None = None
    delivered_at: datetime | None = None
    lines: list[int] = json_field(default_factory=list)
    fingerprint: str = Field(default="", max_length=64)
    updated_at: datetime


class ImportRun(SQLModel, table=True):
    """One file read, or to be read: what it was, how far it is, and what it brought."""

    __tablename__ = "imports"
    __table_args__ = (one_of("kind", ImportKind), one_of("status", ImportStatus))

    id: int | None = id_field()
    kind: str = kind_field()
    file_name: str = Field(max_length=300)
    file_path: str = Field(default="", max_length=1000)
    file_hash: str = Field(default="", max_length=64)
    options: dict[str, Any] = json_field(default_factory=dict)
    status: str = kind_field(default="waiting")
    counts: dict[str, int] = json_field(default_factory=dict)
    progress: float = 0.0
    problem: str = ""
    errors_path: str = ""
    by: str = Field(default="", max_length=320)
    created_at: datetime = Field(index=True)
    started_at: datetime | None = None
    finished_at: datetime | None = None
