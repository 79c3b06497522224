"""What publishing or resuming would do to those inside, counted before. Nothing is written.

The same `plan` answers, asked for everybody inside; where many are, for the first so many of them,
and the counts say that they are a part.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlmodel import Session, col

from db.kinds import EnrolmentStatus, Reason, TouchStatus
from db.models.journeys import Enrolment
from px.core.bulk import chunks
from px.core.settings import Settings
from px.journeys.compiled import Compiled, compile_document
from px.journeys.document import Document
from px.journeys.drafts import journey_row
from px.journeys.facts import Touch, TouchKey
from px.journeys.plan import plan
from px.journeys.subjects import Known, enrolled, stored_touches
from px.journeys.versions import compiled_versions

MOST_ASKED = 2000
OPEN = (TouchStatus.WAITING, TouchStatus.PLANNED, TouchStatus.HELD)
_SAME = timedelta(minutes=1)
Plans = tuple[Mapping[TouchKey, Touch], list[Touch]]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does: to how many inside, and to how many of their touches.

    `asked` is for how many of those inside it was counted.
    """

    inside: int = 0
    asked: int = 0
    moved: int = 0
    added: int = 0
    at_once: int = 0
    removed: int = 0
    too_late: int = 0
    to_review: int = 0
    held: int = 0

    @property
    def is_part(self) -> bool:
        """Whether only a part of those inside was asked."""
        return self.asked < self.inside


def effect_of_publishing(
    session: Session, key: str, document: Document, *, settings: Settings, now: datetime
) -> Effect:
    """What publishing this document does to those inside, if they move to it."""
    journey_id = journey_row(session, key).id or 0
    compiled = compile_document(document)
    plans = _plans(session, journey_id, compiled, settings, now)
    return replace(count_changes(plans), inside=_inside(session, journey_id))


def effect_of_resuming(session: Session, key: str, *, settings: Settings, now: datetime) -> Effect:
    """What resuming the paused journey does with what it has held."""
    journey_id = journey_row(session, key).id or 0
    plans = _plans(session, journey_id, None, settings, now)
    return replace(count_released(plans), inside=_inside(session, journey_id))


def count_changes(plans: Iterable[Plans]) -> Effect:
    """How the touches of a new plan differ from those that stand."""
    counts: Counter[str] = Counter()
    for before, after in plans:
        counts["asked"] += 1
        planned = {touch.key: touch for touch in after}
        for key, touch in planned.items():
            counts.update(_change(before.get(key), touch))
        counts["removed"] += sum(
            1 for key, touch in before.items() if key not in planned and touch.status in OPEN
        )
    return Effect(**counts)


def count_released(plans: Iterable[Plans]) -> Effect:
    """What becomes of the touches that a pause has held."""
    counts: Counter[str] = Counter()
    for before, after in plans:
        counts["asked"] += 1
        for touch in after:
            was = before.get(touch.key)
            if was is not None and was.reason is Reason.PAUSED:
                counts["held"] += 1
                counts.update(_fate(touch))
    return Effect(**counts)


def _change(before: Touch | None, after: Touch) -> list[str]:
    if before is not None and before.status not in OPEN:
        return []
    found = _fate(after)
    if before is None:
        found.append("added")
    elif before.due_at and after.due_at and after.status in OPEN:
        found += ["moved"] if abs(after.due_at - before.due_at) >= _SAME else []
    return found


def _fate(touch: Touch) -> list[str]:
    if touch.status is TouchStatus.QUEUED:
        return ["at_once"]
    if touch.status is TouchStatus.REVIEW:
        return ["to_review"]
    late = touch.status is TouchStatus.SKIPPED and touch.reason is Reason.LATE
    return ["too_late"] if late else []


def _plans(
    session: Session,
    journey_id: int,
    compiled: Compiled | None,
    settings: Settings,
    now: datetime,
) -> Iterator[Plans]:
    """The touches as they stand and as planned; without `compiled`, by their own version."""
    ids = session.scalars(_active(journey_id).order_by(col(Enrolment.id)).limit(MOST_ASKED))
    for chunk in chunks(ids, 500):
        entrants = enrolled(session, [one for one in chunk if one])
        versions = compiled_versions(session, [e.version_id for e in entrants])
        own = {e.id: compiled or versions[e.version_id] for e in entrants}
        stored = stored_touches(session, [e.id for e in entrants])
        known = Known(session, entrants, own.values(), settings, now)
        for entrant in entrants:
            facts = known.subject(entrant, own[entrant.id], is_paused=False).facts
            before = {key: touch for key, (_row, touch) in stored.get(entrant.id, {}).items()}
            facts.touches = before
            yield before, plan(own[entrant.id], facts, now)


def _active(journey_id: int) -> Select[int | None]:
    return select(col(Enrolment.id)).where(
        col(Enrolment.journey_id) == journey_id,
        col(Enrolment.status) == EnrolmentStatus.ACTIVE,
    )


def _inside(session: Session, journey_id: int) -> int:
    statement = select(func.count()).select_from(_active(journey_id).subquery())
    return session.scalar(statement) or 0
