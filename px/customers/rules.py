"""Who is who, and what counts as a change of consent. Values in, values out.

`Directory` holds the people already known; `recognise` finds or makes the person a fact is about
and takes over what the fact says. Sent through it one after another, facts give the same people as
they would in separate imports.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from db.kinds import AddressKind, ConsentState
from px.core.text import one_line
from px.customers.addresses import CustomerFacts, country_code, normalise_email, normalise_phone
from px.customers.zones import find_zone

Ref = tuple[str, str]
AddressKey = tuple[AddressKind, str]


class Said(NamedTuple):
    """What somebody last said about a channel and purpose."""

    state: ConsentState
    at: datetime
    source: str


@dataclass(slots=True, eq=False)
class Person:
    """A customer while facts about them are taken in; `id` is empty until stored."""

    id: int | None = None
    values: dict[str, Any] = field(default_factory=dict)
    refs: list[Ref] = field(default_factory=list)
    addresses: dict[AddressKey, None] = field(default_factory=dict)
    primary: dict[AddressKind, str] = field(default_factory=dict)
    as_of: datetime | None = None
    created_at: datetime | None = None

    @property
    def has_email(self) -> bool:
        """Whether an e-mail address is known."""
        return any(kind is AddressKind.EMAIL for kind, _ in self.addresses)


@dataclass(frozen=True, slots=True)
class Clue:
    """A fact with its addresses in stored form: what somebody is recognised by."""

    facts: CustomerFacts
    ref: Ref | None
    email: str | None
    phone: str | None
    country: str | None


@dataclass(slots=True)
class Directory:
    """The people already known who any of the clues may be about."""

    by_ref: dict[Ref, Person] = field(default_factory=dict)
    by_email: dict[str, Person] = field(default_factory=dict)
    by_phone: dict[str, list[Person]] = field(default_factory=dict)


def clue_of(facts: CustomerFacts, region_hint: str) -> Clue:
    """The fact with its addresses in stored form; a phone is one of the customer's country."""
    country = country_code(facts.country)
    external = one_line((facts.external_id or "").lstrip("'"), 200)
    return Clue(
        facts=facts,
        ref=(facts.source, external) if external else None,
        email=normalise_email(facts.email),
        phone=normalise_phone(facts.phone, country or region_hint) if facts.phone else None,
        country=country,
    )


def recognise(directory: Directory, clue: Clue) -> Person | None:
    """The person the clue is about, now knowing what it says; None when it names nobody.

    An external id decides before an e-mail address. A phone alone decides only when it is not
    shared; people who share one and have no address of their own are one person.
    """
    person = _find(directory, clue)
    if person is None:
        if not (clue.ref or clue.email or clue.phone):
            return None
        person = Person(created_at=clue.facts.created_at)
    own = _is_own(person, clue)
    news = _is_news(person, clue)
    _take_addresses(directory, person, clue, own, news)
    _take_values(person, clue, own, own or news)
    if news and clue.facts.as_of:
        person.as_of = clue.facts.as_of
    return person


def is_change(last: Said | None, state: ConsentState, at: datetime | None, source: str) -> bool:
    """Whether this says something new after `last`.

    A list without times does not take back what somebody withdrew elsewhere, and of two statements
    at the same moment the withdrawal stands.
    """
    if last is None:
        return True
    if state == last.state:
        return False
    if at is None:
        return state == ConsentState.WITHDRAWN or source == last.source
    return at > last.at or (at == last.at and state == ConsentState.WITHDRAWN)


def _find(directory: Directory, clue: Clue) -> Person | None:
    if clue.ref and clue.ref in directory.by_ref:
        return directory.by_ref[clue.ref]
    if clue.email and clue.email in directory.by_email:
        return directory.by_email[clue.email]
    if clue.ref or clue.email or not clue.phone:
        return None
    sharing = directory.by_phone.get(clue.phone, [])
    if len(sharing) == 1:
        return sharing[0]
    return next((person for person in sharing if not person.has_email), None)


def _is_own(person: Person, clue: Clue) -> bool:
    """Whether the clue is the shop's present word on the person.

    Of several ids that one shop has for a person, the first speaks; the others only fill gaps, so
    that a file with both says the same however often it is read.
    """
    if clue.facts.as_of is not None:
        return False
    same_source = [ref for ref in person.refs if ref[0] == clue.facts.source]
    return clue.ref is None or not same_source or same_source[0] == clue.ref


def _is_news(person: Person, clue: Clue) -> bool:
    as_of = clue.facts.as_of
    return as_of is not None and not person.refs and (person.as_of is None or as_of >= person.as_of)


def _take_addresses(
    directory: Directory, person: Person, clue: Clue, own: bool, news: bool
) -> None:
    if clue.ref and clue.ref not in directory.by_ref:
        directory.by_ref[clue.ref] = person
        person.refs.append(clue.ref)
    if clue.email and directory.by_email.setdefault(clue.email, person) is person:
        _add_address(person, AddressKind.EMAIL, clue.email, first=own)
    if clue.phone:
        sharing = directory.by_phone.setdefault(clue.phone, [])
        if person not in sharing:
            sharing.append(person)
        _add_address(person, AddressKind.PHONE, clue.phone, first=own or news)


def _add_address(person: Person, kind: AddressKind, value: str, *, first: bool) -> None:
    person.addresses.setdefault((kind, value))
    if first or kind not in person.primary:
        person.primary[kind] = value


def _take_values(person: Person, clue: Clue, own: bool, overwrite: bool) -> None:
    values, facts = person.values, clue.facts
    if facts.first_name or facts.last_name:
        known = values.get("first_name") or values.get("last_name")
        if overwrite or not known:
            values["first_name"] = one_line(facts.first_name, 200)
            values["last_name"] = one_line(facts.last_name, 200)
    zone = _zone(facts.zone) if facts.zone else None
    language = one_line(facts.language, 20) if facts.language else None
    for name, value in (("country", clue.country), ("zone", zone), ("language", language)):
        if value and (overwrite or not values.get(name)):
            values[name] = value
    if facts.tags is not None and (own or not values.get("tags")):
        values["tags"] = list(facts.tags)
    if facts.traits:
        before = values.get("traits") or {}
        values["traits"] = {**before, **facts.traits} if own else {**facts.traits, **before}


def _zone(name: str) -> str | None:
    zone = find_zone(name.strip())
    return zone.key if zone else None


def without_repeats(keys: Sequence[str | None]) -> list[str]:
    """The keys that are given, each once, in order."""
    return list(dict.fromkeys(key for key in keys if key))
