"""Who enters a journey when an event comes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from db.kinds import EnrolmentStatus, Per
from db.models.journeys import Enrolment
from px.core.bulk import chunks, insert_new
from px.core.events import Event
from px.core.settings import Settings
from px.journeys.compiled import Compiled
from px.journeys.facts import Asked
from px.journeys.parcels import concerns_line
from px.journeys.subjects import Entrant, Known
from px.journeys.versions import Running


def enrol(
    session: Session,
    journey: Running,
    events: Sequence[Event],
    *,
    settings: Settings,
    now: datetime,
) -> list[int]:
    """Everybody whom these events bring into the journey is inside, once; the numbers of the new
    enrolments.

    An event older than the journey's going live brings nobody in, nor does one that the condition
    refuses.
    """
    entering = [
        e
        for e in events
        if e.kind == journey.compiled.document.enter.on and e.at >= journey.went_live_at
    ]
    if not entering:
        return []
    probes = [_entrant(journey, event) for event in entering]
    known = Known(session, probes, [journey.compiled], settings, now)
    candidates = [found for event in entering for found in _candidates(journey, event, known)]
    if journey.compiled.document.per is Per.CUSTOMER:
        candidates = _may_enter_again(session, journey, candidates)
    return _insert(session, candidates, entering)


def _entrant(journey: Running, event: Event) -> Entrant:
    return Entrant(
        journey.id, journey.version_id, "", event.customer_id, event.order_id, None, event.at
    )


def _candidates(journey: Running, event: Event, known: Known) -> list[Entrant]:
    compiled = journey.compiled
    held_out = compiled.is_held_out(str(event.customer_id))
    found = []
    for key, line_id in _subjects(compiled, event, known):
        entrant = Entrant(
            journey.id,
            journey.version_id,
            key,
            event.customer_id,
            event.order_id,
            line_id,
            event.at,
            held_out,
        )
        facts = known.subject(entrant, compiled, is_paused=False).facts
        if compiled.where is None or compiled.where(Asked(facts, event.at, None, event.data)):
            found.append(entrant)
    return found


def _subjects(compiled: Compiled, event: Event, known: Known) -> list[tuple[str, int | None]]:
    per = compiled.document.per
    if per is Per.CUSTOMER:
        return [(f"customer:{event.customer_id}", None)] if event.customer_id else []
    order = known.orders.get(event.order_id or 0)
    if order is None or per is Per.SUBSCRIPTION:
        return []
    if per is Per.ORDER:
        return [(f"order:{event.order_id}", None)]
    return [
        (f"line:{line['id']}", line["id"])
        for line in order["lines"]
        if concerns_line(event.data, line["sku"], line["position"])
    ]


def _may_enter_again(
    session: Session, journey: Running, candidates: list[Entrant]
) -> list[Entrant]:
    """Those whom `again` lets in, numbered after the enrolments their customer has had."""
    had: dict[int | None, list[datetime]] = {}
    for chunk in chunks({c.customer_id for c in candidates}):
        rows = session.execute(
            select(col(Enrolment.customer_id), col(Enrolment.entered_at)).where(
                col(Enrolment.journey_id) == journey.id, col(Enrolment.customer_id).in_(chunk)
            )
        )
        for customer_id, entered_at in rows:
            had.setdefault(customer_id, []).append(entered_at)
    allowed = []
    for entrant in sorted(candidates, key=lambda c: c.entered_at):
        times = had.setdefault(entrant.customer_id, [])
        if entrant.entered_at in times or not _again(journey.compiled, times, entrant.entered_at):
            continue
        number = f"#{len(times) + 1}" if times else ""
        times.append(entrant.entered_at)
        allowed.append(replace(entrant, key=entrant.key + number))
    return allowed


def _again(compiled: Compiled, times: list[datetime], at: datetime) -> bool:
    if not times or compiled.document.enter.again == "always":
        return True
    return compiled.again_after is not None and at - max(times) >= compiled.again_after


def _insert(session: Session, entrants: list[Entrant], events: Sequence[Event]) -> list[int]:
    of_event = {(e.customer_id, e.order_id, e.at): e.id for e in events}
    rows = [
        {
            "journey_id": e.journey_id,
            "version_id": e.version_id,
            "key": e.key,
            "customer_id": e.customer_id,
            "order_id": e.order_id,
            "line_id": e.line_id,
            "entry_event_id": of_event.get((e.customer_id, e.order_id, e.entered_at)),
            "entered_at": e.entered_at,
            "status": EnrolmentStatus.ACTIVE,
            "is_holdout": e.is_holdout,
        }
        for e in entrants
    ]
    ids: list[int] = []
    for chunk in chunks(rows):
        insert_new(session, Enrolment, chunk, ["journey_id", "key"])
        keys = [row["key"] for row in chunk]
        ids += session.scalars(
            select(col(Enrolment.id)).where(
                col(Enrolment.journey_id) == chunk[0]["journey_id"], col(Enrolment.key).in_(keys)
            )
        )
    return ids
