"""One renderer for preview, test and real sending: the same template and context, the same bytes.

What does not depend on the customer is compiled once and kept in this process: the text of a
template by its words, the mail by its words and the brand.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from db.kinds import Channel
from px.core.text import one_line
from px.messages.body.layout import foot_text, mail_source
from px.messages.body.links import counted_text
from px.messages.body.markdown import Page, read_body
from px.messages.body.to_text import body_text
from px.messages.context import Brand
from px.messages.liquid.pieces import Malformed
from px.messages.liquid.program import OnValue, Program, TemplateFailed

__all__ = ["Rendered", "TemplateFailed", "TemplateParts", "render", "render_text"]

LONGEST_SUBJECT = 200
_KEPT = 256
# Marks that turn the reading direction around, and a mark that nobody sees.
_TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_GAPS = re.compile(r"\n{3,}")
_ENDS = re.compile(r"[ \t]+\n")


@dataclass(frozen=True, slots=True)
class TemplateParts:
    """The words of a template, all with Liquid; the body is Markdown, sms and whatsapp are text."""

    subject: str
    body: str = ""
    sms: str = ""
    whatsapp: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message as one customer gets it. `html` only for e-mail."""

    subject: str
    html: str | None
    text: str


class Counter(Protocol):
    """How one message tells of being opened and of its links being followed."""

    @property
    def pixel(self) -> str:
        """The address of the image that tells of opening."""

    def link(self, address: str) -> str:
        """What stands in the message for this address."""


def render(
    parts: TemplateParts,
    context: Mapping[str, Any],
    channel: str,
    brand: Brand,
    counter: Counter | None = None,
) -> Rendered:
    """The message for this context on this channel. TemplateFailed when it cannot be filled in.

    With a `counter` it tells of being opened, and its links lead where that says.
    """
    if channel != Channel.EMAIL:
        subject, text = render_text(parts, context, channel, counter=counter)
        return Rendered(subject, None, text)
    data = dict(context)
    link = counter.link if counter else str
    mail = _mail(parts.subject, parts.body, brand, counted=counter is not None)
    if counter:
        data["px_pixel"] = counter.pixel
    return Rendered(
        _one_line(mail.subject.render(data)),
        mail.html.render(data, link),
        _tidy(mail.text.render(data, link)),
    )


def render_text(
    parts: TemplateParts,
    context: Mapping[str, Any],
    channel: str | None = None,
    on_value: OnValue = None,
    counter: Counter | None = None,
) -> tuple[str, str]:
    """Subject and text as on this channel, a mail's without its footer: what a rehearsal shows.

    `on_value` is called with each variable that is shown, and what is shown for it.
    """
    data = dict(context)
    text = _text(text_source(parts, channel, counted=counter is not None), on_value)
    subject = _one_line(_subject(parts.subject, on_value).render(data))
    return subject, _tidy(text.render(data, counter.link if counter else str))


@lru_cache(maxsize=_KEPT)
def text_source(parts: TemplateParts, channel: str | None, *, counted: bool = False) -> str:
    """The text on this channel, a mail's without its footer, as a Liquid source.

    With `counted` the message says where its links lead.
    """
    own = {"sms": parts.sms, "whatsapp": parts.whatsapp}.get(channel or "", "")
    if own.strip():
        return counted_text(own) if counted else own
    return body_text(*_tree(parts.body), counted=counted)


@dataclass(frozen=True, slots=True)
class _Mail:
    subject: Program
    html: Program
    text: Program


@lru_cache(maxsize=_KEPT)
def _mail(subject: str, body: str, brand: Brand, *, counted: bool) -> _Mail:
    text = body_text(*_tree(body), counted=counted) + foot_text(brand)
    html = mail_source(_page(body), brand, counted=counted)
    return _Mail(_subject(subject), _compiled(html, html=True), _compiled(text))


@lru_cache(maxsize=_KEPT)
def _subject(source: str, on_value: OnValue = None) -> Program:
    return _compiled(source, on_value=on_value)


@lru_cache(maxsize=_KEPT)
def _text(source: str, on_value: OnValue = None) -> Program:
    return _compiled(source, on_value=on_value)


def _compiled(source: str, *, html: bool = False, on_value: OnValue = None) -> Program:
    with _valid():
        return Program(source, html=html, on_value=on_value)


def _page(body: str) -> Page:
    with _valid():
        return read_body(body)


def _tree(body: str) -> tuple[Any, Any]:
    page = _page(body)
    return page.root, page.marks


@contextmanager
def _valid() -> Iterator[None]:
    try:
        yield
    except Malformed as problem:
        sentence = f"The template is not valid: line {problem.line}: {problem}"
        raise TemplateFailed(sentence) from problem


def _one_line(text: str) -> str:
    clean = text if text.isprintable() else _TURNING.sub("", text)
    return one_line(" ".join(clean.split()), LONGEST_SUBJECT)


def _tidy(text: str) -> str:
    if " \n" in text:
        text = _ENDS.sub("\n", text)
    return (_GAPS.sub("\n\n", text) if "\n\n\n" in text else text).strip()
