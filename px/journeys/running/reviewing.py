"""Touches that came too late: those that wait for somebody's decision go now or are dropped, and
what was skipped can still be sent.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from db.kinds import Channel, Reason, TouchStatus
from db.models.journeys import Enrolment
from db.models.journeys import Touch as TouchRow
from px.core.bulk import chunks
from px.core.settings import Settings
from px.journeys.engine.facts import Touch
from px.journeys.plan import choose_channel
from px.journeys.running.queueing import Going, queue_going
from px.journeys.running.subjects import Entrant, Known, Subject, all_enrolled
from px.journeys.running.versions import compiled_versions, running_journeys
from px.messages import with_message


def drop_late(session: Session, touch_ids: Sequence[int], *, now: datetime) -> int:
    """Those of the touches that still wait for a decision will not go; how many."""
    return sum(
        session.connection()
        .execute(
            update(TouchRow)
            .where(col(TouchRow.id).in_(chunk), col(TouchRow.status) == TouchStatus.REVIEW)
            .values(status=TouchStatus.SKIPPED, reason=Reason.LATE, settled_at=now)
        )
        .rowcount
        for chunk in chunks(touch_ids)
    )


def review_again(session: Session, touch_ids: Sequence[int]) -> int:
    """Those of the touches that were dropped or skipped as late wait for a decision; how many.

    One that has a message stays: what became of that is seen in the outbox.
    """
    again = 0
    for chunk in chunks(touch_ids):
        has_message = with_message(session, chunk)
        result = session.connection().execute(
            update(TouchRow)
            .where(
                col(TouchRow.id).in_([one for one in chunk if one not in has_message]),
                col(TouchRow.status) == TouchStatus.SKIPPED,
                col(TouchRow.reason) == Reason.LATE,
            )
            .values(status=TouchStatus.REVIEW, settled_at=None)
        )
        again += result.rowcount
    return again


def send_late(
    session: Session, touch_ids: Sequence[int], *, settings: Settings, now: datetime
) -> int:
    """Those of the touches that still wait for a decision go now, as far as the customer may be
    written to; how many are in the outbox.
    """
    going = 0
    for chunk in chunks(touch_ids):
        going += _send(session, chunk, settings=settings, now=now)
    return going


def _send(session: Session, touch_ids: list[int], *, settings: Settings, now: datetime) -> int:
    rows = _waiting(session, touch_ids)
    entrants = {e.id: e for e in all_enrolled(session, [row.enrolment_id for row in rows])}
    compiled = compiled_versions(session, [e.version_id for e in entrants.values()])
    known = Known(session, list(entrants.values()), compiled.values(), settings, now)
    going: list[Going] = []
    for row in rows:
        entrant: Entrant = entrants[row.enrolment_id]
        subject = known.subject(entrant, compiled[entrant.version_id], is_paused=False)
        each = _decided(session, row, subject, now)
        if each is not None:
            going.append(each)
    session.flush()
    priorities = {journey.id: journey.priority for journey in running_journeys(session).values()}
    queue_going(session, going, settings=settings, priorities=priorities, now=now)
    return len(going)


def _waiting(session: Session, touch_ids: list[int]) -> list[TouchRow]:
    statement = select(TouchRow).join(Enrolment, col(Enrolment.id) == col(TouchRow.enrolment_id))
    return list(
        session.scalars(
            statement.where(
                col(TouchRow.id).in_(touch_ids), col(TouchRow.status) == TouchStatus.REVIEW
            )
        )
    )


def _decided(session: Session, row: TouchRow, subject: Subject, now: datetime) -> Going | None:
    """The touch goes on the first channel that may be used; its row says so, or why it does not."""
    point = subject.compiled.by_key.get(row.touchpoint)
    channel: Channel | Reason = Reason.REMOVED
    if point is not None:
        reach = subject.facts.reach
        channel = choose_channel(point.channels, reach, is_marketing=point.is_marketing)
    session.add(row)
    if point is None or isinstance(channel, Reason):
        row.status, row.reason, row.settled_at = TouchStatus.SKIPPED, str(channel), now
        return None
    _, variant = point.message_for(subject.compiled.key, subject.facts.customer_key)
    row.status, row.reason, row.settled_at = TouchStatus.QUEUED, None, None
    row.channel, row.variant = channel, variant
    # Due now: it has a whole `late` of time again.
    queued = Touch(point.key, row.occurrence, TouchStatus.QUEUED, None, now, None, channel, variant)
    return Going(subject, queued)
