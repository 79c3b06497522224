"""Who enters a journey when an event comes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select
from sqlmodel import Session, col

from db.kinds import EnrolmentStatus, Per
from db.models.journeys import Enrolment
from px.core.bulk import chunks, insert_new
from px.core.events import Event
from px.core.settings import Settings
from px.journeys.engine.compiled import Compiled
from px.journeys.engine.facts import Asked
from px.journeys.engine.parcels import concerns_line
from px.journeys.running.subjects import Entrant, Known, Subject
from px.journeys.running.versions import Running


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
    kind = journey.compiled.document.enter.on
    return take_in(
        session, journey, [e for e in events if e.kind == kind], settings=settings, now=now
    )


def take_in(
    session: Session,
    journey: Running,
    arrivals: Sequence["Arrival"],
    *,
    settings: Settings,
    now: datetime,
) -> list[int]:
    """Everybody of these is inside, once, unless they came before the journey went live or its
    condition refuses them; the numbers of the new enrolments.
    """
    entering = [each for each in arrivals if each.at >= journey.went_live_at]
    if not entering:
        return []
    found = candidates(session, journey.compiled, entering, settings=settings, now=now)
    if journey.test_addresses is not None:
        found = [one for one in found if one.emails & journey.test_addresses]
    if journey.compiled.document.per is Per.CUSTOMER:
        found = admitted(journey.compiled, found, _entered_before(session, journey, found))
    return _insert(session, journey, found)


def who_would_enter(
    session: Session,
    journey: Compiled,
    events: Sequence[Event],
    *,
    settings: Settings,
    now: datetime,
) -> list[tuple[int, datetime]]:
    """Which customers these events would bring into the journey, and when, `again` left aside."""
    entering = [event for event in events if event.kind == journey.document.enter.on]
    found = candidates(session, journey, entering, settings=settings, now=now)
    return [(one.customer_id, one.entered_at) for one in found if one.customer_id]


class Arrival(Protocol):
    """What brings somebody to the door: an event, or an answer that another journey heard."""

    @property
    def id(self) -> int | None:
        """The event's number."""

    @property
    def at(self) -> datetime:
        """When."""

    @property
    def customer_id(self) -> int | None:
        """Whom."""

    @property
    def order_id(self) -> int | None:
        """With which order."""

    @property
    def data(self) -> dict[str, Any]:
        """What was told of it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whom an event brings to the door."""

    key: str
    customer_id: int | None
    order_id: int | None
    line_id: int | None
    entered_at: datetime
    is_holdout: bool
    emails: frozenset[str]
    event_id: int | None


def candidates(
    session: Session,
    journey: Compiled,
    events: Sequence["Arrival"],
    *,
    settings: Settings,
    now: datetime,
) -> list[Candidate]:
    """Whom these events would bring into the journey, `again` left aside."""
    probes = [Entrant(0, 0, "", e.customer_id, e.order_id, None, e.at) for e in events]
    known = Known(session, probes, [journey], settings, now)
    return [
        found
        for event, probe in zip(events, probes, strict=True)
        for found in _of_event(journey, event, probe, known)
    ]


def _of_event(
    journey: Compiled, event: "Arrival", probe: Entrant, known: Known
) -> Iterator[Candidate]:
    held_out = journey.is_held_out(str(event.customer_id))
    for key, line_id in _subjects(journey, event, known):
        entrant = replace(probe, key=key, line_id=line_id, is_holdout=held_out)
        subject = known.subject(entrant, journey, is_paused=False)
        if journey.where is None or journey.where(Asked(subject.facts, event.at, None, event.data)):
            yield Candidate(
                key,
                event.customer_id,
                event.order_id,
                line_id,
                event.at,
                held_out,
                _emails(subject),
                event.id,
            )


def _emails(subject: Subject) -> frozenset[str]:
    written = ((subject.order or {}).get("email"), subject.customer.get("email"))
    return frozenset(email.lower() for email in written if email)


def _subjects(compiled: Compiled, event: "Arrival", known: Known) -> list[tuple[str, int | None]]:
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


def _entered_before(
    session: Session, journey: Running, candidates: list[Candidate]
) -> dict[int | None, list[datetime]]:
    """When the customers of these have entered the journey before."""
    had: dict[int | None, list[datetime]] = {}
    for chunk in chunks({c.customer_id for c in candidates}):
        rows = session.execute(
            select(col(Enrolment.customer_id), col(Enrolment.entered_at)).where(
                col(Enrolment.journey_id) == journey.id, col(Enrolment.customer_id).in_(chunk)
            )
        )
        for customer_id, entered_at in rows:
            had.setdefault(customer_id, []).append(entered_at)
    return had


def admitted(
    journey: Compiled, candidates: list[Candidate], had: Mapping[int | None, Sequence[datetime]]
) -> list[Candidate]:
    """Those whom `again` lets in, the earliest first, numbered after the enrolments their customer
    has `had`.
    """
    entered = {customer_id: list(times) for customer_id, times in had.items()}
    found = []
    for one in sorted(candidates, key=lambda c: c.entered_at):
        times = entered.setdefault(one.customer_id, [])
        if journey.lets_in(times, one.entered_at):
            found.append(replace(one, key=one.key + (f"#{len(times) + 1}" if times else "")))
            times.append(one.entered_at)
    return found


def _insert(session: Session, journey: Running, entering: Sequence[Candidate]) -> list[int]:
    rows = [
        {
            "journey_id": journey.id,
            "version_id": journey.version_id,
            "key": one.key,
            "customer_id": one.customer_id,
            "order_id": one.order_id,
            "line_id": one.line_id,
            "entry_event_id": one.event_id,
            "entered_at": one.entered_at,
            "status": EnrolmentStatus.ACTIVE,
            "is_holdout": one.is_holdout,
        }
        for one in entering
    ]
    ids: list[int] = []
    for chunk in chunks(rows):
        insert_new(session, Enrolment, chunk, ["journey_id", "key"])
        keys = [row["key"] for row in chunk]
        ids += session.scalars(
            select(col(Enrolment.id)).where(
                col(Enrolment.journey_id) == journey.id, col(Enrolment.key).in_(keys)
            )
        )
    return ids
