"""What customers of the demo shop did with its mails: some open them, some follow a link."""

import random
from datetime import datetime, timedelta

from sqlmodel import Session

from db.kinds import Channel, MessageStatus, Purpose
from px.core.settings import Settings
from px.messages import (
    OutboxFilter,
    OutboxRow,
    opened_by,
    outbox,
    record_click,
    record_open,
    record_prefetch,
)
from px.messages.tracking import Links

# Half of all readers use Apple's mail, which fetches every image by itself.
_APPLE = 0.45
_OPEN = 0.55
_FOLLOW = 0.3


def read_their_mail(
    session: Session, draw: random.Random, *, settings: Settings, now: datetime
) -> None:
    """Every marketing message that left has been read, or not, by `now`."""
    for row in reversed(outbox(session, OutboxFilter(status=MessageStatus.SENT))):
        if row.purpose == Purpose.MARKETING and row.sent_at is not None:
            _read(session, row, row.sent_at, draw, settings=settings, now=now)


def _read(
    session: Session,
    row: OutboxRow,
    sent_at: datetime,
    draw: random.Random,
    *,
    settings: Settings,
    now: datetime,
) -> None:
    token = Links(row.key, settings).pixel.rsplit("/", 1)[1]
    message = opened_by(session, token, settings=settings)
    is_apple, opens, follows = draw.random() < _APPLE, draw.random() < _OPEN, draw.random()
    at = sent_at + timedelta(minutes=round(draw.lognormvariate(4.2, 1.2)) + 1)
    if message is None or at >= now:
        return
    if row.channel == Channel.EMAIL and is_apple:
        record_prefetch(session, message, now=sent_at + timedelta(minutes=1))
    elif row.channel == Channel.EMAIL and opens:
        record_open(session, message, now=at)
    if opens and follows < _FOLLOW and at + timedelta(minutes=1) < now:
        record_click(session, message, now=at + timedelta(minutes=1))
