"""Customers, how they can be reached, what they agreed to, and who must not be written to."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from db.kinds import (
    AddressKind,
    Channel,
    ConsentState,
    Purpose,
    SuppressionReason,
    SuppressionScope,
)
from db.models.base import id_field, ref
from db.types import json_field, kind_field, one_of


class Customer(SQLModel, table=True):
    """A person with at least one order or address. The last four columns sum up the orders."""

    __tablename__ = "customers"

    id: int | None = id_field()
    first_name: str = ""
    last_name: str = ""
    country: str | None = Field(default=None, max_length=2)
    zone: str | None = Field(default=None, max_length=64)
    language: str | None = Field(default=None, max_length=20)
    tags: list[str] = json_field(default_factory=list)
    traits: dict[str, Any] = json_field(default_factory=dict)
    created_at: datetime
    updated_at: datetime
    erased_at: datetime | None = None
    orders: int = 0
    spent_minor: int = Field(default=0, sa_type=BigInteger)
    first_order_at: datetime | None = None
    last_order_at: datetime | None = Field(default=None, index=True)


class CustomerRef(SQLModel, table=True):
    """The name another system has for a customer; one customer may have several."""

    __tablename__ = "customer_refs"
    __table_args__ = (UniqueConstraint("source", "external_id"),)

    id: int | None = id_field()
    customer_id: int = ref("customers.id", index=True)
    source: str = Field(max_length=40)
    external_id: str = Field(max_length=200)


class Address(SQLModel, table=True):
    """An e-mail address or phone of a customer. An e-mail belongs to one customer; a phone may be
    shared.
    """

    __tablename__ = "addresses"
    __table_args__ = (
        one_of("kind", AddressKind),
        Index(
            "uq_addresses_email",
            "value",
            unique=True,
            sqlite_where=text("kind = 'email'"),
            postgresql_where=text("kind = 'email'"),
        ),
        UniqueConstraint("customer_id", "kind", "value"),
        Index("ix_addresses_value", "value"),
    )

    id: int | None = id_field()
    customer_id: int = ref("customers.id", index=True)
    kind: str = kind_field()
    value: str = Field(max_length=320)
    is_primary: bool = False
    created_at: datetime


class Consent(SQLModel, table=True):
    """One thing a customer said about one channel and purpose. Never changed; the latest row
    counts.
    """

    __tablename__ = "consents"
    __table_args__ = (
        one_of("channel", Channel),
        one_of("purpose", Purpose),
        one_of("state", ConsentState),
        Index("ix_consents_latest", "customer_id", "channel", "purpose", "at"),
    )

    id: int | None = id_field()
    customer_id: int = ref("customers.id")
    channel: str = kind_field()
    purpose: str = kind_field()
    state: str = kind_field()
    source: str = Field(max_length=80)
    at: datetime
    recorded_at: datetime
    wording: str = ""


class Suppression(SQLModel, table=True):
    """An address that must not be written to, known by its hash: it outlives the customer."""

    __tablename__ = "suppressions"
    __table_args__ = (
        one_of("channel", Channel),
        one_of("scope", SuppressionScope),
        one_of("reason", SuppressionReason),
        UniqueConstraint("address_hash", "channel", "scope"),
    )

    id: int | None = id_field()
    address_hash: str = Field(max_length=64)
    channel: str = kind_field()
    scope: str = kind_field()
    reason: str = kind_field()
    detail: str = ""
    source: str = Field(max_length=80)
    at: datetime
    lifted_at: datetime | None = None


class Tombstone(SQLModel, table=True):
    """A salted hash of an address or external id of somebody who was erased, so that an import
    keeps them out.
    """

    __tablename__ = "tombstones"

    hash: str = Field(primary_key=True, max_length=64)
    erased_on: date
