"""What a sender does besides sending: frees, wakes and ends messages."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlmodel import Session, col

from db.kinds import MessageStatus, Reason
from db.models.messages import Delivery, Message
from px.channels import Unknown
from px.messages.rules import MOST_DEATHS
from px.messages.send import ABSURD, COLUMNS, Attempt, Claimed, Desk, record
from px.messages.stamps import FREE

_STOPPED = "stopped"
_OPEN = (MessageStatus.QUEUED, MessageStatus.SENDING)


def holders(session: Session, *, sending_only: bool) -> set[str]:
    """The senders that have messages leased."""
    statuses = [MessageStatus.SENDING] if sending_only else list(_OPEN)
    statement = select(col(Message.claimed_by)).where(
        col(Message.status).in_(statuses), col(Message.claimed_by).is_not(None)
    )
    return {name for name in session.connection().execute(statement.distinct()).scalars() if name}


def recover(session: Session, dead: Iterable[str], desk: Desk, *, now: datetime) -> int:
    """What dead senders held is free; what they were sending is of unknown outcome.

    How many were being sent. Their provider may have them: transactional ones are tried again with
    the same Message-ID after a while, others wait for a person.
    """
    names = list(dead)
    mine = col(Message.claimed_by).in_(names)
    session.connection().execute(
        update(Message).where(mine, col(Message.status) == MessageStatus.QUEUED).values(**FREE)
    )
    statement = (
        select(*COLUMNS, col(Message.claimed_by))
        .where(
            col(Message.status) == MessageStatus.SENDING,
            or_(mine, col(Message.lease_until) <= now, col(Message.lease_until) > now + ABSURD),
        )
        .with_for_update(skip_locked=True)
    )
    rows = session.connection().execute(statement).all()
    for row in rows:
        message = Claimed(*row[:-1])
        message = message._replace(attempts=message.attempts - 1)
        _bury(session, message, row.claimed_by or "", desk, now)
    return len(rows)


def wake_held(session: Session, *, now: datetime) -> int:
    """Messages held until a time that has come are due again; how many."""
    return (
        session.connection()
        .execute(
            update(Message)
            .where(
                col(Message.status) == MessageStatus.HELD,
                col(Message.due_at) <= now,
                col(Message.reason).in_((Reason.QUIET_HOURS, Reason.CAPPED)),
            )
            .values(status=MessageStatus.QUEUED, reason=None, detail="")
        )
        .rowcount
    )


def expire(session: Session, *, now: datetime) -> int:
    """Messages that are of no use any more have come to an end, with the reason; how many."""
    waiting = (
        col(Message.status).in_((MessageStatus.QUEUED, MessageStatus.HELD)),
        col(Message.expires_at) <= now,
        col(Message.claimed_by).is_(None),
        or_(col(Message.reason).is_(None), col(Message.reason) != Reason.UNKNOWN_OUTCOME),
    )
    tried = update(Message).where(*waiting, col(Message.attempts) > 0)
    never = update(Message).where(*waiting, col(Message.attempts) == 0)
    connection = session.connection()
    failed = connection.execute(
        tried.values(status=MessageStatus.FAILED, reason=Reason.CHANNEL_ERROR, settled_at=now)
    )
    skipped = connection.execute(
        never.values(
            status=MessageStatus.SKIPPED,
            reason=func.coalesce(col(Message.reason), Reason.LATE),
            detail=func.coalesce(
                func.nullif(col(Message.detail), ""), "Its time had passed before it could be sent."
            ),
            settled_at=now,
        )
    )
    return int(failed.rowcount + skipped.rowcount)


def _bury(session: Session, message: Claimed, owner: str, desk: Desk, now: datetime) -> None:
    """An attempt whose sender died is recorded as unknown; after three the message is given up."""
    statement = select(func.count()).where(
        col(Delivery.message_id) == message.id, col(Delivery.code) == _STOPPED
    )
    deaths = 1 + (session.connection().execute(statement).scalar() or 0)
    result = Unknown(_STOPPED, "The sender stopped while handing it over.")
    dead = Desk(owner, desk.settings, desk.unknown_wait)
    record(session, Attempt(message, "", result, "", now), dead, now=now)
    if deaths >= MOST_DEATHS:
        session.connection().execute(
            update(Message)
            .where(col(Message.id) == message.id)
            .values(
                status=MessageStatus.FAILED,
                reason=Reason.CHANNEL_ERROR,
                detail=f"Given up: the sender stopped {deaths} times while sending it.",
                settled_at=now,
            )
        )
