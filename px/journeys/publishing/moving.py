"""Those inside move to another version: what is planned again wakes up, what is new is added.

The next passes plan what is awake, and nothing else: `woken` is the one place that says what that
is, for publishing and for counting beforehand.
"""

from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    false,
    literal,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from db.kinds import EnrolmentStatus, Purpose, Reason, TouchStatus
from db.models.journeys import Enrolment, JourneyVersion
from db.models.journeys import Touch as TouchRow
from px.core.bulk import table_of
from px.core.events import happened_to
from px.journeys.document import Document
from px.journeys.engine.facts import OPEN, TO_COME
from px.journeys.publishing.difference import Difference, difference
from px.journeys.reading import read_document
from px.journeys.running.versions import documents_of

_STATUS = col(TouchRow.status)
_IS_OPEN = _STATUS.in_(OPEN)
_HAS_TIME = or_(
    _STATUS.in_(TO_COME),
    and_(_STATUS == TouchStatus.WAITING, col(TouchRow.wake_at).is_not(None)),
)


def woken(found: Difference, *, resumes: bool) -> ColumnElement[bool]:
    """Which touches are planned again; with `resumes` also what a pause has held."""
    if found.everything:
        return _IS_OPEN
    parts: list[ColumnElement[bool]] = [false()]
    if found.ends:
        parts.append(and_(_IS_OPEN, happened_to(col(TouchRow.customer_id), sorted(found.ends))))
    if found.anchored:
        parts.append(and_(col(TouchRow.touchpoint).in_(sorted(found.anchored)), _IS_OPEN))
    if found.retimed:
        parts.append(and_(col(TouchRow.touchpoint).in_(sorted(found.retimed)), _HAS_TIME))
    if found.releases:
        parts.append(_held_for(Reason.EXCEPTION))
    if resumes:
        parts.append(_held_for(Reason.PAUSED))
    return or_(*parts)


def versions_inside(session: Session, journey_id: int) -> dict[int, Document]:
    """The versions of the journey in which somebody is, with their documents."""
    inside = session.scalars(
        select(col(Enrolment.version_id)).where(is_inside(journey_id)).distinct()
    )
    found = documents_of(session, inside)
    return {version_id: read_document(data) for version_id, data in found.items()}


def is_open() -> ColumnElement[bool]:
    """Which touches have not settled and are not on their way."""
    return _IS_OPEN


def is_inside(journey_id: int) -> ColumnElement[bool]:
    """Whose enrolments in the journey are not over."""
    return and_(
        col(Enrolment.journey_id) == journey_id, col(Enrolment.status) == EnrolmentStatus.ACTIVE
    )


def move_inside(
    session: Session,
    version: JourneyVersion,
    document: Document,
    *,
    resumes: bool,
    not_before: datetime | None,
    now: datetime,
) -> None:
    """Everybody inside is in this version, and what it plans again for them wakes up at `now`.

    What wakes up and was due before `not_before` is not sent any more.
    """
    journey_id = version.journey_id
    for version_id, old in versions_inside(session, journey_id).items():
        found = difference(old, document)
        who = select(col(Enrolment.id)).where(
            is_inside(journey_id), col(Enrolment.version_id) == version_id
        )
        _wake(session, journey_id, who, woken(found, resumes=resumes), now=now)
        for key, purpose in found.purposes:
            _repurpose(session, journey_id, who, key, purpose)
        for key, n in found.added:
            point = document.touchpoint(key)
            assert point is not None
            _add(session, journey_id, version_id, (key, n), point.purpose, now=now)
    session.connection().execute(
        update(Enrolment)
        .where(is_inside(journey_id))
        .values(version_id=version.id, not_before=not_before)
    )


def wake_paused(session: Session, journey_id: int, *, now: datetime) -> int:
    """What a pause has held is planned again in the next passes; how many touches."""
    who = select(col(Enrolment.id)).where(is_inside(journey_id))
    return _wake(session, journey_id, who, _held_for(Reason.PAUSED), now=now)


def _held_for(reason: Reason) -> ColumnElement[bool]:
    return and_(_STATUS == TouchStatus.HELD, col(TouchRow.reason) == reason)


def _wake(
    session: Session,
    journey_id: int,
    who: Select[int | None],
    which: ColumnElement[bool],
    *,
    now: datetime,
) -> int:
    result = session.connection().execute(
        update(TouchRow)
        .where(col(TouchRow.journey_id) == journey_id, which, col(TouchRow.enrolment_id).in_(who))
        .values(wake_at=now)
    )
    return int(result.rowcount)


def _repurpose(
    session: Session, journey_id: int, who: Select[int | None], key: str, purpose: Purpose
) -> None:
    session.connection().execute(
        update(TouchRow)
        .where(
            col(TouchRow.journey_id) == journey_id,
            col(TouchRow.touchpoint) == key,
            _IS_OPEN,
            col(TouchRow.enrolment_id).in_(who),
        )
        .values(purpose=purpose)
    )


def _add(
    session: Session,
    journey_id: int,
    version_id: int,
    key: tuple[str, int],
    purpose: Purpose,
    *,
    now: datetime,
) -> None:
    """Everybody in the version has this touch, awake; one that settled before stays as it is."""
    values = {
        "enrolment_id": col(Enrolment.id),
        "journey_id": col(Enrolment.journey_id),
        "customer_id": col(Enrolment.customer_id),
        "touchpoint": literal(key[0]),
        "occurrence": literal(key[1]),
        "purpose": literal(purpose.value),
        "status": literal(TouchStatus.WAITING.value),
        "wake_at": literal(now, table_of(TouchRow).c.wake_at.type),
        "due_at": null(),
    }
    rows = select(*values.values()).where(
        is_inside(journey_id), col(Enrolment.version_id) == version_id
    )
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    insert = dialect.insert(table_of(TouchRow)).from_select(list(values), rows)
    session.connection().execute(insert.on_conflict_do_nothing())
