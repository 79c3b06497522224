"""What customers of the demo shop did with its mails: some open them, some follow a link."""

import random
import re
from datetime import datetime, timedelta

from sqlmodel import Session

from db.kinds import Channel, MessageStatus, Purpose
from px.core.settings import Settings
from px.messages import (
    OutboxFilter,
    OutboxRow,
    follow,
    opened_by,
    outbox,
    record_click,
    record_open,
    record_prefetch,
    words_of,
)
from px.messages.tracking import Links

# Nearly half of all readers use Apple's mail, which fetches every image by itself.
_APPLE = 0.45
_OPEN = 0.55
_CLICK = 0.5
_LINK = re.compile(r"/c/([\w-]+)")


def read_their_mail(
    session: Session, draw: random.Random, *, settings: Settings, now: datetime
) -> None:
    """Every marketing message that left has been read, or not, by `now`."""
    for row in reversed(outbox(session, OutboxFilter(status=MessageStatus.SENT))):
        if row.purpose != Purpose.MARKETING or row.sent_at is None:
            continue
        is_apple, opens, clicks = draw.random() < _APPLE, draw.random() < _OPEN, draw.random()
        at = row.sent_at + timedelta(minutes=round(draw.lognormvariate(4.2, 1.2)) + 1)
        if at >= now or not row.to_address:
            continue
        if row.channel == Channel.EMAIL:
            _fetch_image(session, row, at, is_apple=is_apple, opens=opens, settings=settings)
        if opens and clicks < _CLICK:
            _click(session, row, at, settings)


def _fetch_image(
    session: Session,
    row: OutboxRow,
    at: datetime,
    *,
    is_apple: bool,
    opens: bool,
    settings: Settings,
) -> None:
    token = Links(row.key, settings).pixel.rsplit("/", 1)[1]
    message = opened_by(session, token, settings=settings)
    if message is not None and is_apple:
        record_prefetch(session, message, now=row.sent_at or at)
    elif message is not None and opens:
        record_open(session, message, now=at)


def _click(session: Session, row: OutboxRow, at: datetime, settings: Settings) -> None:
    said = words_of(session, row.id, settings)
    found = _LINK.search(said.text) if said else None
    message = follow(session, found[1], settings=settings) if found else None
    if message is not None:
        record_click(session, message, now=at)
