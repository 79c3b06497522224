"""The record of what happened to one customer, whatever its kind."""

from sqlalchemy import select
from sqlmodel import Session, col

from db.models.system import Event
from px.core.events import Happened


def history_of(session: Session, customer_id: int, *, limit: int = 1000) -> list[Happened]:
    """The last things that happened to the customer, the newest first."""
    rows = session.connection().execute(
        select(col(Event.kind), col(Event.at), col(Event.order_id), col(Event.data))
        .where(col(Event.customer_id) == customer_id)
        .order_by(col(Event.at).desc(), col(Event.id).desc())
        .limit(limit)
    )
    return [Happened(*row) for row in rows]
