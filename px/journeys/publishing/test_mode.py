"""Test mode: a journey that is live for chosen addresses only, to try it on oneself for real."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlmodel import Session

from db.kinds import JourneyStatus
from px.core.errors import InvalidInput, PxError
from px.customers import normalise_email
from px.journeys.publishing.drafts import journey_row, publish

MOST_ADDRESSES = 50
LOOKS_BACK = timedelta(days=30)


def start_test(
    session: Session,
    key: str,
    addresses: Iterable[str],
    *,
    by: str,
    now: datetime,
    with_past: bool = False,
) -> list[str]:
    """The draft is live for customers with one of these addresses, and nobody else enters; the
    addresses as they are known. `with_past` takes in their orders of the last 30 days too.

    InvalidInput names an address that is none. PxError when the journey is live for everybody.
    """
    row = journey_row(session, key)
    if row.status in (JourneyStatus.LIVE, JourneyStatus.PAUSED) and row.test_addresses is None:
        raise PxError(
            f"The journey {key!r} is {row.status} for everybody. Duplicate it to test a change."
        )
    row.test_addresses = _checked(addresses)
    session.add(row)
    if row.draft is not None or row.status != JourneyStatus.LIVE:
        publish(session, key, by=by, now=now, since=now - LOOKS_BACK if with_past else None)
    return row.test_addresses


def open_to_all(session: Session, key: str, *, now: datetime) -> None:
    """Everybody whose order comes from now on enters; those who tested stay inside. PxError when
    it is not in test mode.
    """
    row = journey_row(session, key)
    if row.test_addresses is None:
        raise PxError(f"The journey {key!r} is not in test mode, so there is nothing to open.")
    row.test_addresses, row.went_live_at = None, now
    session.add(row)


def _checked(addresses: Iterable[str]) -> list[str]:
    given = [address.strip() for address in addresses if address.strip()]
    if not given:
        raise InvalidInput("Give at least one e-mail address to test with.")
    if len(given) > MOST_ADDRESSES:
        raise InvalidInput(f"A test takes at most {MOST_ADDRESSES} addresses.")
    known = {address: normalise_email(address) for address in given}
    for address, normal in known.items():
        if normal is None:
            raise InvalidInput(f"{address[:100]!r} is not an e-mail address.")
    return sorted({normal for normal in known.values() if normal})
