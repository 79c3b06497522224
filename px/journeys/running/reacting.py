"""What an answer does beyond its own journey: who answered so enters another one."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from db.kinds import EventKind
from db.models.journeys import Enrolment
from px.core.bulk import chunks
from px.core.events import Event
from px.core.settings import Settings
from px.journeys.engine.concerns import concerned_as
from px.journeys.engine.facts import Happening
from px.journeys.engine.holding import is_about, reaction_to
from px.journeys.running.entering import take_in
from px.journeys.running.subjects import Entrant, Known, Subject, about_of, all_enrolled
from px.journeys.running.versions import Running, compiled_versions


class Answered(NamedTuple):
    """An answer that brings somebody to the door of another journey."""

    id: int | None
    at: datetime
    customer_id: int | None
    order_id: int | None
    data: dict[str, Any]


def enrol_by_answers(
    session: Session,
    running: Iterable[Running],
    events: Sequence[Event],
    *,
    settings: Settings,
    now: datetime,
) -> list[int]:
    """Whoever answered so that a reaction enrols them is inside the journey it names, if that one
    runs and its condition lets them in; the numbers of the new enrolments.
    """
    answers = [event for event in events if event.kind == EventKind.ANSWERED]
    if not answers:
        return []
    arriving = _arrivals(session, answers, settings=settings, now=now)
    entered: list[int] = []
    for journey in running:
        if arrivals := arriving.get(journey.key):
            entered += take_in(session, journey, arrivals, settings=settings, now=now)
    return entered


def _arrivals(
    session: Session, answers: Sequence[Event], *, settings: Settings, now: datetime
) -> dict[str, list[Answered]]:
    """Who comes to which journey. An enrolment that has ended still hears what was answered."""
    entrants = all_enrolled(session, _enrolments(session, answers))
    compiled = compiled_versions(session, [entrant.version_id for entrant in entrants])
    asking = {key: c for key, c in compiled.items() if c.enrolling}
    if not asking:
        return {}
    entrants = [entrant for entrant in entrants if entrant.version_id in asking]
    said: dict[int | None, list[Event]] = {}
    for event in answers:
        said.setdefault(event.customer_id, []).append(event)
    known = Known(session, entrants, asking.values(), settings, now)
    found: dict[str, list[Answered]] = {}
    for entrant in entrants:
        subject = known.subject(entrant, asking[entrant.version_id], is_paused=False)
        for event in said.get(entrant.customer_id, ()):
            for key in _enrolled_in(subject, entrant, event):
                found.setdefault(key, []).append(_answered(event, entrant))
    return found


def _enrolled_in(subject: Subject, entrant: Entrant, event: Event) -> Iterator[str]:
    """The journeys that the answer leads this enrolment's customer into."""
    journey = subject.compiled
    about = about_of(journey, entrant, subject.line)
    if concerned_as(journey, about, event.kind, event.at, event.order_id, event.data):
        happening = Happening(event.at, event.data)
        for point in journey.enrolling:
            if is_about(happening, point.key, point.question):
                reaction = reaction_to(point, subject.facts, happening)
                yield from reaction.enrols if reaction else ()


def _answered(event: Event, entrant: Entrant) -> Answered:
    order_id = event.order_id or entrant.order_id
    return Answered(event.id, event.at, event.customer_id, order_id, event.data)


def _enrolments(session: Session, answers: Sequence[Event]) -> list[int]:
    ids: list[int] = []
    for people in chunks({event.customer_id for event in answers if event.customer_id}):
        statement = select(col(Enrolment.id)).where(col(Enrolment.customer_id).in_(people))
        ids += session.scalars(statement)
    return ids
