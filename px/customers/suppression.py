"""Who must not be written to: hashed addresses that beat every consent and outlive the customer."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlmodel import Session, col

from db.kinds import (
    Channel,
    ConsentState,
    EventKind,
    Purpose,
    SuppressionReason,
    SuppressionScope,
)
from db.models.customers import Address, Consent, Customer, Suppression
from px.core.bulk import insert_new, table_of
from px.core.errors import InvalidInput, NotFound
from px.core.events import NewEvent, record_events
from px.core.tokens import address_hash
from px.customers.addresses import normalise_email, reached_by
from px.customers.consent import NewConsent, record_consents

_suppressions = table_of(Suppression)


class ComplainedForGood(InvalidInput):
    """This person marked a message as spam. That stands until they ask to be written to again."""


def suppress(
    session: Session,
    address: str,
    channel: Channel,
    *,
    scope: SuppressionScope,
    reason: SuppressionReason,
    source: str,
    detail: str = "",
    key: bytes,
    now: datetime,
) -> None:
    """The address is not written to on this channel, within the scope; the first reason stays."""
    row = {
        "address_hash": hash_of(address, key=key),
        "channel": channel.value,
        "scope": scope.value,
        "reason": reason.value,
        "detail": detail[:1000],
        "source": source[:80],
        "at": now,
        "lifted_at": None,
    }
    insert_new(session, Suppression, [row], ["address_hash", "channel", "scope"])
    session.connection().execute(
        update(_suppressions)
        .where(*_is(row["address_hash"], channel, scope), _suppressions.c.lifted_at.is_not(None))
        .values(**row)
    )


def lift_suppression(
    session: Session,
    address: str,
    channel: Channel,
    *,
    scope: SuppressionScope,
    key: bytes,
    now: datetime,
) -> bool:
    """The address may be written to again within the scope; False when it already could be.

    ComplainedForGood when the person had marked a message as spam.
    """
    where = (*_is(hash_of(address, key=key), channel, scope), _suppressions.c.lifted_at.is_(None))
    reason = session.connection().execute(select(_suppressions.c.reason).where(*where)).scalar()
    if reason == SuppressionReason.COMPLAINED:
        raise ComplainedForGood
    session.connection().execute(update(_suppressions).where(*where).values(lifted_at=now))
    return reason is not None


def blank_suppressions(session: Session, addresses: Iterable[str], *, key: bytes) -> None:
    """The list still holds these addresses, by their hashes alone: a server's answer may repeat
    them.
    """
    hashes = {hash_of(address, key=key) for address in addresses}
    session.connection().execute(
        update(_suppressions).where(_suppressions.c.address_hash.in_(hashes)).values(detail="")
    )


def suppressed_among(
    session: Session, addresses: Collection[tuple[Channel, str]], *, key: bytes
) -> dict[tuple[Channel, str], SuppressionScope]:
    """Which of these addresses are on the list, with the widest scope of each."""
    hashes = {address: hash_of(address[1], key=key) for address in addresses}
    if not hashes:
        return {}
    listed: dict[tuple[str, str], SuppressionScope] = {}
    for row in session.connection().execute(
        select(_suppressions).where(
            _suppressions.c.address_hash.in_(set(hashes.values())),
            _suppressions.c.lifted_at.is_(None),
        )
    ):
        place, scope = (row.channel, row.address_hash), SuppressionScope(row.scope)
        if listed.get(place) is not SuppressionScope.ALL:
            listed[place] = scope
    found = {address: listed.get((address[0].value, hashes[address])) for address in hashes}
    return {address: scope for address, scope in found.items() if scope}


def unsubscribe(
    session: Session,
    customer_id: int,
    channel: Channel,
    *,
    source: str,
    key: bytes,
    now: datetime,
) -> bool:
    """The customer gets no marketing on this channel, at any of their addresses for it.

    Says whether that is new; asking again changes nothing. NotFound when there is no such customer.
    """
    if session.get(Customer, customer_id) is None:
        raise NotFound(f"There is no customer {customer_id}.")
    withdrawn = NewConsent(
        customer_id, channel, Purpose.MARKETING, ConsentState.WITHDRAWN, source, now
    )
    is_new = bool(record_consents(session, [withdrawn], now=now))
    for address in _addresses_of(session, customer_id, channel):
        suppress(
            session,
            address,
            channel,
            scope=SuppressionScope.MARKETING,
            reason=SuppressionReason.UNSUBSCRIBED,
            source=source,
            key=key,
            now=now,
        )
    if is_new:
        record_events(session, [_unsubscribed(session, customer_id, channel, source, now)], now=now)
    return is_new


def hash_of(address: str, *, key: bytes) -> str:
    """The hash under which an address stands on the list, whichever way it was written."""
    return address_hash(normalise_email(address) or address, key=key)


def _is(
    hashed: object, channel: Channel, scope: SuppressionScope
) -> tuple[ColumnElement[bool], ...]:
    return (
        _suppressions.c.address_hash == hashed,
        _suppressions.c.channel == channel.value,
        _suppressions.c.scope == scope.value,
    )


def _addresses_of(session: Session, customer_id: int, channel: Channel) -> list[str]:
    kind = reached_by(channel)
    rows = session.connection().execute(
        select(col(Address.value)).where(
            col(Address.customer_id) == customer_id, col(Address.kind) == (kind or "")
        )
    )
    return list(rows.scalars())


def _unsubscribed(
    session: Session, customer_id: int, channel: Channel, source: str, now: datetime
) -> NewEvent:
    times = session.connection().execute(
        select(func.count()).where(
            col(Consent.customer_id) == customer_id,
            col(Consent.channel) == channel.value,
            col(Consent.state) == ConsentState.WITHDRAWN.value,
        )
    )
    return NewEvent(
        key=f"customer:{customer_id}:unsubscribed:{channel}:{times.scalar()}",
        kind=EventKind.UNSUBSCRIBED,
        at=now,
        customer_id=customer_id,
        data={"channel": channel.value},
        source=source[:40],
    )
