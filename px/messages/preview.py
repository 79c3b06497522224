"""A template as one customer would get it on every channel, with what to look at first."""

import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from db.kinds import Channel
from px.core import tokens
from px.messages.body.markdown import read_body
from px.messages.body.to_text import body_text
from px.messages.context import Brand
from px.messages.liquid.program import Program
from px.messages.render import Rendered, TemplateParts, render, render_text
from px.messages.segments import SmsSize, sms_size

CLIPPED_FROM = 102 * 1024
LONG_SUBJECT = 60
MOST_SEGMENTS = 2
LASTS = timedelta(minutes=30)
# The page is shown in a frame; nothing in it may run, be sent, or be fetched but images.
PREVIEW_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": (
        "sandbox; default-src 'none'; img-src https: data:; style-src 'unsafe-inline'; "
        "frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
    ),
    "X-Frame-Options": "SAMEORIGIN",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_PURPOSE = "preview"
_MOST_PAGES = 200
_HTML = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*[\s>]")


@dataclass(frozen=True, slots=True)
class Preview:
    """How one customer would get it, and sentences about what may be wrong with that."""

    mail: Rendered
    sms: str
    whatsapp: str
    sms_size: SmsSize
    warnings: tuple[str, ...]


def preview_of(parts: TemplateParts, context: Mapping[str, Any], brand: Brand) -> Preview:
    """The template for this customer. TemplateFailed when it cannot be filled in."""
    mail = render(parts, context, Channel.EMAIL, brand)
    sms = render_text(parts, context, Channel.SMS)[1]
    whatsapp = render_text(parts, context, Channel.WHATSAPP)[1]
    size = sms_size(sms)
    warnings = (*_about_mail(parts, mail), *_about_sms(parts, size), *_about_empty(parts, context))
    return Preview(mail, sms, whatsapp, size, warnings)


def empty_variables(parts: TemplateParts, context: Mapping[str, Any]) -> list[str]:
    """The variables that this customer would see as nothing, in the order of the text."""
    found: dict[str, None] = {}
    page = read_body(parts.body)
    for source in (parts.subject, body_text(page.root, page.marks), parts.sms, parts.whatsapp):
        Program(source, on_empty=found.setdefault).render(dict(context))
    return list(found)


def keep_page(html: str, *, key: bytes, now: datetime) -> str:
    """A token under which this process shows the page to the team for half an hour."""
    name = tokens.fingerprint(html)
    _pages.put(name, html)
    return tokens.sign(_PURPOSE, f"{name}.{int((now + LASTS).timestamp())}", key=key)


def kept_page(token: str, *, key: bytes, now: datetime) -> bytes | None:
    """The page of the token; None when it is not one, is too old, or the page is gone."""
    name, _, until = (tokens.read(_PURPOSE, token, key=key) or "").partition(".")
    if not (until.isascii() and until.isdigit()) or int(until) < now.timestamp():
        return None
    html = _pages.get(name)
    return None if html is None else html.encode()


class _Pages:
    """The newest pages, in memory: they are shown once or twice and never kept."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._pages: OrderedDict[str, str] = OrderedDict()

    def put(self, name: str, html: str) -> None:
        with self._lock:
            self._pages[name] = html
            self._pages.move_to_end(name)
            while len(self._pages) > _MOST_PAGES:
                self._pages.popitem(last=False)

    def get(self, name: str) -> str | None:
        with self._lock:
            return self._pages.get(name)


_pages = _Pages()


def _about_mail(parts: TemplateParts, mail: Rendered) -> list[str]:
    size = len((mail.html or "").encode())
    said = []
    if not mail.subject:
        said.append("The subject is empty for this customer.")
    elif len(mail.subject) > LONG_SUBJECT:
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


def _about_empty(parts: TemplateParts, context: Mapping[str, Any]) -> list[str]:
    names = empty_variables(parts, context)
    if not names:
        return []
    example = f'{{{{ {names[0]} | default: "..." }}}}'
    return [f"Empty for this customer: {', '.join(names)}. A default helps: {example}."]
