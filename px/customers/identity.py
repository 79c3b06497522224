"""Who is who: customers found again or made from facts, in few statements per 1,000 of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlmodel import Session

from db.models.customers import Address, Customer, CustomerRef
from px.core.bulk import CHUNK, chunks, insert_new, table_of
from px.core.many import execute_many, new_ids
from px.customers.addresses import CustomerFacts
from px.customers.consent import NewConsent, record_consents
from px.customers.directory import VALUES, read_directory
from px.customers.rules import Clue, Directory, Person, clue_of, recognise
from px.customers.tombstones import erased_among

_customers, _addresses = table_of(Customer), table_of(Address)
# Any number would do, as long as every process of px asks for the same one.
_IDENTITY_LOCK = 7_235_962
_EMPTY = {"first_name": "", "last_name": "", "tags": [], "traits": {}}


@dataclass(slots=True)
class Recorded:
    """What became of a list of facts: the customers in its order, and who is new or changed.

    `new_places` are where somebody new was met first.

    An id is None where the fact names nobody or, at a place in `erased`, somebody who was erased.
    """

    ids: list[int | None] = field(default_factory=list)
    new: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    erased: set[int] = field(default_factory=set)
    new_places: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class OrderSums:
    """A customer's sums over the orders that count: neither tests nor cancelled ones."""

    customer_id: int
    orders: int
    spent_minor: int
    first_order_at: datetime | None
    last_order_at: datetime | None


def identify(
    session: Session,
    facts: Sequence[CustomerFacts],
    *,
    now: datetime,
    region_hint: str = "",
    key: bytes | None = None,
) -> list[int | None]:
    """The customer of each fact, made or brought up to date; None for nobody and for the erased.

    A phone without a country's prefix is read as one of the customer's country, else `region_hint`.
    """
    return record_customers(session, facts, now=now, region_hint=region_hint, key=key).ids


def record_customers(
    session: Session,
    facts: Sequence[CustomerFacts],
    *,
    now: datetime,
    region_hint: str = "",
    key: bytes | None = None,
) -> Recorded:
    """Like `identify`, with who is new, who changed and who stays away because they were erased.

    `key` is what the erased are remembered by; without it the key of the settings in force.
    """
    _one_at_a_time(session)
    recorded = Recorded()
    for chunk in chunks(facts, CHUNK):
        _record_chunk(session, chunk, recorded, now, region_hint, key)
    return recorded


def keep_sums(session: Session, sums: Iterable[OrderSums]) -> None:
    """The sums over their orders stand on these customers."""
    rows = [
        {
            "customer": one.customer_id,
            "new_orders": one.orders,
            "new_spent": one.spent_minor,
            "new_first": one.first_order_at,
            "new_last": one.last_order_at,
        }
        for one in sums
    ]
    if rows:
        statement = update(_customers).where(_customers.c.id == bindparam("customer"))
        statement = statement.values(
            orders=bindparam("new_orders"),
            spent_minor=bindparam("new_spent"),
            first_order_at=bindparam("new_first"),
            last_order_at=bindparam("new_last"),
        )
        execute_many(session, statement, rows)


def _record_chunk(
    session: Session,
    facts: Sequence[CustomerFacts],
    recorded: Recorded,
    now: datetime,
    region_hint: str,
    key: bytes | None,
) -> None:
    clues = [clue_of(one, region_hint) for one in facts]
    erased = erased_among(session, clues, key=key)
    directory = read_directory(session, clues)
    before = {person: _stored(person) for person in _everybody(directory)}
    people = [
        None if place in erased else recognise(directory, clue) for place, clue in enumerate(clues)
    ]
    touched = list(dict.fromkeys(person for person in people if person))
    new = [person for person in touched if person.id is None]
    changed = [person for person in touched if person.id and _stored(person) != before[person]]
    _insert(session, new, now)
    _update(session, [p for p in changed if p.values != before[p][0]], now)
    _attach(session, new + changed, now)
    said = record_consents(session, _consents(people, clues), now=now)
    start = len(recorded.ids)
    first_places = {p: place for place, p in reversed(list(enumerate(people)))}
    recorded.new_places += [start + first_places[person] for person in new]
    recorded.erased |= {start + place for place in erased}
    recorded.new |= {person.id for person in new if person.id}
    recorded.changed |= ({p.id for p in changed if p.id} | said) - recorded.new
    recorded.ids += [person.id if person else None for person in people]


def _everybody(directory: Directory) -> set[Person]:
    sharing = directory.by_phone.values()
    return set().union(directory.by_ref.values(), directory.by_email.values(), *sharing)


def _stored(person: Person) -> tuple[Any, ...]:
    return dict(person.values), list(person.refs), dict(person.addresses), dict(person.primary)


def _insert(session: Session, people: Sequence[Person], now: datetime) -> None:
    if not people:
        return
    for person, new_id in zip(people, new_ids(session, Customer, len(people)), strict=True):
        person.id = new_id
    rows = [
        {name: person.values.get(name, _EMPTY.get(name)) for name in VALUES}
        | {"id": person.id, "created_at": person.created_at or now, "updated_at": now}
        | {"orders": 0, "spent_minor": 0}
        for person in people
    ]
    execute_many(session, insert(_customers), rows)


def _update(session: Session, people: Sequence[Person], now: datetime) -> None:
    if not people:
        return
    statement = update(_customers).where(_customers.c.id == bindparam("customer"))
    names = (*VALUES, "updated_at")
    changes = {name: bindparam(f"new_{name}", type_=_customers.c[name].type) for name in names}
    rows = [
        {"customer": person.id, "new_updated_at": now}
        | {f"new_{name}": person.values.get(name) for name in VALUES}
        for person in people
    ]
    execute_many(session, statement.values(**changes), rows)


def _attach(session: Session, people: Sequence[Person], now: datetime) -> None:
    refs = [
        {"customer_id": person.id, "source": source[:40], "external_id": external}
        for person in people
        for source, external in person.refs
    ]
    insert_new(session, CustomerRef, refs, ["source", "external_id"])
    addresses = [
        {"customer_id": person.id, "kind": kind.value, "value": value, "created_at": now}
        | {"is_primary": person.primary.get(kind) == value}
        for person in people
        for kind, value in person.addresses
    ]
    insert_new(session, Address, addresses, ["customer_id", "kind", "value"])
    _keep_primary(session, people)


def _keep_primary(session: Session, people: Sequence[Person]) -> None:
    rows = [
        {"customer": person.id, "which": kind.value, "chosen": value}
        for person in people
        for kind, value in person.primary.items()
        if sum(one is kind for one, _ in person.addresses) > 1
    ]
    if rows:
        statement = update(_addresses).where(
            _addresses.c.customer_id == bindparam("customer"),
            _addresses.c.kind == bindparam("which"),
        )
        primary = _addresses.c.value == bindparam("chosen")
        execute_many(session, statement.values(is_primary=primary), rows)


def _consents(people: Sequence[Person | None], clues: Sequence[Clue]) -> Iterable[NewConsent]:
    for person, clue in zip(people, clues, strict=True):
        if person and person.id:
            for said in clue.facts.consents:
                yield NewConsent(
                    person.id, said.channel, said.purpose, said.state, said.source, said.at
                )


def _one_at_a_time(session: Session) -> None:
    # Two that look for the same new address at once would each make a customer for it. SQLite has
    # one writer anyway.
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(select(func.pg_advisory_xact_lock(_IDENTITY_LOCK)))
