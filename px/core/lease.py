"""A lease: one process does a thing, until when, and when it last did. The row is the truth, not
the process.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, update
from sqlmodel import Session, col

from db.models.system import Lease
from px.core.bulk import insert_new

# A lease that ends later than this from now was written by a clock that has since gone back.
LONGEST = timedelta(minutes=10)


def take_lease(session: Session, name: str, *, owner: str, seconds: float, now: datetime) -> bool:
    """Whether `owner` holds the lease for the next `seconds`; renewing one's own succeeds."""
    insert_new(
        session, Lease, [{"name": name, "owner": owner, "until": now, "detail": {}}], ["name"]
    )
    free = or_(col(Lease.owner) == owner, col(Lease.until) <= now, col(Lease.until) > now + LONGEST)
    taken = session.connection().execute(
        update(Lease)
        .where(col(Lease.name) == name, free)
        .values(owner=owner, until=now + timedelta(seconds=seconds))
    )
    return bool(taken.rowcount)


def note_tick(session: Session, name: str, *, detail: dict[str, Any], now: datetime) -> None:
    """The lease's row says when its work was last done and what came of it."""
    session.connection().execute(
        update(Lease).where(col(Lease.name) == name).values(ticked_at=now, detail=detail)
    )


def free_lease(session: Session, name: str, *, owner: str, now: datetime) -> None:
    """Somebody else may take it at once."""
    session.connection().execute(
        update(Lease).where(col(Lease.name) == name, col(Lease.owner) == owner).values(until=now)
    )


def read_lease(session: Session, name: str) -> Lease | None:
    """The lease's row, None when nobody ever took it."""
    return session.get(Lease, name)
