"""A template sent to somebody of the team, to see it in their own inbox."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from db.kinds import Channel, Purpose
from px.channels import OutgoingMessage, Result, Sent, provider_of, sender_domain
from px.core.settings import Settings
from px.messages.compose import Composer
from px.messages.preview import ahead, loose_message
from px.messages.render import TemplateParts


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a test, and the sentence that says so."""

    is_sent: bool
    sentence: str


def send_test(
    settings: Settings,
    parts: TemplateParts,
    context: Mapping[str, Any],
    *,
    to_address: str,
    channel: Channel = Channel.EMAIL,
    now: datetime,
) -> Tried:
    """The template has been offered once to this address, and nothing of it is in the outbox.

    TemplateFailed when it cannot be filled in.
    """
    # Whoever tries its links out must not count as the customer, nor unsubscribe them.
    composer = Composer(settings.model_copy(update={"track_links": False}))
    composer.use(0, parts)
    words = replace(loose_message(dict(context), key="test", now=now), channel=channel)
    rendered = composer.rendered(ahead(words, settings, now=now))
    message = OutgoingMessage(
        # Beyond every number of a row, so that the recorder keeps it beside the real ones.
        message_id=int(now.timestamp() * 1000),
        attempt=1,
        channel=channel,
        purpose=Purpose.TRANSACTIONAL,
        to_address=to_address,
        to_name="",
        subject=f"[Test] {rendered.subject}",
        text=rendered.text,
        html=rendered.html,
        header_id=f"<{secrets.token_hex(16)}@{sender_domain(settings)}>",
        header_date=now,
        stream="px/test",
    )
    line = provider_of(channel, settings).line()
    try:
        return _told(line.ready() or line.send(message), to_address)
    finally:
        line.close()


def _told(result: Result, to_address: str) -> Tried:
    if isinstance(result, Sent):
        return Tried(True, result.detail or f"Sent to {to_address}.")
    return Tried(False, f"Not sent: {result.detail or 'the provider did not accept it.'}")
