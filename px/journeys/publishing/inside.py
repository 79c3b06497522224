"""Those inside a journey, read in parts with what a change plans again of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, null, or_, select, true
from sqlmodel import Session, col

from db.kinds import Reason, TouchStatus
from db.models.journeys import Enrolment
from db.models.journeys import Touch as TouchRow
from db.types import moment
from px.journeys.engine.compiled import Compiled
from px.journeys.engine.facts import Touch, TouchKey
from px.journeys.publishing.difference import Difference
from px.journeys.publishing.fates import MOST_LISTED, Change, Effect
from px.journeys.publishing.moving import is_inside, is_open, woken

_PART = 2500
_STATUS = {status.value: status for status in TouchStatus}
_REASON = {reason.value: reason for reason in Reason}


@dataclass(frozen=True, slots=True)
class Step:
    """What those in one version move to, and what that plans again; with `resumes` also what a
    pause has held.
    """

    to: Compiled
    found: Difference
    resumes: bool

    @property
    def is_nothing(self) -> bool:
        """Whether nobody's touches can change."""
        return self.found.is_nothing and not self.resumes


class Inside(NamedTuple):
    """An enrolment that is not over: as much of it as counting asks for."""

    id: int
    version_id: int
    customer_id: int | None
    order_id: int | None
    line_id: int | None
    entered_at: datetime
    is_holdout: bool


class Touches(NamedTuple):
    """What is read of one enrolment: `awake` when the change has woken what it plans again,
    `stands` as it was before, the touches of which a change is counted.
    """

    awake: dict[TouchKey, Touch]
    stands: dict[TouchKey, Touch | None]


def enrolments_inside(session: Session, journey_id: int) -> int:
    """How many enrolments are not over."""
    statement = select(func.count()).select_from(Enrolment).where(is_inside(journey_id))
    return session.scalar(statement) or 0


def nobody_affected(session: Session, journey_id: int) -> Effect:
    """Everybody inside, none of whose touches changes."""
    whose = col(Enrolment.customer_id)
    people = session.scalar(select(func.count(whose.distinct())).where(is_inside(journey_id))) or 0
    nobody = select(func.count()).select_from(Enrolment)
    people += session.scalar(nobody.where(is_inside(journey_id), whose.is_(None))) or 0
    first = select(whose).where(is_inside(journey_id), whose.is_not(None)).distinct()
    listed = [each for each in session.scalars(first.order_by(whose).limit(MOST_LISTED)) if each]
    if not people:
        return Effect(quietly=Effect())
    same = Effect(people, {Change.UNAFFECTED: people}, {}, {Change.UNAFFECTED: listed})
    return replace(same, quietly=same)


def parts_inside(session: Session, journey_id: int) -> Iterator[list[list[Inside]]]:
    """Everybody inside, person by person, in parts of some thousand enrolments."""
    columns: tuple[Any, ...] = tuple(col(getattr(Enrolment, name)) for name in Inside._fields)
    columns = tuple(moment(each) if each.key == "entered_at" else each for each in columns)
    statement = select(*columns).where(is_inside(journey_id))
    ordered = statement.order_by(col(Enrolment.customer_id), col(Enrolment.id))
    rows = session.connection().execute(ordered, execution_options={"yield_per": _PART})
    people: list[list[Inside]] = []
    for rows_read in rows.partitions():
        # The last of them may go on in what is read next.
        known, people = people[:-1], people[-1:]
        if known:
            yield known
        for row in rows_read:
            each = Inside._make(row)
            if people and each.customer_id and people[-1][0].customer_id == each.customer_id:
                people[-1].append(each)
            else:
                people.append([each])
    if people:
        yield people


def late_enrolments(session: Session, journey_id: int, *, now: datetime) -> set[int]:
    """The enrolments of which the next pass looks at something anyway."""
    awake = select(col(TouchRow.enrolment_id)).where(
        col(TouchRow.wake_at) <= now, col(TouchRow.journey_id) == journey_id
    )
    return set(session.scalars(awake))


def touches_of(
    session: Session, entrants: Sequence[Inside], step: Step, *, whole: bool, now: datetime
) -> dict[int, Touches]:
    """What the step plans again of these enrolments; with `whole` all that is open, and all that is
    due anyway.
    """
    is_woken = woken(step.found, resumes=step.resumes)
    wanted = (
        or_(is_open(), *_needed(step), _STATUS_IS_SENT)
        if whole
        else and_(_among(step), or_(is_woken, *_needed(step)))
    )
    wake_at = moment(col(TouchRow.wake_at)) if whole else null()
    statement = select(*_COLUMNS, wake_at, is_woken.label("is_woken")).where(
        col(TouchRow.enrolment_id).in_([e.id for e in entrants]), wanted
    )
    rows: Sequence[Any] = session.connection().execute(statement).all()
    added = {key: Touch(*key, TouchStatus.WAITING, wake_at=now) for key in step.found.added}
    found = {e.id: Touches(dict(added), dict.fromkeys(added)) for e in entrants} if added else {}
    for enrolment_id, key, n, status, reason, due, settled, wake, wakes in rows:
        touch = Touch(
            key,
            n,
            _STATUS[status],
            _REASON[reason] if reason else None,
            due,
            now if wakes else wake,
            settled_at=settled,
        )
        here = found.get(enrolment_id)
        if here is None:
            here = found[enrolment_id] = Touches({}, {})
        here.awake[(key, n)] = touch
        if wakes:
            here.stands[(key, n)] = touch
        else:
            here.stands.pop((key, n), None)
    return found


_COLUMNS: tuple[Any, ...] = (
    col(TouchRow.enrolment_id),
    col(TouchRow.touchpoint),
    col(TouchRow.occurrence),
    col(TouchRow.status),
    col(TouchRow.reason),
    moment(col(TouchRow.due_at)),
    moment(col(TouchRow.settled_at)),
)
_STATUS_IS_SENT = col(TouchRow.status) == TouchStatus.SENT


def _among(step: Step) -> ColumnElement[bool]:
    """The touchpoints that need to be read, so that an index finds them; true when it is all."""
    found = step.found
    if found.is_of_all or step.resumes:
        return true()
    keys = found.anchored | found.retimed | {key for key, _n in found.added} | _anchors(step)
    return col(TouchRow.touchpoint).in_(sorted(keys))


def _anchors(step: Step) -> set[str]:
    """The touchpoints from which those count that are planned again."""
    found = step.found
    again = found.anchored | found.retimed | {key for key, _n in found.added}
    is_all = found.is_of_all or step.resumes
    return {
        point.about
        for point in step.to.points
        if point.about in step.to.needs_sent and (is_all or point.key in again)
    }


def _needed(step: Step) -> list[ColumnElement[bool]]:
    """What a pass would read besides: what others count from, and what had the key of a new
    touchpoint before.
    """
    conditions: list[ColumnElement[bool]] = []
    if anchors := _anchors(step):
        counted_from = col(TouchRow.touchpoint).in_(sorted(anchors))
        conditions.append(and_(_STATUS_IS_SENT, counted_from))
    if step.found.added:
        conditions.append(col(TouchRow.touchpoint).in_(sorted({k for k, _ in step.found.added})))
    return conditions
