"""A message before it is queued, as one customer would get it on every channel.

It is composed by the sender's own Composer from the row that queueing would write, so that what is
looked at has the bytes of what is sent.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from html.parser import HTMLParser

from db.kinds import Channel, Purpose
from px.channels import sender_domain
from px.core.settings import Settings
from px.messages.actions import NewMessage, new_row
from px.messages.compose import Composer
from px.messages.render import Rendered, TemplateParts
from px.messages.segments import SmsSize, sms_size
from px.messages.send import Claimed
from px.messages.variables import Became, empty_among, variables_of

CLIPPED_FROM = 102 * 1024
# What inboxes show of a subject: a phone held upright, and a desk with a list of usual width.
CUTS = {"On a phone": 40, "On a desk": 60}
MOST_SEGMENTS = 2
_HTML = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*[\s>]")


@dataclass(frozen=True, slots=True)
class Preview:
    """How one customer would get it, and sentences about what may be wrong with that.

    `snippet` is what inboxes show behind the subject. `prices` is what it costs on each channel
    that has a price, in the shop's currency.
    """

    mail: Rendered
    sms: str
    whatsapp: str
    chat: str
    sms_size: SmsSize
    snippet: str
    variables: tuple[Became, ...]
    warnings: tuple[str, ...]
    prices: dict[Channel, float]


def preview_of(
    parts: TemplateParts,
    message: NewMessage,
    settings: Settings,
    *,
    channels: Collection[Channel] = tuple(Channel),
    now: datetime,
) -> Preview:
    """These words as the message's customer gets them. TemplateFailed when they cannot be filled
    in.

    What may be wrong, and the variables, are those of the `channels` that the message may go by.
    """
    composer = Composer(settings)
    composer.use(message.template_version_id, parts)
    shown = {
        channel: composer.rendered(ahead(replace(message, channel=channel), settings, now=now))
        for channel in (Channel.EMAIL, Channel.SMS, Channel.WHATSAPP, Channel.WEBCHAT)
    }
    mail, sms = shown[Channel.EMAIL], shown[Channel.SMS].text
    size = sms_size(sms)
    values = composer.values(ahead(replace(message, channel=Channel.EMAIL), settings, now=now))
    variables = tuple(variables_of(parts, values, channels))
    about_mail = _about_mail(parts, mail) if Channel.EMAIL in channels else []
    about_sms = _about_sms(parts, size) if Channel.SMS in channels else []
    return Preview(
        mail=mail,
        sms=sms,
        whatsapp=shown[Channel.WHATSAPP].text,
        chat=shown[Channel.WEBCHAT].text,
        sms_size=size,
        snippet=_snippet(mail.html or ""),
        variables=variables,
        warnings=(*about_mail, *about_sms, *_about_empty(variables)),
        prices=_prices(size, settings),
    )


def ahead(message: NewMessage, settings: Settings, *, now: datetime) -> Claimed:
    """The message as a sender would have it in hands, were it queued at `now`."""
    row = new_row(message, sender_domain(settings), now)
    return Claimed(id=0, **{name: row[name] for name in Claimed._fields if name != "id"})


def loose_message(
    context: dict[str, object],
    *,
    now: datetime,
    key: str = "preview",
    purpose: Purpose = Purpose.MARKETING,
) -> NewMessage:
    """A message of no journey, to look at words by themselves; its links belong to nobody."""
    return NewMessage(
        key=key,
        customer_id=0,
        template_version_id=0,
        channel=Channel.EMAIL,
        purpose=purpose,
        to_address="",
        due_at=now,
        context=context,
    )


def cut_subject(subject: str, room: int) -> str:
    """The subject as an inbox with so much room shows it."""
    return subject if len(subject) <= room else subject[: room - 1].rstrip() + "…"


def _prices(size: SmsSize, settings: Settings) -> dict[Channel, float]:
    prices = {
        Channel.EMAIL: settings.price_email,
        Channel.SMS: settings.price_sms * size.segments,
        Channel.WHATSAPP: settings.price_whatsapp,
    }
    return {channel: price for channel, price in prices.items() if price}


def _about_mail(parts: TemplateParts, mail: Rendered) -> list[str]:
    size = len((mail.html or "").encode())
    said = []
    if not mail.subject:
        said.append("The subject is empty for this customer.")
    elif len(mail.subject) > CUTS["On a desk"]:
        said.append(
            f"The subject has {len(mail.subject)} characters;"
            " phones show about 40, inboxes about 60."
        )
    if not parts.body.strip():
        said.append("The body is empty: the mail would only have its frame.")
    if size > CLIPPED_FROM:
        said.append(
            f"The mail has {size // 1024} KB; Gmail cuts off what is beyond 102 KB,"
            " the unsubscribe link first."
        )
    if _HTML.search(parts.body):
        said.append("HTML in the body is shown as it is written. Use Markdown for formatting.")
    return said


def _about_sms(parts: TemplateParts, size: SmsSize) -> list[str]:
    if size.segments <= MOST_SEGMENTS:
        return []
    why = f", because of {' '.join(size.odd[:5])}" if size.odd else ""
    own = "" if parts.sms.strip() else " Write a shorter text for SMS."
    return [
        f"As SMS it takes {size.segments} parts ({size.units} characters in {size.alphabet}{why}),"
        f" each paid like one message.{own}"
    ]


def _about_empty(variables: tuple[Became, ...]) -> list[str]:
    # A transactional message has no such links, and is right to say nothing there.
    links = ("unsubscribe_url", "preferences_url")
    names = [name for name in empty_among(variables) if name not in links]
    if not names:
        return []
    example = f'{{{{ {names[0]} | default: "..." }}}}'
    return [f"Empty for this customer: {', '.join(names)}. A default helps: {example}."]


def _snippet(html: str) -> str:
    reader = _Hidden()
    reader.feed(html)
    return " ".join(reader.text.split())


class _Hidden(HTMLParser):
    """Reads the first thing in a mail that is not seen when it is open: the inbox's preview."""

    # Behind the sentence stand characters that nobody sees, so that the inbox does not go on.
    _PADDING = str.maketrans("", "", "\u034f\u200c\u00a0")

    def __init__(self) -> None:
        super().__init__()
        self._depth: int | None = None
        self._read = ""

    @property
    def text(self) -> str:
        return self._read.translate(self._PADDING)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "div":
            return
        if self._depth is not None:
            self._depth += 1
        elif not self._read and "display:none" in (dict(attrs).get("style") or ""):
            self._depth = 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "div" and self._depth is not None:
            self._depth = self._depth - 1 or None

    def handle_data(self, data: str) -> None:
        if self._depth is not None:
            self._read += data
