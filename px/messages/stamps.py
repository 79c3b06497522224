"""What a sender writes on nearly every message's row: statements of their own, compiled once.

Each value costs its conversion, so each statement sets only what can have changed.
"""

from typing import Any

from sqlalchemy import String, bindparam, case, update
from sqlmodel import col

from db.kinds import MessageStatus
from db.models.messages import Message
from px.core.prepared import Prepared

FREE: dict[str, Any] = {"claimed_by": None, "lease_until": None}
_ADDRESS = col(Message.to_address)
_MINE = (col(Message.id) == bindparam("b_id"), col(Message.claimed_by) == bindparam("b_owner"))
_BEGINNING = (
    *_MINE,
    col(Message.status) == MessageStatus.QUEUED,
    col(Message.lease_until) > bindparam("b_now"),
)
_RECORDING = (*_MINE, col(Message.status) == MessageStatus.SENDING)
# What a row says whose message does not leave, or not yet.
_WHY: dict[str, Any] = {
    "status": bindparam("b_status"),
    "reason": bindparam("b_reason"),
    "detail": bindparam("b_detail"),
    "due_at": bindparam("b_due"),
    "settled_at": bindparam("b_settled"),
}


def of_the_known(name: str, address: Any) -> Any:
    """The text of that name; of somebody who was erased meanwhile nothing is written down again."""
    return case((address == "", ""), else_=bindparam(name, type_=String()))


BEGIN = Prepared(
    update(Message)
    .where(*_BEGINNING)
    .values(
        status=MessageStatus.SENDING,
        reason=None,
        detail="",
        attempts=col(Message.attempts) + 1,
        lease_until=bindparam("b_until"),
    )
)
TURN_DOWN = Prepared(update(Message).where(*_BEGINNING).values(**_WHY, **FREE))
RECORD_SENT = Prepared(
    update(Message)
    .where(*_RECORDING)
    .values(
        status=MessageStatus.SENT,
        sent_at=bindparam("b_sent"),
        settled_at=bindparam("b_settled"),
        subject=of_the_known("b_subject", _ADDRESS),
        **FREE,
    )
)
RECORD = Prepared(
    update(Message)
    .where(*_RECORDING)
    .values(
        **_WHY | {"detail": of_the_known("b_detail", _ADDRESS)},
        subject=of_the_known("b_subject", _ADDRESS),
        **FREE,
    )
)
