"""Customers as others ask for them: how to reach them, and what is known of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from db.kinds import AddressKind, Channel, ConsentState, Purpose, SuppressionScope
from db.models.customers import Address, Customer, CustomerRef
from px.core.bulk import chunks
from px.customers.addresses import normalise_email, reached_by
from px.customers.consent import last_said
from px.customers.suppression import suppressed_among


@dataclass(frozen=True, slots=True)
class Reach:
    """How a customer can be reached on one channel, and what stands against it."""

    address: str | None = None
    suppressed: SuppressionScope | None = None
    marketing_consent: bool = False


@dataclass(frozen=True, slots=True)
class KnownCustomer:
    """A customer: who they are, how they are reached first, and the sums over their orders."""

    id: int
    first_name: str
    last_name: str
    email: str | None
    phone: str | None
    country: str | None
    zone: str | None
    language: str | None
    tags: list[str]
    traits: Mapping[str, Any]
    orders: int
    spent_minor: int
    first_order_at: datetime | None
    last_order_at: datetime | None
    created_at: datetime
    erased_at: datetime | None
    external_ids: list[tuple[str, str]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """First and last name, as far as they are known."""
        return f"{self.first_name} {self.last_name}".strip()


_SHOWN = [
    one.name for one in fields(KnownCustomer) if one.name not in ("email", "phone", "external_ids")
]


def reach(
    session: Session,
    customer_ids: Iterable[int],
    *,
    key: bytes,
    channels: Collection[Channel] = tuple(Channel),
) -> dict[int, dict[Channel, Reach]]:
    """How each customer can be reached, by channel; a few statements per 1,000 customers."""
    found: dict[int, dict[Channel, Reach]] = {}
    for chunk in chunks(dict.fromkeys(customer_ids)):
        found |= _reach(session, chunk, key, channels)
    return found


def known_customers(session: Session, customer_ids: Iterable[int]) -> dict[int, KnownCustomer]:
    """What is known of each of these customers."""
    found: dict[int, KnownCustomer] = {}
    for chunk in chunks(dict.fromkeys(customer_ids)):
        found |= _known(session, chunk)
    return found


def customer_by_email(session: Session, email: str) -> int | None:
    """The customer to whom this address belongs, however it is written."""
    return session.scalar(
        select(col(Address.customer_id)).where(
            col(Address.kind) == AddressKind.EMAIL.value,
            col(Address.value) == (normalise_email(email) or ""),
        )
    )


def traits_in_use(session: Session, names: Iterable[str]) -> set[str]:
    """Those of these traits that at least one customer has."""
    return {
        name
        for name in set(names)
        if session.scalar(
            select(col(Customer.id))
            .where(col(Customer.traits)[name].as_string().is_not(None))
            .limit(1)
        )
    }


def _reach(
    session: Session, ids: Sequence[int], key: bytes, channels: Collection[Channel]
) -> dict[int, dict[Channel, Reach]]:
    primary = _primary(session, ids)
    said = last_said(session, ids)
    places = {
        (customer, channel): (channel, address)
        for customer in ids
        for channel in channels
        if (address := primary.get((customer, reached_by(channel) or "")))
    }
    suppressed = suppressed_among(session, set(places.values()), key=key)
    found: dict[int, dict[Channel, Reach]] = {}
    for customer in ids:
        found[customer] = {}
        for channel in channels:
            place = places.get((customer, channel))
            last = said.get((customer, channel.value, Purpose.MARKETING.value))
            found[customer][channel] = Reach(
                address=place[1] if place else None,
                suppressed=suppressed.get(place) if place else None,
                marketing_consent=last is not None and last.state is ConsentState.GIVEN,
            )
    return found


def _primary(session: Session, ids: Sequence[int]) -> dict[tuple[int, str], str]:
    rows = session.connection().execute(
        select(col(Address.customer_id), col(Address.kind), col(Address.value)).where(
            col(Address.customer_id).in_(ids), col(Address.is_primary)
        )
    )
    return {(customer_id, kind): value for customer_id, kind, value in rows.all()}


def _known(session: Session, ids: Sequence[int]) -> dict[int, KnownCustomer]:
    primary = _primary(session, ids)
    refs: dict[int, list[tuple[str, str]]] = {}
    for row in session.connection().execute(
        select(col(CustomerRef.customer_id), col(CustomerRef.source), col(CustomerRef.external_id))
        .where(col(CustomerRef.customer_id).in_(ids))
        .order_by(col(CustomerRef.customer_id), col(CustomerRef.id))
    ):
        refs.setdefault(row.customer_id, []).append((row.source, row.external_id))
    columns = [col(getattr(Customer, name)) for name in _SHOWN]
    rows = session.connection().execute(select(*columns).where(col(Customer.id).in_(ids)))
    return {
        row.id: KnownCustomer(
            email=primary.get((row.id, AddressKind.EMAIL)),
            phone=primary.get((row.id, AddressKind.PHONE)),
            external_ids=refs.get(row.id, []),
            **row._mapping,
        )
        for row in rows
    }
