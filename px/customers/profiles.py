"""Customers as conditions and templates see them: plain values, many at a time."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import Session, col

from db.kinds import AddressKind
from db.models.customers import Address, Customer, CustomerRef
from px.core.bulk import chunks
from px.core.errors import NotFound


def profiles(session: Session, customer_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """What is known of each customer, in the words of conditions; `id` is text, erased ones are
    left out.
    """
    found: dict[int, dict[str, Any]] = {}
    for ids in chunks(dict.fromkeys(customer_ids)):
        found |= {
            row[0]: _profile(*row)
            for row in session.connection().execute(_COLUMNS.where(col(Customer.id).in_(ids))).all()
        }
        addresses = select(col(Address.customer_id), col(Address.kind), col(Address.value)).where(
            col(Address.customer_id).in_(ids), col(Address.is_primary)
        )
        for customer_id, kind, value in session.connection().execute(addresses).all():
            if customer_id in found:
                found[customer_id]["email" if kind == AddressKind.EMAIL else "phone"] = value
    return found


def homes(
    session: Session, customer_ids: Iterable[int]
) -> dict[int, tuple[str | None, str | None]]:
    """Time zone and country of each customer, as far as they are known; erased ones are left
    out.
    """
    found: dict[int, tuple[str | None, str | None]] = {}
    for ids in chunks(dict.fromkeys(customer_ids)):
        rows = session.connection().execute(_HOMES.where(col(Customer.id).in_(ids)))
        found |= {row[0] or 0: (row[1], row[2]) for row in rows.all()}
    return found


_HOMES = select(col(Customer.id), col(Customer.zone), col(Customer.country)).where(
    col(Customer.erased_at).is_(None)
)
_COLUMNS = select(
    col(Customer.id),
    col(Customer.first_name),
    col(Customer.last_name),
    col(Customer.country),
    col(Customer.zone),
    col(Customer.language),
    col(Customer.tags),
    col(Customer.traits),
    col(Customer.orders),
    col(Customer.spent_minor),
).where(col(Customer.erased_at).is_(None))


def _profile(
    customer_id: int,
    first_name: str,
    last_name: str,
    country: str | None,
    zone: str | None,
    language: str | None,
    tags: list[str],
    traits: dict[str, Any],
    orders: int,
    spent_minor: int,
) -> dict[str, Any]:
    return {
        "id": str(customer_id),
        "first_name": first_name,
        "last_name": last_name,
        "country": country,
        "zone": zone,
        "language": language,
        "tags": tags,
        "traits": traits,
        "orders": orders,
        "spent_minor": spent_minor,
    }


def find_customer(session: Session, text: str) -> int:
    """The number of the customer with this number, e-mail address, phone or id in the shop.
    NotFound when there is none.
    """
    statements: list[Select[Any]] = [
        select(col(Address.customer_id)).where(col(Address.value) == text.strip().lower()),
        select(col(CustomerRef.customer_id)).where(col(CustomerRef.external_id) == text.strip()),
    ]
    if text.isdecimal() and len(text) <= 10 and int(text) < 2**31:
        statements.insert(0, select(col(Customer.id)).where(col(Customer.id) == int(text)))
    for statement in statements:
        found = session.scalar(statement.limit(1))
        if found is not None:
            return int(found)
    raise NotFound(
        f"There is no customer {text!r}: give a number, an e-mail address, a phone "
        "or the shop's id."
    )
