"""What readers do with a message: where its links lead them, and the first time of each deed.

Where a link leads is found by filling in the message again. Of somebody erased nothing is left to
fill it in with: links that were the same for everybody still work, others lead to the shop.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col

from db.kinds import Channel, EventKind, MessageStatus, Purpose, Reason
from db.models.messages import Message
from px.core.events import Event, NewEvent, record_events
from px.core.settings import Settings
from px.messages.actions import confirm_sent
from px.messages.body.links import fixed_links
from px.messages.compose import Composer
from px.messages.liquid.writers import LINK, web_address
from px.messages.render import TemplateFailed, TemplateParts, render_text, text_source
from px.messages.send import COLUMNS, Claimed
from px.messages.templates import words_of_versions
from px.messages.tracking import hash_of, leads_to, read_link, read_pixel


@dataclass(frozen=True, slots=True)
class Reached:
    """A message that came back to us by one of its links or its image.

    `link` is where the link leads, None for the image and for a link that is no longer known.
    """

    id: int
    customer_id: int | None
    order_id: int | None
    touch_id: int | None
    journey_key: str | None
    touchpoint: str | None
    channel: str
    sent_at: datetime | None
    is_known_to_have_left: bool
    is_erased: bool
    is_opened: bool
    is_prefetched: bool
    is_clicked: bool
    link: str | None = None


class _Noted:
    """Remembers every address that a message leads to, by its hash."""

    pixel = ""

    def __init__(self) -> None:
        self.addresses: dict[bytes, str] = {}

    def link(self, address: str) -> str:
        if leads_to(address):
            self.addresses[hash_of(address)] = address
        return address


def has_counted_links(parts: TemplateParts) -> bool:
    """Whether there is a link in any of its texts that may be counted."""
    written = f"| {LINK} "
    try:
        return any(written in text_source(parts, c, counted=True) for c in Channel)
    except TemplateFailed:
        return False


def follow(session: Session, token: str, *, settings: Settings) -> Reached | None:
    """The message of a link and where it leads; None for a link that is none of ours."""
    named = read_link(token, key=settings.key)
    if named is None or (found := _found(session, named.message_key)) is None:
        return None
    message, row = found
    address = _addresses(session, message, settings).get(named.hashed)
    return _reached(row, (address and leads_to(address)) or settings.shop_url or None)


def opened_by(session: Session, token: str, *, settings: Settings) -> Reached | None:
    """The message whose image this is; None for anything else."""
    key = read_pixel(token, key=settings.key)
    found = _found(session, key) if key is not None else None
    return _reached(found[1], None) if found else None


def record_click(session: Session, message: Reached, *, now: datetime) -> None:
    """The first time that a link of the message was followed is known, and that it arrived."""
    if _first(session, message, col(Message.clicked_at), now):
        confirm_sent(session, [message.id], by="the customer, who followed a link", now=now)
        link = {"link": message.link} if message.link else {}
        record_events(session, [_event(message, EventKind.MESSAGE_CLICKED, now, link)], now=now)


def record_open(session: Session, message: Reached, *, now: datetime) -> None:
    """The first time that the message was opened is known."""
    if _first(session, message, col(Message.opened_at), now):
        record_events(session, [_event(message, EventKind.MESSAGE_OPENED, now, {})], now=now)


def record_prefetch(session: Session, message: Reached, *, now: datetime) -> None:
    """A machine has fetched the message's image, which says nothing about the customer."""
    _first(session, message, col(Message.prefetched_at), now)


def record_unsubscribed(
    session: Session, customer_id: int, message_key: str, *, now: datetime
) -> None:
    """It was this message of the customer's that they left by; another's or none changes nothing.

    `message_key` may be the number of the row: links that left earlier name it so.
    """
    mine = [col(Message.customer_id) == customer_id, col(Message.unsubscribed_at).is_(None)]
    is_number = message_key.isascii() and message_key.isdigit() and len(message_key) < 19
    named = col(Message.key) == message_key
    if is_number:
        named = col(Message.id) == int(message_key)
    session.connection().execute(update(Message).where(named, *mine).values(unsubscribed_at=now))


def hear_answers(session: Session, events: Sequence[Event], **_given: object) -> int:
    """The messages that asked what was answered know when; how many."""
    return sum(_answered(session, event) for event in events if event.customer_id is not None)


def _answered(session: Session, event: Event) -> int:
    touchpoint = event.data.get("touchpoint")
    if not isinstance(touchpoint, str):
        return 0
    asked = [
        col(Message.customer_id) == event.customer_id,
        col(Message.touchpoint) == touchpoint,
        col(Message.sent_at) <= event.at,
    ]
    for column, value in (
        (col(Message.journey_key), event.data.get("journey")),
        (col(Message.order_id), event.order_id),
    ):
        asked += [column == value] if value is not None else []
    last = select(col(Message.id)).where(*asked).order_by(col(Message.sent_at).desc()).limit(1)
    statement = update(Message).where(
        col(Message.id).in_(last.scalar_subquery()), col(Message.answered_at).is_(None)
    )
    return session.connection().execute(statement.values(answered_at=event.at)).rowcount


def _found(session: Session, message_key: str) -> tuple[Claimed, Any] | None:
    columns = select(*COLUMNS, *_MORE).where(col(Message.key) == message_key)
    row = session.connection().execute(columns).one_or_none()
    if row is None or row.purpose != Purpose.MARKETING:
        return None
    return Claimed(*row[: len(COLUMNS)]), row


_MORE = (
    col(Message.touch_id),
    col(Message.status),
    col(Message.reason),
    col(Message.sent_at),
    col(Message.opened_at),
    col(Message.prefetched_at),
    col(Message.clicked_at),
)


def _reached(row: Any, link: str | None) -> Reached:
    unknown = row.reason == Reason.UNKNOWN_OUTCOME and row.status != MessageStatus.SENDING
    return Reached(
        id=row.id,
        customer_id=row.customer_id,
        order_id=row.order_id,
        touch_id=row.touch_id,
        journey_key=row.journey_key,
        touchpoint=row.touchpoint,
        channel=row.channel,
        sent_at=row.sent_at,
        is_known_to_have_left=row.sent_at is not None or unknown,
        # Whoever is erased has no address on any message.
        is_erased=not row.to_address,
        is_opened=row.opened_at is not None,
        is_prefetched=row.prefetched_at is not None,
        is_clicked=row.clicked_at is not None,
        link=link,
    )


def _addresses(session: Session, message: Claimed, settings: Settings) -> dict[bytes, str]:
    parts = words_of_versions(session, [message.template_version_id])[message.template_version_id]
    noted, channel = _Noted(), Channel(message.channel)
    try:
        for address in fixed_links(text_source(parts, channel, counted=True)):
            noted.link(web_address(address))
        composer = Composer(settings)
        # The text has every link of the mail, without the frame that takes long to make.
        render_text(parts, composer.values(message), channel, counter=noted)
    except TemplateFailed:
        pass
    return noted.addresses


def _first(
    session: Session, message: Reached, column: Mapped[datetime | None], now: datetime
) -> bool:
    statement = update(Message).where(
        col(Message.id) == message.id, column.is_(None), col(Message.to_address) != ""
    )
    return bool(session.connection().execute(statement.values({column: now})).rowcount)


def _event(message: Reached, kind: EventKind, now: datetime, more: dict[str, Any]) -> NewEvent:
    about = {
        "touchpoint": message.touchpoint,
        "journey": message.journey_key,
        "message": message.id,
        "channel": message.channel,
    }
    return NewEvent(
        key=f"message:{message.id}:{kind.removeprefix('message_')}",
        kind=kind,
        at=now,
        customer_id=message.customer_id,
        order_id=message.order_id,
        data=about | more,
        source="px",
    )
