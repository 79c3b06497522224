"""Customers as the pages list and show them: a page of the list, and one person's consents."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from db.kinds import AddressKind, Channel, ConsentState, Purpose
from db.models.customers import Address, Consent, Customer, Suppression
from px.core.bulk import table_of
from px.customers.suppression import hash_of

MOST_ROWS = 5000
_consents = table_of(Consent)


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer in the list. `mail_consent` is what they last said about marketing by email."""

    id: int
    first_name: str
    last_name: str
    email: str | None
    country: str | None
    orders: int
    spent_minor: int
    last_order_at: datetime | None
    mail_consent: str | None
    erased_at: datetime | None

    @property
    def name(self) -> str:
        """First and last name, as far as they are known."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class CustomerFilter:
    """Which customers to show; what is empty does not narrow.

    `also` are customers found in another way, such as by an order's number.
    """

    search: str = ""
    country: str | None = None
    consent: str | None = None
    also: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """One thing a customer said about a channel."""

    channel: str
    purpose: str
    state: str
    source: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SuppressionLine:
    """One address of a customer that must not be written to, with the reason."""

    address: str
    channel: str
    scope: str
    reason: str
    detail: str
    source: str
    at: datetime

    @property
    def can_be_lifted(self) -> bool:
        """Whether somebody of the team may lift it: not when the person called it spam."""
        return self.reason != "complained"


@dataclass(frozen=True, slots=True)
class AddressLine:
    """An address of a customer."""

    kind: str
    value: str
    is_primary: bool


def customer_rows(
    session: Session, chosen: CustomerFilter, *, limit: int = MOST_ROWS, offset: int = 0
) -> list[CustomerRow]:
    """The customers that the filter lets through, who bought last first."""
    mail = aliased(Address)
    statement = (
        select(
            col(Customer.id),
            col(Customer.first_name),
            col(Customer.last_name),
            col(mail.value),
            col(Customer.country),
            col(Customer.orders),
            col(Customer.spent_minor),
            col(Customer.last_order_at),
            _mail_consent(),
            col(Customer.erased_at),
        )
        .outerjoin(
            mail,
            (col(mail.customer_id) == col(Customer.id))
            & (col(mail.kind) == AddressKind.EMAIL)
            & col(mail.is_primary),
        )
        .order_by(col(Customer.last_order_at).desc().nulls_last(), col(Customer.id).desc())
    )
    rows = session.connection().execute(_filtered(statement, chosen).limit(limit).offset(offset))
    return [CustomerRow(*row) for row in rows]


def customer_count(session: Session, chosen: CustomerFilter) -> int:
    """How many customers the filter lets through."""
    statement = _filtered(select(func.count(col(Customer.id))), chosen)
    return int(session.connection().execute(statement).scalar_one())


def countries(session: Session) -> list[str]:
    """The countries that customers live in, in the order of the alphabet."""
    rows = session.scalars(
        select(col(Customer.country)).where(col(Customer.erased_at).is_(None)).distinct()
    )
    return sorted(country for country in rows if country)


def consents_of(session: Session, customer_id: int) -> list[ConsentLine]:
    """Everything the customer said about being written to, newest first."""
    rows = session.connection().execute(
        select(
            col(Consent.channel),
            col(Consent.purpose),
            col(Consent.state),
            col(Consent.source),
            col(Consent.at),
        )
        .where(col(Consent.customer_id) == customer_id)
        .order_by(col(Consent.at).desc(), col(Consent.id).desc())
    )
    return [ConsentLine(*row) for row in rows]


def addresses_of(session: Session, customer_id: int) -> list[AddressLine]:
    """The customer's addresses, the ones written to first."""
    rows = session.connection().execute(
        select(col(Address.kind), col(Address.value), col(Address.is_primary))
        .where(col(Address.customer_id) == customer_id)
        .order_by(col(Address.kind), col(Address.is_primary).desc(), col(Address.id))
    )
    return [AddressLine(*row) for row in rows]


def suppressions_of(session: Session, customer_id: int, *, key: bytes) -> list[SuppressionLine]:
    """What stands on the do-not-write list for the customer's addresses, newest first."""
    by_hash = {hash_of(a.value, key=key): a.value for a in addresses_of(session, customer_id)}
    rows = session.connection().execute(
        select(
            col(Suppression.address_hash),
            col(Suppression.channel),
            col(Suppression.scope),
            col(Suppression.reason),
            col(Suppression.detail),
            col(Suppression.source),
            col(Suppression.at),
        )
        .where(
            col(Suppression.address_hash).in_(by_hash),
            col(Suppression.lifted_at).is_(None),
        )
        .order_by(col(Suppression.at).desc())
    )
    return [SuppressionLine(by_hash[row[0]], *row[1:]) for row in rows]


def _mail_consent() -> ColumnElement[str]:
    """What the customer of the row last said about marketing by email."""
    return (
        select(_consents.c.state)
        .where(
            _consents.c.customer_id == col(Customer.id),
            _consents.c.channel == Channel.EMAIL.value,
            _consents.c.purpose == Purpose.MARKETING.value,
        )
        .order_by(_consents.c.at.desc(), _consents.c.id.desc())
        .limit(1)
        .correlate(table_of(Customer))
        .scalar_subquery()
    )


def _filtered(
    statement: Select[*tuple[Any, ...]], chosen: CustomerFilter
) -> Select[*tuple[Any, ...]]:
    statement = statement.where(col(Customer.erased_at).is_(None))
    if chosen.country:
        statement = statement.where(col(Customer.country) == chosen.country)
    if chosen.consent == ConsentState.GIVEN:
        statement = statement.where(_mail_consent() == ConsentState.GIVEN.value)
    elif chosen.consent:
        statement = statement.where(func.coalesce(_mail_consent(), "") != ConsentState.GIVEN.value)
    if text := chosen.search.strip():
        statement = statement.where(or_(_matches(text), col(Customer.id).in_(chosen.also)))
    return statement


def _matches(text: str) -> ColumnElement[bool]:
    """Every word is in the name, or the text is in one of the addresses."""
    name = col(Customer.first_name) + " " + col(Customer.last_name)
    words = [name.icontains(word, autoescape=True) for word in text.split()[:10]]
    found = select(col(Address.customer_id)).where(
        col(Address.value).icontains(text, autoescape=True)
    )
    by_name = words[0]
    for word in words[1:]:
        by_name = by_name & word
    return or_(by_name, col(Customer.id).in_(found))
