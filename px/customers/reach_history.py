"""How customers could be reached at any time: what they said and when an address was on the list.

Only the last stay of an address on the do-not-write list is kept, not the ones before it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from db.kinds import Channel, ConsentState, Purpose, SuppressionScope
from db.models.customers import Consent, Suppression
from px.core.bulk import chunks
from px.customers.suppression import hash_of

Place = tuple[str, str]


@dataclass(slots=True)
class ReachChange:
    """From `at` on: consent to marketing by channel, and places (channel, address) on the list."""

    at: datetime
    consent: dict[str, bool] = field(default_factory=dict)
    listed: list[tuple[Place, SuppressionScope | None]] = field(default_factory=list)


def reach_history(
    session: Session, places: Mapping[int, Collection[Place]], *, key: bytes
) -> dict[int, list[ReachChange]]:
    """Every change for these customers and their places, oldest first."""
    found: dict[int, list[ReachChange]] = {customer_id: [] for customer_id in places}
    for ids in chunks(places):
        _add_consents(session, ids, found)
    hashes = {
        place: hash_of(place[1], key=key) for place in {p for own in places.values() for p in own}
    }
    stays = _stays(session, hashes.values())
    for customer_id, own in places.items():
        for place in own:
            changes = _changes(stays.get((place[0], hashes[place]), ()))
            found[customer_id] += [
                ReachChange(at, listed=[(place, scope)]) for at, scope in changes
            ]
    for changes_of_one in found.values():
        changes_of_one.sort(key=lambda change: change.at)
    return found


def _add_consents(session: Session, ids: list[int], found: dict[int, list[ReachChange]]) -> None:
    rows = session.connection().execute(
        select(col(Consent.customer_id), col(Consent.channel), col(Consent.state), col(Consent.at))
        .where(col(Consent.customer_id).in_(ids), col(Consent.purpose) == Purpose.MARKETING.value)
        .order_by(col(Consent.at), col(Consent.id))
    )
    for customer_id, channel, state, at in rows:
        given = {channel: state == ConsentState.GIVEN.value}
        found[customer_id].append(ReachChange(at, consent=given))


def _stays(
    session: Session, hashes: Iterable[str]
) -> dict[Place, list[tuple[SuppressionScope, datetime, datetime | None]]]:
    stays: dict[Place, list[tuple[SuppressionScope, datetime, datetime | None]]] = {}
    for some in chunks(set(hashes)):
        rows = session.connection().execute(
            select(
                col(Suppression.channel),
                col(Suppression.address_hash),
                col(Suppression.scope),
                col(Suppression.at),
                col(Suppression.lifted_at),
            ).where(col(Suppression.address_hash).in_(some))
        )
        for channel, address_hash, scope, at, lifted_at in rows:
            stay = (SuppressionScope(scope), at, lifted_at)
            stays.setdefault((Channel(channel).value, address_hash), []).append(stay)
    return stays


def _changes(
    stays: Iterable[tuple[SuppressionScope, datetime, datetime | None]],
) -> list[tuple[datetime, SuppressionScope | None]]:
    """The widest scope in force from each moment on at which it changes."""
    stays = list(stays)
    moments = sorted({at for _scope, *ends in stays for at in ends if at is not None})
    return [(moment, _widest(stays, moment)) for moment in moments]


def _widest(
    stays: list[tuple[SuppressionScope, datetime, datetime | None]], moment: datetime
) -> SuppressionScope | None:
    scopes = {s for s, at, lifted in stays if at <= moment and (lifted is None or moment < lifted)}
    if SuppressionScope.ALL in scopes:
        return SuppressionScope.ALL
    return SuppressionScope.MARKETING if scopes else None
