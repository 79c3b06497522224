"""Late messages as the tables show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pages._late.sentences import how_late
from pages._ui.doing import read
from pages._ui.table import Column
from pages._ui.words import called
from px import customers
from px.journeys import LateTouch

COLUMNS = [
    Column("customer", "To"),
    Column("label", "Message"),
    Column("journey", "Journey"),
    Column("due_at", "Was due", "moment", width=170),
    Column("late", "How late", width=130),
]


@dataclass(frozen=True, slots=True)
class Row:
    """One late touch, as a table shows it."""

    id: int
    customer: str
    customer_id: int | None
    label: str
    journey: str
    due_at: datetime | None
    late: str


def rows_of(touches: Sequence[LateTouch], *, now: datetime) -> list[Row]:
    """The touches with the names of whom they are for."""
    with read() as session:
        ids = [touch.customer_id for touch in touches if touch.customer_id]
        known = customers.known_customers(session, ids)
    return [
        Row(
            touch.id,
            called(known.get(touch.customer_id or 0)),
            touch.customer_id,
            touch.label,
            touch.journey_name,
            touch.due_at,
            how_late(touch, now),
        )
        for touch in touches
    ]
