"""The running of journeys: events are heard, touches that wake are planned again, outcomes settle
them.

Each pass is set-based, in chunks, and harmless to repeat: a touch is known by enrolment, touchpoint
and occurrence, and its message by that key.
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
from px.journeys.engine.compiled import Compiled
from px.journeys.engine.facts import OPEN, Touch
from px.journeys.running.entering import enrol
from px.journeys.running.queueing import Going, queue_going
from px.journeys.running.reacting import enrol_by_answers
from px.journeys.running.subjects import (
    Known,
    Subject,
    by_customer,
    enrolled,
    stored_touches,
    whole_chunks,
)
from px.journeys.running.together import plan_together
from px.journeys.running.versions import Running, compiled_versions, published, running_journeys
from px.messages import SettledMessage, cancel_for_touches, mark_told, take_outcomes

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
    concerned.update(
        enrol_by_answers(session, running.values(), events, settings=settings, now=now)
    )
    concerned.update(_concerned(session, events, published(session, running)))
    return replan(session, sorted(concerned), settings=settings, now=now)


def advance(session: Session, *, settings: Settings, now: datetime, limit: int = _CHUNK) -> int:
    """The enrolments of the next `limit` touches that wake up by `now` are planned anew, with all
    that wake up for the same customers; how many. Of each only what wakes up is planned.
    """
    awake = select(col(TouchRow.enrolment_id), col(TouchRow.customer_id)).where(
        col(TouchRow.wake_at) <= now
    )
    connection = session.connection()
    rows = list(connection.execute(awake.order_by(col(TouchRow.wake_at)).limit(limit)))
    if len(rows) == limit:
        # The cap is shared out among all that wants to go to a customer now.
        for chunk in chunks({row[1] for row in rows if row[1] is not None}):
            rows += connection.execute(awake.where(col(TouchRow.customer_id).in_(chunk)))
    ids = list(dict.fromkeys(row[0] for row in rows))
    planned = replan(session, ids, settings=settings, now=now, news=False)
    if len(ids) > planned:
        _sleep_for_good(session, ids)
    return len(ids)


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
    running = running_journeys(session, planning=True) if enrolment_ids else {}
    count = 0
    entered = [e for ids in chunks(enrolment_ids, _CHUNK) for e in enrolled(session, ids)]
    for people in whole_chunks(by_customer(entered), _CHUNK):
        entrants = [e for own in people for e in own]
        compiled = compiled_versions(session, [e.version_id for e in entrants])
        counted_from = set().union(*(version.needs_sent for version in compiled.values()))
        awake = None if news else (now, counted_from)
        stored = stored_touches(session, [e.id for e in entrants], awake=awake)
        known = Known(session, entrants, compiled.values(), settings, now)
        changes = _Changes(now, is_partial=not news)
        for own in people:
            subjects = []
            for entrant in own:
                paused = entrant.journey_id not in running or running[entrant.journey_id].is_paused
                subject = known.subject(entrant, compiled[entrant.version_id], is_paused=paused)
                subject.facts.is_without_news = not news
                subjects.append(subject)
            changes.compare(subjects, stored, running)
        changes.write(
            session, settings=settings, priorities={key: j.priority for key, j in running.items()}
        )
        replan(session, changes.leaving, settings=settings, now=now)
        count += len(entrants)
    return count


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
        self.leaving: list[int] = []

    def compare(
        self,
        subjects: list[Subject],
        stored: dict[int, dict[tuple[str, int], tuple[int, Touch]]],
        running: dict[int, Running],
    ) -> None:
        """Notes every difference between one customer's touches as they stand and as they are
        planned.
        """
        parts = []
        for subject in subjects:
            rows = stored.get(subject.id, {})
            subject.facts.touches = {key: touch for key, (_id, touch) in rows.items()}
            subject.touch_ids = {key: row_id for key, (row_id, _touch) in rows.items()}
            parts.append((subject.compiled, subject.facts, _priority(running, subject.journey_id)))
        planned = plan_together(parts, self.now)
        for subject, touches in zip(subjects, planned, strict=True):
            self._note(subject, stored.get(subject.id, {}), touches)

    def _note(
        self,
        subject: Subject,
        stored: dict[tuple[str, int], tuple[int, Touch]],
        planned: list[Touch],
    ) -> None:
        if self.is_partial and any(touch.reason is Reason.EXITED for touch in planned):
            # With it ends all that is open, also what does not wake up now.
            self.leaving.append(subject.id)
            return
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
        **_standing(touch),
    }


def _changed_row(row_id: int, touch: Touch) -> dict[str, Any]:
    return {"b_id": row_id, **_standing(touch)}


def _standing(touch: Touch) -> dict[str, Any]:
    return {
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


def _concerned(
    session: Session, events: Sequence[Event], listening: Sequence[Compiled]
) -> list[int]:
    """The active enrolments of the events' orders and customers, where some version of a journey
    listens to such events.
    """
    kinds = {e.kind for e in events}
    heard = {kind for kind in kinds if any(_listens(each, kind) for each in listening)}
    listened = [e for e in events if e.kind in heard]
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
