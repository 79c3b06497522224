"""What the team has drawn in a journey and not saved: kept for each of them until they save it or
drop it.
"""

from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import ColumnElement, delete, select
from sqlmodel import Session, col

from db.models.journeys import Drawing as Row
from db.models.journeys import Journey
from px.core.bulk import upsert
from px.core.errors import InvalidInput
from px.core.yaml_file import MAX_BYTES
from px.journeys.drawing.editing import Data
from px.journeys.publishing.drafts import Stand, journey_row
from px.journeys.reading import read_document

_KEY = ("journey_id", "staff_id")
# PostgreSQL stores no zero byte, neither in a text nor in JSON.
_NO_TEXT = (b"\0", rb"\u0000")


@dataclass(frozen=True)
class Drawing:
    """A journey as somebody draws it: the document, which may be unfinished, and what was `saved`
    when they began, at `stand`. `pending` is a YAML text that is not valid yet.
    """

    data: Data
    saved: Data
    stand: Stand
    pending: str | None = None


@dataclass(frozen=True)
class KeptDrawing:
    """What was kept, None when it cannot be read any more, and when it was drawn."""

    drawing: Drawing | None
    drawn_at: datetime


def keep_drawing(
    session: Session, key: str, staff_id: int, drawing: Drawing, *, now: datetime
) -> None:
    """The drawing is this person's of the journey with that key. One that is larger than a journey
    may be is not kept; the one before stays.
    """
    if not _can_be_stored(drawing):
        return
    values = {
        "journey_id": journey_row(session, key).id,
        "staff_id": staff_id,
        "data": drawing.data,
        "pending": drawing.pending,
        "saved": drawing.saved,
        "draft_at": drawing.stand.draft_at,
        "live_version_id": drawing.stand.version,
        "drawn_at": now,
    }
    upsert(session, Row, [values], _KEY, [name for name in values if name not in _KEY])


def kept_drawing(session: Session, key: str, staff_id: int) -> KeptDrawing | None:
    """What this person has drawn in the journey with that key and not saved, if anything."""
    row = session.scalar(
        select(Row)
        .join(Journey, col(Journey.id) == col(Row.journey_id))
        .where(col(Journey.key) == key, col(Row.staff_id) == staff_id)
    )
    if row is None:
        return None
    is_read = _can_be_drawn_on(row.data, row.saved, key)
    stand = Stand(row.draft_at, row.live_version_id)
    drawing = Drawing(row.data, row.saved, stand, row.pending) if is_read else None
    return KeptDrawing(drawing, row.drawn_at)


def drop_drawing(session: Session, key: str, staff_id: int) -> None:
    """Nothing is kept of what this person has drawn in the journey with that key."""
    journey = select(col(Journey.id)).where(col(Journey.key) == key).scalar_subquery()
    _drop(session, col(Row.journey_id) == journey, col(Row.staff_id) == staff_id)


def drop_drawings_of(session: Session, staff_id: int) -> None:
    """Nothing is kept of what this person has drawn in any journey."""
    _drop(session, col(Row.staff_id) == staff_id)


def _drop(session: Session, *where: ColumnElement[bool]) -> None:
    session.connection().execute(delete(Row).where(*where))


def journeys_drawn_by(session: Session, staff_id: int) -> set[str]:
    """The keys of the journeys in which this person has drawn something that is not saved."""
    statement = (
        select(col(Journey.key))
        .join(Row, col(Row.journey_id) == col(Journey.id))
        .where(col(Row.staff_id) == staff_id)
    )
    return set(session.scalars(statement))


def _can_be_stored(drawing: Drawing) -> bool:
    """Whether it is no larger than a journey file may be, and text that a database holds."""
    try:
        # The way the database is given it: what is refused there is refused here.
        parts = [
            orjson.dumps(part, option=orjson.OPT_NON_STR_KEYS)
            for part in (drawing.data, drawing.saved)
        ]
        parts.append((drawing.pending or "").encode())
    except (TypeError, ValueError):
        return False
    return not any(len(part) > MAX_BYTES or sign in part for part in parts for sign in _NO_TEXT)


def _can_be_drawn_on(data: Data, saved: Data, key: str) -> bool:
    """Whether both are of today's format: whole what was saved, in its frame what may be
    unfinished.
    """
    try:
        document = read_document(saved)
    except InvalidInput:
        return False
    if not isinstance(data, dict) or document.journey != key:
        return False
    points = data.get("touchpoints") or []
    return (data.get("format"), data.get("journey")) == (document.format, key) and (
        isinstance(points, list)
        and all(isinstance(p, dict) and isinstance(p.get("key"), str) for p in points)
    )
