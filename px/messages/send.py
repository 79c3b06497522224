"""One message from claim to record: the rows a sender writes, each step safe to be killed after.

1 `claim`: rows are leased to a sender, transactional ones first; nothing is promised yet.
2 `begin`: in one transaction the lease is checked, may_send asked again, the intent written.
3 The channel sends, with no transaction open (px/messages/hand.py).
4 `record`: the outcome and its delivery, in one transaction.

A sender that dies between 2 and 4 leaves the row in `sending`; px/messages/tidy.py sees to it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, or_, select, update
from sqlmodel import Session, col

from db.kinds import (
    Channel,
    MessageStatus,
    Outcome,
    Purpose,
    Reason,
    SuppressionReason,
    SuppressionScope,
)
from db.models.messages import Delivery, Message
from px.channels import Down, Later, Rejected, Result, Sent, Unknown
from px.core.prepared import Prepared
from px.core.settings import Settings
from px.customers import suppress
from px.customers.standing import lock_customer, standing
from px.customers.zones import zone_of
from px.messages import rules
from px.messages.cap import SENDING_LEASE, InLine, places_of
from px.messages.rules import Allowed, Asked, HoldUntil, ShopRules, Skip, Verdict, may_send
from px.messages.stamps import BEGIN, FREE, RECORD, RECORD_SENT, TURN_DOWN, of_the_known

CLAIM_LEASE = timedelta(minutes=2)
# A lease that ends later than this was written by a clock that has since gone back.
ABSURD = 2 * SENDING_LEASE
_OUTCOMES: dict[type[Result], Outcome] = {
    Sent: Outcome.SENT,
    Later: Outcome.LATER,
    Rejected: Outcome.REJECTED,
    Down: Outcome.DOWN,
    Unknown: Outcome.UNKNOWN,
}


class Claimed(NamedTuple):
    """A message leased to a sender, with all it takes to send it."""

    id: int
    customer_id: int | None
    order_id: int | None
    journey_key: str | None
    touchpoint: str | None
    template_version_id: int
    channel: Channel
    purpose: Purpose
    to_address: str
    to_name: str
    zone: str
    priority: int
    context: dict[str, Any]
    due_at: datetime
    expires_at: datetime | None
    attempts: int
    header_id: str
    header_date: datetime
    key: str

    @property
    def attempt(self) -> int:
        """The number of the attempt that is about to be made."""
        return self.attempts + 1


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt that has ended: what was tried, by whom it was carried, how it ended."""

    message: Claimed
    provider: str
    result: Result
    subject: str
    at: datetime


@dataclass(frozen=True)
class Desk:
    """Who sends and by which rules; the same for every message of a pass."""

    owner: str
    settings: Settings
    unknown_wait: timedelta = rules.UNKNOWN_WAIT

    @cached_property
    def shop(self) -> ShopRules:
        """The shop's quiet hours and cap."""
        return ShopRules(
            self.settings.quiet_hours, self.settings.cap_messages, self.settings.cap_days
        )


COLUMNS = tuple(col(getattr(Message, name)) for name in Claimed._fields)
_ITS_ADDRESS = select(col(Message.to_address)).where(col(Message.id) == bindparam("b_message"))
_DELIVERY = Prepared(
    insert(Delivery).values(
        message_id=bindparam("b_message"),
        attempt=bindparam("b_attempt"),
        provider=bindparam("b_provider"),
        outcome=bindparam("b_outcome"),
        code=bindparam("b_code"),
        detail=of_the_known("b_detail", _ITS_ADDRESS.scalar_subquery()),
        at=bindparam("b_at"),
    )
)
_UNLEASED = or_(
    col(Message.lease_until).is_(None),
    col(Message.lease_until) <= bindparam("b_now"),
    col(Message.lease_until) > bindparam("b_absurd"),
)
_DUE = (
    select(col(Message.id))
    .where(
        col(Message.status) == MessageStatus.QUEUED,
        col(Message.purpose) == bindparam("b_purpose"),
        col(Message.channel).in_(bindparam("b_channels", expanding=True)),
        col(Message.due_at) <= bindparam("b_now"),
        _UNLEASED,
    )
    .order_by(col(Message.priority), col(Message.due_at), col(Message.id))
    .limit(bindparam("b_limit"))
    .with_for_update(skip_locked=True)
    # A table of its own: as a plain subquery PostgreSQL may run it again and claim more.
    .cte("due")
)
_CLAIM = (
    update(Message)
    .where(col(Message.id).in_(select(_DUE.c.id)))
    .values(claimed_by=bindparam("b_owner"), lease_until=bindparam("b_until"))
    .returning(*COLUMNS)
)


def claim(
    session: Session, *, owner: str, channels: Iterable[Channel], limit: int, now: datetime
) -> list[Claimed]:
    """At most `limit` due messages are leased to `owner`, transactional ones before marketing."""
    claimed: list[Claimed] = []
    values = {
        "b_owner": owner,
        "b_channels": list(channels),
        "b_now": now,
        "b_absurd": now + ABSURD,
        "b_until": now + CLAIM_LEASE,
    }
    for purpose in Purpose:
        left = limit - len(claimed)
        if not left:
            break
        rows = session.connection().execute(
            _CLAIM, values | {"b_purpose": purpose, "b_limit": left}
        )
        batch = [Claimed(*row) for row in rows]
        claimed += sorted(batch, key=lambda m: (m.priority, m.due_at, m.id))
    return claimed


def begin(session: Session, message: Claimed, desk: Desk, *, now: datetime) -> Verdict | None:
    """The message is being sent, or its row says why not; None when the lease was lost."""
    verdict = may_send(_asked(session, message, desk, now), desk.shop, now=now)
    values = {"b_id": message.id, "b_owner": desk.owner, "b_now": now}
    if isinstance(verdict, Allowed):
        statement, values["b_until"] = BEGIN, now + SENDING_LEASE
    else:
        statement, values = TURN_DOWN, values | _turned_down(verdict, message, now)
    return verdict if statement.run(session, values).rowcount else None


def record(session: Session, attempt: Attempt, desk: Desk, *, now: datetime) -> MessageStatus:
    """The outcome stands in the message's row and the attempt among its deliveries."""
    message, result = attempt.message, attempt.result
    values = {"b_id": message.id, "b_owner": desk.owner, "b_subject": attempt.subject[:998]}
    if isinstance(result, Sent):
        statement, status = RECORD_SENT, MessageStatus.SENT
        values |= {"b_sent": attempt.at, "b_settled": now}
    else:
        statement, changes = RECORD, _recorded(message, result, desk, now)
        status, values = changes["b_status"], values | changes
    if not statement.run(session, values).rowcount:
        return _recorded_late(session, attempt, now)
    delivery = {
        "b_message": message.id,
        "b_attempt": message.attempt,
        "b_provider": attempt.provider,
        "b_outcome": _OUTCOMES[type(result)],
        "b_code": result.code[:40],
        "b_detail": result.detail,
        "b_at": attempt.at,
    }
    _DELIVERY.run(session, delivery)
    if isinstance(result, Rejected) and result.suppress:
        _never_again(session, message, result, desk, now)
    return status


def release(session: Session, ids: Sequence[int], *, owner: str, detail: str | None = None) -> None:
    """Others may claim these messages at once; `detail` says on their rows what they wait for."""
    if not ids:
        return
    said = {} if detail is None else {"detail": detail}
    session.connection().execute(
        update(Message)
        .where(
            col(Message.id).in_(ids),
            col(Message.claimed_by) == owner,
            col(Message.status) == MessageStatus.QUEUED,
        )
        .values(**FREE, **said)
    )


def without_address(said: str, address: str) -> str:
    """What a server said, with dots where it repeats the address."""
    return re.sub(re.escape(address), "...", said, flags=re.IGNORECASE) if address else said


def _asked(session: Session, message: Claimed, desk: Desk, now: datetime) -> Asked:
    """What is known of the customer now, read after nobody else can take their last place."""
    is_capped = message.purpose == Purpose.MARKETING and desk.settings.cap_messages
    sent, before = list[datetime](), 0
    if is_capped and message.customer_id is not None:
        lock_customer(session, message.customer_id)
        since = now - timedelta(days=desk.settings.cap_days)
        place = InLine(message.priority, message.due_at, message.id)
        sent, before = places_of(session, message.customer_id, place, since=since, now=now)
    known = standing(
        session,
        message.customer_id,
        message.to_address,
        Channel(message.channel),
        key=desk.settings.key,
    )
    return Asked(
        purpose=message.purpose,
        to_address=message.to_address,
        zone=zone_of(message.zone, None, desk.settings.shop_zone),
        expires_at=message.expires_at,
        suppressed=known.suppressed,
        marketing_consent=known.marketing_consent,
        is_erased=known.is_erased,
        sent=sent,
        before=before,
    )


def _turned_down(verdict: HoldUntil | Skip, message: Claimed, now: datetime) -> dict[str, Any]:
    if isinstance(verdict, HoldUntil):
        reason = verdict.reason
        return _said(MessageStatus.HELD, reason, reason.meaning, verdict.at) | {"b_settled": None}
    skipped = _said(MessageStatus.SKIPPED, verdict.reason, verdict.detail, message.due_at)
    return skipped | {"b_settled": now}


def _recorded(
    message: Claimed, result: Later | Rejected | Down | Unknown, desk: Desk, now: datetime
) -> dict[str, Any]:
    if isinstance(result, Rejected):
        values = _said(MessageStatus.FAILED, result.reason, result.detail, message.due_at)
    elif isinstance(result, Unknown):
        values = _unknown(message, result.detail, desk, now)
    else:
        retry_at = result.retry_at if isinstance(result, Later) else None
        values = _later(message, result.detail, retry_at, now)
    return values | {"b_settled": now if values["b_status"] == MessageStatus.FAILED else None}


def _later(
    message: Claimed, detail: str, retry_at: datetime | None, now: datetime
) -> dict[str, Any]:
    at = retry_at or rules.next_try(message.attempt, message.id, now=now)
    if message.expires_at is not None and at >= message.expires_at:
        given_up = f"Given up after {message.attempt} attempts. {detail}"
        return _said(MessageStatus.FAILED, Reason.CHANNEL_ERROR, given_up, message.due_at)
    return _said(MessageStatus.QUEUED, None, detail, at)


def _unknown(message: Claimed, detail: str, desk: Desk, now: datetime) -> dict[str, Any]:
    """Mail that is part of the purchase is repeated: better twice than never. All else waits."""
    repeats = message.purpose == Purpose.TRANSACTIONAL and message.channel == Channel.EMAIL
    status = MessageStatus.QUEUED if repeats else MessageStatus.HELD
    at = now + desk.unknown_wait if repeats else now
    return _said(status, Reason.UNKNOWN_OUTCOME, detail, at)


def _recorded_late(session: Session, attempt: Attempt, now: datetime) -> MessageStatus:
    """The lease had ended and the attempt been taken for lost: that it arrived still counts."""
    if not isinstance(attempt.result, Sent):
        return MessageStatus.HELD
    session.connection().execute(
        update(Message)
        .where(
            col(Message.id) == attempt.message.id,
            col(Message.status).in_((MessageStatus.QUEUED, MessageStatus.HELD)),
            col(Message.reason) == Reason.UNKNOWN_OUTCOME,
        )
        .values(
            status=MessageStatus.SENT,
            reason=None,
            detail="",
            sent_at=attempt.at,
            settled_at=now,
            **FREE,
        )
    )
    session.connection().execute(
        update(Delivery)
        .where(
            col(Delivery.message_id) == attempt.message.id,
            col(Delivery.attempt) == attempt.message.attempt,
        )
        .values(outcome=Outcome.SENT, code=attempt.result.code, detail=attempt.result.detail)
    )
    return MessageStatus.SENT


def _never_again(
    session: Session, message: Claimed, result: Rejected, desk: Desk, now: datetime
) -> None:
    suppress(
        session,
        message.to_address,
        Channel(message.channel),
        scope=SuppressionScope.ALL,
        reason=SuppressionReason.BOUNCED,
        source="sending",
        # The list knows addresses by their hashes alone.
        detail=without_address(result.detail, message.to_address),
        key=desk.settings.key,
        now=now,
    )


def _said(
    status: MessageStatus, reason: Reason | None, detail: str, due_at: datetime
) -> dict[str, Any]:
    return {"b_status": status, "b_reason": reason, "b_detail": detail, "b_due": due_at}
