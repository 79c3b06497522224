"""A lease: one process does a thing, until when, and when it last did. The row is the truth, not
the process.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlmodel import Session, col

from db.models.system import Lease
from px.core.bulk import insert_new

# A lease that ends later than this from now was written by a clock that has since gone back.
LONGEST = timedelta(minutes=10)
# Work that was not done for so long was down; the last times that it was are remembered.
DOWN_AFTER = timedelta(minutes=10)
_MOST_GAPS = 20
_GAPS = "gaps"


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which the work of a lease was not done by anybody."""

    began: datetime
    ended: datetime


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


def note_tick(
    session: Session,
    name: str,
    *,
    detail: dict[str, Any],
    now: datetime,
    remember_gaps: bool = False,
) -> None:
    """The lease's row says when its work was last done and what came of it; with `remember_gaps`
    also when it was not done for long.
    """
    if remember_gaps:
        detail = detail | _gaps_until(session, name, now)
    session.connection().execute(
        update(Lease).where(col(Lease.name) == name).values(ticked_at=now, detail=detail)
    )


def gaps_of(lease: Lease | None) -> list[Gap]:
    """The last times in which the work was not done, the oldest first."""
    kept = (lease.detail or {}).get(_GAPS, []) if lease else []
    return [Gap(datetime.fromisoformat(began), datetime.fromisoformat(end)) for began, end in kept]


def _gaps_until(session: Session, name: str, now: datetime) -> dict[str, Any]:
    row = (
        session.connection()
        .execute(select(col(Lease.ticked_at), col(Lease.detail)).where(col(Lease.name) == name))
        .first()
    )
    if row is None:
        return {}
    gaps = list((row.detail or {}).get(_GAPS, []))
    if row.ticked_at is not None and now - row.ticked_at >= DOWN_AFTER:
        gaps.append([row.ticked_at.isoformat(), now.isoformat()])
    return {_GAPS: gaps[-_MOST_GAPS:]} if gaps else {}


def free_lease(session: Session, name: str, *, owner: str, now: datetime) -> None:
    """Somebody else may take it at once."""
    session.connection().execute(
        update(Lease).where(col(Lease.name) == name, col(Lease.owner) == owner).values(until=now)
    )


def read_lease(session: Session, name: str) -> Lease | None:
    """The lease's row, None when nobody ever took it."""
    return session.get(Lease, name)
