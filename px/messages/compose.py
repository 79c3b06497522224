"""From a claimed row to the message that a channel takes: rendered, addressed, with its links."""

from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlmodel import Session, col

from db.kinds import Channel, Purpose, Reason
from db.models.messages import Message
from px.channels import OutgoingMessage, Rejected
from px.core import tokens
from px.core.settings import Settings
from px.messages.context import Brand
from px.messages.render import Rendered, TemplateFailed, TemplateParts, render
from px.messages.send import COLUMNS, Claimed
from px.messages.templates import words_of_versions
from px.messages.tracking import Links, is_counted

_ON_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


class Composer:
    """Fills templates for one shop; the words of a version are read once, for they never change."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._brand = brand_of(settings)
        self._parts: dict[int, TemplateParts] = {}

    def load(self, session: Session, version_ids: set[int]) -> None:
        """The words of these versions are known."""
        if missing := version_ids - self._parts.keys():
            self._parts |= words_of_versions(session, missing)

    def use(self, version_id: int, parts: TemplateParts) -> None:
        """The version has these words: for looking at ones that are not saved."""
        self._parts[version_id] = parts

    def compose(self, message: Claimed) -> OutgoingMessage | Rejected:
        """The message as its channel takes it; Rejected when its template cannot be filled."""
        try:
            rendered = self.rendered(message)
        except TemplateFailed as problem:
            return Rejected(detail=str(problem), reason=Reason.TEMPLATE_ERROR)
        link = links_of(message, self._settings)["unsubscribe_url"]
        return self._outgoing(message, rendered, link)

    def rendered(self, message: Claimed) -> Rendered:
        """The message filled in, the same in every attempt. TemplateFailed when it cannot be."""
        counted = is_counted(message.purpose, self._settings)
        return render(
            self._parts[message.template_version_id],
            self.values(message),
            Channel(message.channel),
            self._brand,
            Links(message.key, self._settings) if counted else None,
        )

    def values(self, message: Claimed) -> dict[str, Any]:
        """What the message is filled with: its context and the links that are its own."""
        return {**message.context, **links_of(message, self._settings)}

    def _outgoing(self, message: Claimed, rendered: Rendered, unsubscribe: str) -> OutgoingMessage:
        return OutgoingMessage(
            message_id=message.id,
            attempt=message.attempt,
            channel=Channel(message.channel),
            purpose=Purpose(message.purpose),
            to_address=message.to_address,
            to_name=message.to_name,
            subject=rendered.subject,
            text=rendered.text,
            html=rendered.html,
            header_id=message.header_id,
            header_date=message.header_date,
            stream=f"{message.journey_key or 'px'}/{message.touchpoint or message.purpose}",
            unsubscribe_url=unsubscribe if one_click_works(self._settings.base_url) else "",
        )


def words_of(session: Session, message_id: int, settings: Settings) -> Rendered | None:
    """What the message says, or will say. TemplateFailed; None when there is no such message."""
    columns = select(*COLUMNS).where(col(Message.id) == message_id)
    row = session.connection().execute(columns).one_or_none()
    if row is None:
        return None
    message, composer = Claimed(*row), Composer(settings)
    composer.load(session, {message.template_version_id})
    return composer.rendered(message)


def brand_of(settings: Settings) -> Brand:
    """How the shop of these settings presents itself."""
    return Brand(
        name=settings.shop_name,
        url=settings.shop_url or settings.base_url,
        logo_url=settings.brand_logo_url,
        colour=settings.brand_colour,
        address=settings.brand_address,
        footer=settings.brand_footer,
        email=settings.mail_reply_to or settings.mail_from,
        currency=settings.shop_currency,
    )


def links_of(message: Claimed, settings: Settings) -> dict[str, str]:
    """The links that belong to this message alone; the same in every attempt.

    A message that is part of the purchase has no unsubscribe link: there is nothing to leave.
    """
    if message.purpose != Purpose.MARKETING or message.customer_id is None:
        return {"unsubscribe_url": ""}
    # The key, not the row's number: it is known before the message is queued, so that a preview
    # has the same bytes.
    value = f"{message.customer_id}.{message.channel}.{message.key}"
    return {"unsubscribe_url": unsubscribe_url(value, settings)}


def unsubscribe_url(value: str, settings: Settings) -> str:
    """The page on which "customer.channel.message key" unsubscribes."""
    return f"{settings.base_url}/u/{tokens.sign('unsubscribe', value, key=settings.key)}"


def one_click_works(base_url: str) -> bool:
    """Whether mail programs accept the link: https (RFC 8058), or this machine for trials."""
    parts = urlsplit(base_url)
    return parts.scheme == "https" or parts.hostname in _ON_THIS_MACHINE
