"""The erased: remembered by salted hashes only, so that no import brings them back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from db.models.customers import Address, Customer, CustomerRef, Tombstone
from px.core import settings
from px.core.bulk import insert_new
from px.core.errors import NotFound
from px.core.tokens import address_hash
from px.customers.rules import Clue
from px.customers.suppression import blank_suppressions

_BLANK: dict[str, Any] = {
    "first_name": "",
    "last_name": "",
    "zone": None,
    "language": None,
    "tags": [],
    "traits": {},
}


def erased_among(session: Session, clues: Sequence[Clue], *, key: bytes | None) -> set[int]:
    """The places of the clues whose external id or e-mail belongs to somebody erased.

    A phone counts only where it is all there is: others may share it.
    """
    if session.connection().execute(select(col(Tombstone.hash)).limit(1)).first() is None:
        return set()
    key = key or settings.current(session).key
    hashes = [[address_hash(name, key=key) for name in _names(clue)] for clue in clues]
    known = set(
        session.connection()
        .execute(select(col(Tombstone.hash)).where(col(Tombstone.hash).in_(set().union(*hashes))))
        .scalars()
    )
    return {place for place, own in enumerate(hashes) if known.intersection(own)}


def erase_customer(session: Session, customer_id: int, *, key: bytes, now: datetime) -> None:
    """Nothing says who the customer was, and no import brings them back; sums and consents stay.

    Erasing twice changes nothing. NotFound when there is no such customer.
    """
    if session.get(Customer, customer_id) is None:
        raise NotFound(f"There is no customer {customer_id}.")
    connection = session.connection()
    names = [
        f"{row.source}\n{row.external_id}"
        for row in connection.execute(
            select(col(CustomerRef.source), col(CustomerRef.external_id)).where(
                col(CustomerRef.customer_id) == customer_id
            )
        )
    ]
    own = select(col(Address.value)).where(col(Address.customer_id) == customer_id)
    addresses = list(connection.execute(own).scalars())
    blank_suppressions(session, addresses, key=key)
    names += addresses
    rows = [{"hash": address_hash(name, key=key), "erased_on": now.date()} for name in names]
    insert_new(session, Tombstone, rows, ["hash"])
    connection.execute(delete(CustomerRef).where(col(CustomerRef.customer_id) == customer_id))
    connection.execute(delete(Address).where(col(Address.customer_id) == customer_id))
    connection.execute(
        update(Customer)
        .where(col(Customer.id) == customer_id, col(Customer.erased_at).is_(None))
        .values(**_BLANK, updated_at=now, erased_at=now)
    )


def _names(clue: Clue) -> list[str]:
    names = [f"{clue.ref[0]}\n{clue.ref[1]}"] if clue.ref else []
    if clue.email:
        names.append(clue.email)
    return names or ([clue.phone] if clue.phone else [])
