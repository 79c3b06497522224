"""What one customer is owed by law, in the rows of customers; px/privacy.py has the rest."""

from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from db.models.customers import Address, Consent, Customer, CustomerRef, Suppression
from px.core.bulk import table_of
from px.core.errors import NotFound
from px.core.privacy import plain_rows
from px.customers.suppression import hash_of

_customers, _refs, _addresses = table_of(Customer), table_of(CustomerRef), table_of(Address)
_consents, _suppressions = table_of(Consent), table_of(Suppression)


def customer_told(session: Session, customer_id: int, *, key: bytes) -> dict[str, Any]:
    """Who the customer is, what they agreed to and whether they are on the do-not-write list."""
    found = plain_rows(session, select(_customers).where(_customers.c.id == customer_id))
    if not found:
        raise NotFound(f"There is no customer {customer_id}.")
    about = _addresses.c.customer_id == customer_id
    addresses = plain_rows(session, select(_addresses).where(about).order_by(_addresses.c.id))
    hashes = {hash_of(address["value"], key=key) for address in addresses}
    suppressed = select(*(_suppressions.c[name] for name in _TOLD)).where(
        _suppressions.c.address_hash.in_(hashes)
    )
    return {
        "customer": found[0],
        "known_as": known_as(session, customer_id),
        "addresses": addresses,
        "consents": plain_rows(
            session,
            select(_consents)
            .where(_consents.c.customer_id == customer_id)
            .order_by(_consents.c.at),
        ),
        "do_not_write": plain_rows(session, suppressed),
    }


def known_as(session: Session, customer_id: int) -> list[dict[str, Any]]:
    """The names that other systems have for the customer."""
    columns = (_refs.c.source, _refs.c.external_id.label("name"))
    return plain_rows(session, select(*columns).where(_refs.c.customer_id == customer_id))


_TOLD = ("channel", "scope", "reason", "detail", "source", "at", "lifted_at")
