"""The running of journeys: events are heard, touches that wake are planned again, outcomes settle
them.

Each pass is set-based, in chunks, and harmless to repeat: a touch is known by enrolment,
touchpoint and
occurrence, and its message by that key.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, or_, select, update
from sqlmodel import Session, col

from db.kinds import EnrolmentStatus, EventKind, MessageStatus, Reason, TouchStatus
from db.models.journeys import Enrolment
from db.models.journeys import Touch as TouchRow
from px.core.bulk import chunks, insert_new, table_of
from px.core.events import Event, NewEvent, record_events
from px.core.settings import Settings
from px.journeys.compiled import Compiled
from px.journeys.entering import enrol
from px.journeys.facts import Touch
from px.journeys.plan import plan
from px.journeys.queueing import Going, queue_going
from px.journeys.subjects import Known, Subject, enrolled, stored_touches
from px.journeys.versions import Running, compiled_versions, running_journeys
from px.messages import SettledMessage, cancel_for_touches, mark_told, take_outcomes

OPEN = (TouchStatus.WAITING, TouchStatus.PLANNED, TouchStatus.HELD)
_CHUNK = 1000


def hear(session: Session, events: Sequence[Event], *, settings: Settings, now: datetime) -> int:
    """Whoever these events bring in is inside, and every enrolment they concern is planned afresh;
    how many.
    """
    running = running_journeys(session)
    if not running:
        return 0
    concerned: set[int] = set()
    for journey in running.values():
        concerned.update(enrol(session, journey, events, settings=settings, now=now))
    concerned.update(_concerned(session, events, running))
    return replan(session, sorted(concerned), settings=settings, now=now)


def advance(session: Session, *, settings: Settings, now: datetime, limit: int = _CHUNK) -> int:
    """At most `limit` enrolments with a touch that wakes up by `now` are planned anew; how many.

    A stale one is planned as a whole, of another only what wakes up.
    """
    rows = session.connection().execute(
        select(col(TouchRow.enrolment_id), col(Enrolment.is_stale))
        .join(Enrolment, col(Enrolment.id) == col(TouchRow.enrolment_id))
        .where(col(TouchRow.wake_at) <= now)
        .order_by(col(TouchRow.wake_at))
        .limit(limit)
    )
    stale = {row[0]: row[1] for row in rows}
    changed = [enrolment_id for enrolment_id, is_stale in stale.items() if is_stale]
    others = [enrolment_id for enrolment_id, is_stale in stale.items() if not is_stale]
    planned = replan(session, changed, settings=settings, now=now)
    planned += replan(session, others, settings=settings, now=now, news=False)
    if len(stale) > planned:
        _sleep_for_good(session, list(stale))
    return len(stale)


def settle(session: Session, *, settings: Settings, now: datetime, limit: int = 1000) -> int:
    """At most `limit` messages that have come to an end have settled their touches; how many."""
    outcomes = take_outcomes(session, limit)
    if not outcomes:
        return 0
    of_touches = {o.touch_id: _outcome_row(o) for o in outcomes if o.touch_id is not None}
    _update_touches(session, list(of_touches.values()))
    record_events(session, (_sent_event(o) for o in outcomes if o.sent_at is not None), now=now)
    mark_told(session, [o.message_id for o in outcomes], now=now)
    _after_settling(session, list(of_touches), settings=settings, now=now)
    return len(outcomes)


def _outcome_row(outcome: SettledMessage) -> dict[str, Any]:
    cancelled = outcome.status == MessageStatus.CANCELLED
    return {
        "b_id": outcome.touch_id,
        "status": TouchStatus.SKIPPED if cancelled else outcome.status,
        "reason": outcome.reason,
        "settled_at": outcome.sent_at or outcome.settled_at,
        "channel": outcome.channel,
    }


def _sent_event(outcome: SettledMessage) -> NewEvent:
    about = {"touchpoint": outcome.touchpoint, "journey": outcome.journey_key}
    return NewEvent(
        key=f"message:{outcome.message_id}:sent",
        kind=EventKind.MESSAGE_SENT,
        at=outcome.sent_at or outcome.settled_at,
        customer_id=outcome.customer_id,
        order_id=outcome.order_id,
        data=about | {"channel": outcome.channel},
        source="px",
    )


def replan(
    session: Session,
    enrolment_ids: Sequence[int],
    *,
    settings: Settings,
    now: datetime,
    news: bool = True,
) -> int:
    """These enrolments' touches are as `plan` says at `now`, and whatever goes is in the outbox;
    how many are active.
    """
    running = running_journeys(session) if enrolment_ids else {}
    count = 0
    for ids in chunks(enrolment_ids, _CHUNK):
        entrants = enrolled(session, ids)
        compiled = compiled_versions(session, [e.version_id for e in entrants])
        counted_from = set().union(*(version.needs_sent for version in compiled.values()))
        awake = None if news else (now, counted_from)
        stored = stored_touches(session, [e.id for e in entrants], awake=awake)
        known = Known(session, entrants, compiled.values(), settings, now)
        changes = _Changes(now, is_partial=not news)
        for entrant in sorted(entrants, key=lambda e: (-_priority(running, e.journey_id), e.id)):
            paused = entrant.journey_id not in running or running[entrant.journey_id].is_paused
            subject = known.subject(entrant, compiled[entrant.version_id], is_paused=paused)
            subject.facts.is_without_news = not news
            changes.compare(subject, stored.get(entrant.id, {}))
        changes.write(
            session, settings=settings, priorities={key: j.priority for key, j in running.items()}
        )
        if news:
            _refreshed(session, ids)
        count += len(entrants)
    return count


def _refreshed(session: Session, enrolment_ids: Sequence[int]) -> None:
    session.connection().execute(
        update(Enrolment)
        .where(col(Enrolment.id).in_(enrolment_ids), col(Enrolment.is_stale))
        .values(is_stale=False)
    )


def _priority(running: dict[int, Running], journey_id: int) -> int:
    return running[journey_id].priority if journey_id in running else 0


class _Changes:
    """What one chunk's plans change, collected and then written at once."""

    def __init__(self, now: datetime, *, is_partial: bool) -> None:
        self.now = now
        self.is_partial = is_partial
        self.inserts: list[dict[str, Any]] = []
        self.updates: list[dict[str, Any]] = []
        self.going: list[Going] = []
        self.exited: list[int] = []
        self.completed: list[int] = []
        self.perhaps_complete: list[int] = []
        self.recalled: list[int] = []

    def compare(self, subject: Subject, stored: dict[tuple[str, int], tuple[int, Touch]]) -> None:
        """Notes every difference between the touches as they stand and as they are planned."""
        subject.facts.touches = {key: touch for key, (_id, touch) in stored.items()}
        subject.touch_ids = {key: row_id for key, (row_id, _touch) in stored.items()}
        planned = plan(subject.compiled, subject.facts, self.now)
        for touch in planned:
            before = stored.get(touch.key)
            if before is None:
                self.inserts.append(_new_row(subject, touch))
            elif before[1] != touch:
                self.updates.append(_changed_row(before[0], touch))
            if touch.status is TouchStatus.QUEUED and (
                before is None or before[1].status is not TouchStatus.QUEUED
            ):
                self.going.append(Going(subject, touch))
        self._remove(stored, {touch.key for touch in planned})
        self._end(subject, planned)

    def _remove(
        self, stored: dict[tuple[str, int], tuple[int, Touch]], kept: set[tuple[str, int]]
    ) -> None:
        for key, (row_id, touch) in stored.items():
            if key not in kept and touch.status in OPEN:
                removed = touch._replace(
                    status=TouchStatus.SKIPPED,
                    reason=Reason.REMOVED,
                    wake_at=None,
                    settled_at=self.now,
                )
                self.updates.append(_changed_row(row_id, removed))

    def _end(self, subject: Subject, planned: list[Touch]) -> None:
        if any(touch.reason is Reason.EXITED for touch in planned):
            self.exited.append(subject.id)
            self.recalled += [
                subject.touch_ids[t.key] for t in planned if t.status is TouchStatus.QUEUED
            ]
        elif all(touch.settled_at is not None for touch in planned):
            ended = self.perhaps_complete if self.is_partial else self.completed
            ended.append(subject.id)

    def write(self, session: Session, *, settings: Settings, priorities: dict[int, int]) -> None:
        """The touches, the messages and the ends of enrolments stand in the tables."""
        insert_new(session, TouchRow, self.inserts, ["enrolment_id", "touchpoint", "occurrence"])
        _update_touches(session, self.updates)
        queue_going(session, self.going, settings=settings, priorities=priorities, now=self.now)
        cancel_for_touches(session, self.recalled, reason=Reason.EXITED, now=self.now)
        for ids, status in (
            (self.exited, EnrolmentStatus.EXITED),
            (self.completed, EnrolmentStatus.COMPLETED),
        ):
            _end_enrolments(session, ids, status, now=self.now)
        for chunk in chunks(self.perhaps_complete):
            _complete(session, chunk, now=self.now)


def _new_row(subject: Subject, touch: Touch) -> dict[str, Any]:
    return {
        "enrolment_id": subject.id,
        "journey_id": subject.journey_id,
        "customer_id": subject.customer_id,
        "touchpoint": touch.touchpoint,
        "occurrence": touch.occurrence,
        "purpose": "marketing"
        if subject.compiled.by_key[touch.touchpoint].is_marketing
        else "transactional",
        "status": touch.status,
        "reason": touch.reason,
        "due_at": touch.due_at,
        "wake_at": touch.wake_at,
        "settled_at": touch.settled_at,
        "channel": touch.channel,
        "variant": touch.variant,
    }


def _changed_row(row_id: int, touch: Touch) -> dict[str, Any]:
    return {
        "b_id": row_id,
        "status": touch.status,
        "reason": touch.reason,
        "due_at": touch.due_at,
        "wake_at": touch.wake_at,
        "settled_at": touch.settled_at,
        "channel": touch.channel,
        "variant": touch.variant,
    }


def _update_touches(session: Session, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    table = table_of(TouchRow)
    names = [name for name in rows[0] if name != "b_id"]
    statement = (
        update(table)
        .where(table.c.id == bindparam("b_id"))
        .values({name: bindparam(f"n_{name}") for name in names})
    )
    values = [{"b_id": row["b_id"]} | {f"n_{name}": row[name] for name in names} for row in rows]
    session.connection().execute(statement, values)


def _end_enrolments(
    session: Session, ids: Iterable[int], status: EnrolmentStatus, *, now: datetime
) -> None:
    for chunk in chunks(ids):
        session.connection().execute(
            update(Enrolment)
            .where(col(Enrolment.id).in_(chunk))
            .values(status=status, ended_at=now)
        )


def _concerned(session: Session, events: Sequence[Event], running: dict[int, Running]) -> list[int]:
    """The active enrolments of the events' orders and customers, where their journey listens to
    such events.
    """
    listened = [e for e in events if any(_listens(j.compiled, e.kind) for j in running.values())]
    orders = {e.order_id for e in listened if e.order_id}
    customers = {e.customer_id for e in listened if e.customer_id}
    ids: list[int] = []
    for chunk in chunks([("order", o) for o in orders] + [("customer", c) for c in customers]):
        of_orders = [value for kind, value in chunk if kind == "order"]
        of_customers = [value for kind, value in chunk if kind == "customer"]
        whose = or_(
            col(Enrolment.order_id).in_(of_orders), col(Enrolment.customer_id).in_(of_customers)
        )
        ids += session.scalars(
            select(col(Enrolment.id)).where(col(Enrolment.status) == EnrolmentStatus.ACTIVE, whose)
        )
    return ids


def _listens(compiled: Compiled, kind: str) -> bool:
    return kind in compiled.kinds or any(point.anchor == "date" for point in compiled.points)


def _after_settling(
    session: Session, touch_ids: list[int], *, settings: Settings, now: datetime
) -> None:
    """What hangs on touches that were just settled is planned; enrolments with nothing open are
    complete.
    """
    again: set[int] = set()
    for ids in chunks(touch_ids):
        rows = session.execute(
            select(col(TouchRow.enrolment_id), col(TouchRow.touchpoint), col(Enrolment.version_id))
            .join(Enrolment, col(Enrolment.id) == col(TouchRow.enrolment_id))
            .where(col(TouchRow.id).in_(ids))
        ).all()
        compiled = compiled_versions(session, [version_id for _, _, version_id in rows])
        again.update(
            e for e, touchpoint, version_id in rows if touchpoint in compiled[version_id].needs_sent
        )
        _complete(session, [e for e, _, _ in rows], now=now)
    replan(session, sorted(again), settings=settings, now=now)


def _complete(session: Session, enrolment_ids: list[int], *, now: datetime) -> None:
    unsettled = exists().where(
        col(TouchRow.enrolment_id) == col(Enrolment.id),
        col(TouchRow.status).in_([*OPEN, TouchStatus.QUEUED]),
    )
    session.connection().execute(
        update(Enrolment)
        .where(
            col(Enrolment.id).in_(enrolment_ids),
            col(Enrolment.status) == EnrolmentStatus.ACTIVE,
            ~unsettled,
        )
        .values(status=EnrolmentStatus.COMPLETED, ended_at=now)
    )


def _sleep_for_good(session: Session, enrolment_ids: list[int]) -> None:
    """Touches of enrolments that have ended wake nobody any more."""
    ended = select(col(Enrolment.id)).where(
        col(Enrolment.id).in_(enrolment_ids), col(Enrolment.status) != EnrolmentStatus.ACTIVE
    )
    session.connection().execute(
        update(TouchRow).where(col(TouchRow.enrolment_id).in_(ended)).values(wake_at=None)
    )


def wake_all(session: Session, journey_id: int, *, now: datetime) -> int:
    """Every active enrolment of the journey is planned as a whole in the next passes; how many
    open touches they have.
    """
    inside = (col(Enrolment.journey_id) == journey_id) & (
        col(Enrolment.status) == EnrolmentStatus.ACTIVE
    )
    session.connection().execute(update(Enrolment).where(inside).values(is_stale=True))
    result = session.connection().execute(
        update(TouchRow)
        .where(
            col(TouchRow.enrolment_id).in_(select(col(Enrolment.id)).where(inside)),
            col(TouchRow.status).in_(OPEN),
        )
        .values(wake_at=now)
    )
    return int(result.rowcount)
