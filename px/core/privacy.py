"""The rows of no slice that tell of a customer: events, and what other systems sent."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, or_, select, update
from sqlmodel import Session

from db.models.system import Event, Payload
from px.core.bulk import table_of

_events, _payloads = table_of(Event), table_of(Payload)


def plain_rows(session: Session, statement: Select[Any]) -> list[dict[str, Any]]:
    """The rows as plain JSON: times and days as ISO 8601 text, numbers of other rows left out."""
    return [
        {
            name: value.isoformat() if isinstance(value, datetime | date) else value
            for name, value in row._mapping.items()
            if name != "id" and not name.endswith("_id")
        }
        for row in session.connection().execute(statement)
    ]


def events_told(
    session: Session, customer_id: int, order_ids: Sequence[int]
) -> list[dict[str, Any]]:
    """Everything recorded as having happened to the customer or their orders, oldest first."""
    columns = (_events.c.kind, _events.c.at, _events.c.data, _events.c.source)
    about = _about(customer_id, order_ids)
    return plain_rows(session, select(*columns).where(about).order_by(_events.c.at, _events.c.id))


def blank_events(session: Session, customer_id: int, order_ids: Sequence[int]) -> int:
    """What happened stays, for the sums; the details are gone. Says in how many events."""
    statement = update(_events).where(_about(customer_id, order_ids)).values(data={})
    return session.connection().execute(statement).rowcount


def blank_payloads(session: Session, words: Collection[str]) -> int:
    """The text of everything another system sent in which one of these words stands is gone."""
    wanted = [word.lower().encode() for word in words if word]
    if not wanted:
        return 0
    rows = session.connection().execute(select(_payloads.c.id, _payloads.c.body)).yield_per(500)
    found = [row.id for row in rows if any(word in row.body.lower() for word in wanted)]
    for first in range(0, len(found), 1000):
        session.connection().execute(
            update(_payloads)
            .where(_payloads.c.id.in_(found[first : first + 1000]))
            .values(body=b"", problem="")
        )
    return len(found)


def _about(customer_id: int, order_ids: Sequence[int]) -> Any:
    return or_(_events.c.customer_id == customer_id, _events.c.order_id.in_(order_ids))
