"""Rehearsals: a row says what to play over which past, and what came of it.

px/journeys/rehearsal/rehearsing.py plays those that wait.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from db.kinds import RehearsalStatus
from db.models.journeys import Rehearsal as Row
from px.core.errors import InvalidInput
from px.journeys.document import Document
from px.journeys.reading import to_data
from px.journeys.rehearsal.figures import Figures
from px.journeys.rehearsal.past import Scope

KEPT = 20
OPEN = (RehearsalStatus.WAITING.value, RehearsalStatus.RUNNING.value)


@dataclass(frozen=True, slots=True)
class RehearsalScope:
    """Over what is rehearsed: the orders of the last `days`, those from `since` to `until`, or
    everything of one customer. Exactly one of the three.
    """

    days: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    customer_id: int | None = None

    def __post_init__(self) -> None:
        """InvalidInput when it is none of the three, or ends before it begins."""
        given = (self.days is not None) + (self.since is not None) + (self.customer_id is not None)
        if given != 1:
            raise InvalidInput("Choose the last days, a period, or one customer to rehearse over.")
        if self.since and self.until and self.until < self.since:
            raise InvalidInput("The period ends before it begins.")

    def at(self, now: datetime) -> Scope:
        """Who is played when it is asked for at `now`."""
        if self.customer_id is not None:
            return Scope(now - timedelta(days=36_500), None, self.customer_id)
        if self.days is not None:
            return Scope(now - timedelta(days=self.days))
        assert self.since is not None
        return Scope(self.since, self.until)

    def to_data(self) -> dict[str, Any]:
        """As plain data, to be kept."""
        return {
            "days": self.days,
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "customer": self.customer_id,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "RehearsalScope":
        """As it was kept."""
        since, until = (
            datetime.fromisoformat(data[name]) if data.get(name) else None
            for name in ("since", "until")
        )
        return cls(data.get("days"), since, until, data.get("customer"))


@dataclass(frozen=True, slots=True)
class RehearsalLine:
    """A rehearsal as it stands. `live` holds the figures of the published version in the same
    scope; it is None when there is none or it is the same document.
    """

    id: int
    key: str
    mark: str
    scope: RehearsalScope
    status: RehearsalStatus
    done: int
    total: int
    note: str
    figures: Figures | None
    live: Figures | None
    is_as_live: bool
    orders: int
    by: str
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it waits or is being played."""
        return self.status.value in OPEN


def mark_of(data: Mapping[str, Any]) -> str:
    """What changes when the document does."""
    plain = {name: value for name, value in data.items() if name != "templates"}
    text = json.dumps(plain, sort_keys=True, default=str)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def ask_rehearsal(
    session: Session, document: Document, *, scope: RehearsalScope, by: str, now: datetime
) -> int:
    """The rehearsal waits for the scheduler; its number. One that waits for the same is not asked
    for twice.
    """
    data = to_data(document.model_copy(update={"templates": None}))
    mark, kept = mark_of(data), scope.to_data()
    waiting = select(Row).where(
        col(Row.journey_key) == document.journey, col(Row.status).in_(OPEN), col(Row.mark) == mark
    )
    for row in session.scalars(waiting):
        if row.scope == kept and row.id is not None:
            return row.id
    row = Row(
        journey_key=document.journey,
        document=data,
        mark=mark,
        scope=kept,
        asked_by=by,
        asked_at=now,
    )
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def cancel_rehearsal(session: Session, rehearsal_id: int, *, now: datetime) -> bool:
    """The rehearsal stops within a second or so; False when it had ended."""
    changed = session.connection().execute(
        update(Row)
        .where(col(Row.id) == rehearsal_id, col(Row.status).in_(OPEN))
        .values(status=RehearsalStatus.CANCELLED.value, ended_at=now, lease_until=None)
    )
    return bool(changed.rowcount)


def rehearsals_of(session: Session, key: str, *, limit: int = KEPT) -> list[RehearsalLine]:
    """The journey's rehearsals, newest first."""
    rows = session.scalars(
        select(Row).where(col(Row.journey_key) == key).order_by(col(Row.id).desc()).limit(limit)
    )
    return [_line(row) for row in rows]


def open_rehearsals(session: Session, key: str) -> list[RehearsalLine]:
    """Those of the journey that wait or are being played, oldest first: cheap to ask for often."""
    rows = session.scalars(
        select(Row)
        .where(col(Row.journey_key) == key, col(Row.status).in_(OPEN))
        .order_by(col(Row.id))
    )
    return [_line(row) for row in rows]


def forget_in_rehearsals(session: Session, customer_id: int) -> int:
    """No kept rehearsal shows a message to this customer or is about them; how many did."""
    changed = 0
    for row in session.scalars(select(Row)):
        if row.scope.get("customer") == customer_id:
            session.delete(row)
            changed += 1
        elif row.figures and _shows(row.figures, str(customer_id)):
            row.figures = {
                name: _without(part, str(customer_id)) for name, part in row.figures.items()
            }
            session.add(row)
            changed += 1
    session.flush()
    return changed


def _shows(figures: Mapping[str, Any], customer: str) -> bool:
    return any(_without(part, customer) != part for part in figures.values())


def _without(part: Any, customer: str) -> Any:
    if not isinstance(part, dict):
        return part
    return part | {"examples": [one for one in part["examples"] if one["customer"] != customer]}


def sweep_rehearsals(session: Session, key: str) -> None:
    """Of the journey's ended rehearsals the newest are kept."""
    ended = (col(Row.journey_key) == key) & col(Row.status).not_in(OPEN)
    ids = session.scalars(
        select(col(Row.id)).where(ended).order_by(col(Row.id).desc()).offset(KEPT)
    ).all()
    session.connection().execute(delete(Row).where(col(Row.id).in_(ids)))


def _line(row: Row) -> RehearsalLine:
    kept = row.figures or {}
    own, live = kept.get("own"), kept.get("live")
    return RehearsalLine(
        id=row.id or 0,
        key=row.journey_key,
        mark=row.mark,
        scope=RehearsalScope.from_data(row.scope),
        status=RehearsalStatus(row.status),
        done=row.done,
        total=row.total,
        note=row.note,
        figures=Figures.from_data(own) if own else None,
        live=Figures.from_data(live) if live else None,
        is_as_live=bool(kept.get("is_as_live")),
        orders=int(kept.get("orders") or 0),
        by=row.asked_by,
        asked_at=row.asked_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
    )
