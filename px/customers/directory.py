"""The people that a list of clues may be about, read in a few statements however long the list."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from db.kinds import AddressKind
from db.models.customers import Address, Customer, CustomerRef
from px.customers.rules import Clue, Directory, Person, without_repeats

VALUES = ("first_name", "last_name", "country", "zone", "language", "tags", "traits")


_REFS = select(col(CustomerRef.customer_id), col(CustomerRef.source), col(CustomerRef.external_id))
_ADDRESSES = select(
    col(Address.customer_id), col(Address.kind), col(Address.value), col(Address.is_primary)
)
# By customer first: SQLite would otherwise read the whole table for the sake of the order.
_BY_REF = (col(CustomerRef.customer_id), col(CustomerRef.id))
_BY_ADDRESS = (col(Address.customer_id), col(Address.id))
_KIND = {kind.value: kind for kind in AddressKind}


def read_directory(session: Session, clues: Sequence[Clue]) -> Directory:
    """Everybody whom one of the clues names, with all their ids and addresses."""
    refs = [clue.ref for clue in clues if clue.ref]
    # A phone decides only where it is all there is; half a marketplace may share one.
    phones = [clue.phone for clue in clues if not (clue.ref or clue.email)]
    values = without_repeats([*(clue.email for clue in clues), *phones])
    ids = _named_by_ref(session, refs) | _named_by_address(session, values)
    people = _people(session, sorted(ids))
    directory = Directory()
    for person in people.values():
        _enter(directory, person)
    return directory


def _named_by_ref(session: Session, refs: Sequence[tuple[str, str]]) -> set[int]:
    if not refs:
        return set()
    wanted = set(refs)
    rows = session.connection().execute(
        select(
            col(CustomerRef.source), col(CustomerRef.external_id), col(CustomerRef.customer_id)
        ).where(
            col(CustomerRef.source).in_({source for source, _ in wanted}),
            col(CustomerRef.external_id).in_({external for _, external in wanted}),
        )
    )
    return {customer for source, external, customer in rows if (source, external) in wanted}


def _named_by_address(session: Session, values: Sequence[str]) -> set[int]:
    if not values:
        return set()
    rows = session.connection().execute(
        select(col(Address.customer_id)).where(col(Address.value).in_(values))
    )
    return set(rows.scalars())


def _people(session: Session, ids: list[int]) -> dict[int, Person]:
    if not ids:
        return {}
    columns = [col(getattr(Customer, name)) for name in VALUES]
    rows = session.connection().execute(
        select(col(Customer.id), col(Customer.last_order_at), *columns).where(
            col(Customer.id).in_(ids)
        )
    )
    people = {
        row.id: Person(
            id=row.id, as_of=row.last_order_at, values=dict(zip(VALUES, row[2:], strict=True))
        )
        for row in rows
    }
    # By id, so that the first of a person's ids or phones is the one known longest.
    for person, source, external in session.connection().execute(
        _REFS.where(col(CustomerRef.customer_id).in_(ids)).order_by(*_BY_REF)
    ):
        people[person].refs.append((source, external))
    for person, word, value, is_primary in session.connection().execute(
        _ADDRESSES.where(col(Address.customer_id).in_(ids)).order_by(*_BY_ADDRESS)
    ):
        kind = _KIND[word]
        people[person].addresses[kind, value] = None
        if is_primary:
            people[person].primary[kind] = value
    return people


def _enter(directory: Directory, person: Person) -> None:
    for ref in person.refs:
        directory.by_ref[ref] = person
    for kind, value in person.addresses:
        if kind is AddressKind.EMAIL:
            directory.by_email[value] = person
        else:
            directory.by_phone.setdefault(value, []).append(person)
