"""What customers agreed to: a log that is only ever added to, and only when something changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlmodel import Session

from db.kinds import Channel, ConsentState, Purpose
from db.models.customers import Consent
from db.types import moment
from px.core.bulk import chunks, table_of
from px.core.many import execute_many
from px.customers.rules import Said, is_change

_consents = table_of(Consent)
_STATE = {state.value: state for state in ConsentState}
Key = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class NewConsent:
    """Something a customer said. Without `at` it comes from a list and is dated now."""

    customer_id: int
    channel: Channel
    purpose: Purpose
    state: ConsentState
    source: str
    at: datetime | None = None
    wording: str = ""


def record_consents(session: Session, rows: Iterable[NewConsent], *, now: datetime) -> set[int]:
    """Every row that changes what was said stands in the log, dated; answers whose changed."""
    return set().union(*(_record(session, chunk, now) for chunk in chunks(rows)))


def last_said(session: Session, customer_ids: Sequence[int]) -> dict[Key, Said]:
    """What each customer last said, by customer, channel and purpose."""
    c = _consents.c
    rows = session.connection().execute(
        select(c.customer_id, c.channel, c.purpose, c.state, moment(c.at), c.source)
        .where(c.customer_id.in_(customer_ids))
        .order_by(c.at, c.id)
    )
    return {
        (customer_id, channel, purpose): Said(_STATE[state], at, source)
        for customer_id, channel, purpose, state, at, source in rows.all()
    }


def _record(session: Session, rows: Sequence[NewConsent], now: datetime) -> set[int]:
    said = last_said(session, sorted({row.customer_id for row in rows}))
    new: list[dict[str, Any]] = []
    for row in sorted(rows, key=lambda row: row.at or now):
        key = (row.customer_id, row.channel.value, row.purpose.value)
        if is_change(said.get(key), row.state, row.at, row.source):
            said[key] = Said(row.state, row.at or now, row.source)
            new.append(_columns(row, now))
    execute_many(session, insert(_consents), new)
    return {row["customer_id"] for row in new}


def _columns(row: NewConsent, now: datetime) -> dict[str, Any]:
    return {
        "customer_id": row.customer_id,
        "channel": row.channel.value,
        "purpose": row.purpose.value,
        "state": row.state.value,
        "source": row.source[:80],
        "at": row.at or now,
        "recorded_at": now,
        "wording": row.wording,
    }
