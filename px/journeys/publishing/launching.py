"""Before a first launch: who would enter, and what they would get. Nothing is written."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from db.kinds import Per, Reason, TouchStatus
from px.core.bulk import chunks
from px.core.events import newest_of_kind
from px.core.settings import Settings
from px.journeys.document import Document
from px.journeys.engine.compiled import Compiled, compile_document
from px.journeys.engine.facts import TO_COME, Facts, Touch
from px.journeys.running.entering import Candidate, admitted, candidates
from px.journeys.running.subjects import Entrant, Known, by_customer, whole_chunks
from px.journeys.running.together import plan_together

_PART = 1000
_MOST_EVENTS = 1_000_000


@dataclass(frozen=True, slots=True)
class Launch:
    """What taking in those who came since a day would do: how many people enter; how many messages
    go at once, are planned for the next seven days, are too late and skipped.
    """

    people: int = 0
    at_once: int = 0
    next_days: int = 0
    too_late: int = 0


def effect_of_launching(
    session: Session, document: Document, *, since: datetime, settings: Settings, now: datetime
) -> Launch:
    """What publishing this document for the first time does when those since then enter too."""
    journey = compile_document(document)
    entering = _entering(session, journey, since=since, settings=settings, now=now)
    entrants = [_entrant(number, one) for number, one in enumerate(entering, 1)]
    people = {one.customer_id or -one.id for one in entrants}
    at_once = next_days = too_late = 0
    for part in whole_chunks(by_customer(entrants), _PART):
        known = Known(session, [e for own in part for e in own], [journey], settings, now)
        for own in part:
            facts = [known.subject(one, journey, is_paused=False).facts for one in own]
            for touch in _touches(journey, facts, now):
                at_once += touch.status is TouchStatus.QUEUED
                next_days += _is_soon(touch, now)
                too_late += touch.status is TouchStatus.SKIPPED and touch.reason is Reason.LATE
    return Launch(len(people), at_once, next_days, too_late)


def people_since(
    session: Session, document: Document, *, since: datetime, settings: Settings, now: datetime
) -> int:
    """How many people would have entered since then."""
    journey = compile_document(document)
    entering = _entering(session, journey, since=since, settings=settings, now=now)
    return len({one.customer_id for one in entering})


def _touches(journey: Compiled, facts: list[Facts], now: datetime) -> list[Touch]:
    parts = [(journey, each, 0) for each in facts]
    return [touch for planned in plan_together(parts, now) for touch in planned]


def _is_soon(touch: Touch, now: datetime) -> bool:
    soon = now + timedelta(days=7)
    return touch.status in TO_COME and touch.due_at is not None and touch.due_at <= soon


def _entering(
    session: Session, journey: Compiled, *, since: datetime, settings: Settings, now: datetime
) -> list[Candidate]:
    """Whom the entry events since then bring in, with `again` kept."""
    kind = journey.document.enter.on
    events, _total = newest_of_kind(session, kind, since=since, until=now, limit=_MOST_EVENTS)
    found = [
        one
        for part in chunks(events)
        for one in candidates(session, journey, part, settings=settings, now=now)
    ]
    return admitted(journey, found, {}) if journey.document.per is Per.CUSTOMER else found


def _entrant(number: int, one: Candidate) -> Entrant:
    about = (one.customer_id, one.order_id, one.line_id, one.entered_at, one.is_holdout)
    return Entrant(0, 0, one.key, *about, number)
