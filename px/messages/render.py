"""One renderer for preview, test and real sending: the same template and context, the same bytes.

What does not depend on the customer is compiled once and kept in this process: the text of a
template by its words, the mail by its words and the brand.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from db.kinds import Channel
from px.core.text import one_line
from px.messages.body.layout import foot_text, mail_source
from px.messages.body.markdown import Page, read_body
from px.messages.body.to_text import body_text
from px.messages.context import Brand
from px.messages.liquid.pieces import Malformed
from px.messages.liquid.program import Program, TemplateFailed

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


def render(
    parts: TemplateParts, context: Mapping[str, Any], channel: str, brand: Brand
) -> Rendered:
    """The message for this context on this channel. TemplateFailed when it cannot be filled in."""
    if channel == Channel.EMAIL:
        data = dict(context)
        mail = _mail(parts.subject, parts.body, brand)
        return Rendered(
            _one_line(mail.subject.render(data)),
            mail.html.render(data),
            _tidy(mail.text.render(data)),
        )
    subject, text = render_text(parts, context, channel)
    return Rendered(subject, None, text)


def render_text(
    parts: TemplateParts, context: Mapping[str, Any], channel: str | None = None
) -> tuple[str, str]:
    """Subject and text as on this channel, a mail's without its footer: what a rehearsal shows."""
    data = dict(context)
    text = _own_words(parts, channel) or _body(parts.body)
    return _one_line(_subject(parts.subject).render(data)), _tidy(text.render(data))


def _own_words(parts: TemplateParts, channel: str | None) -> Program | None:
    if channel == Channel.SMS:
        return _words(parts.sms)
    return _words(parts.whatsapp) if channel == Channel.WHATSAPP else None


@dataclass(frozen=True, slots=True)
class _Mail:
    subject: Program
    html: Program
    text: Program


@lru_cache(maxsize=_KEPT)
def _mail(subject: str, body: str, brand: Brand) -> _Mail:
    text = body_text(*_tree(body)) + foot_text(brand)
    return _Mail(
        _subject(subject), _compiled(mail_source(_page(body), brand), html=True), _compiled(text)
    )


@lru_cache(maxsize=_KEPT)
def _subject(source: str) -> Program:
    return _compiled(source)


@lru_cache(maxsize=_KEPT)
def _body(source: str) -> Program:
    return _compiled(body_text(*_tree(source)))


@lru_cache(maxsize=_KEPT)
def _words(source: str) -> Program | None:
    return _compiled(source) if source.strip() else None


def _compiled(source: str, *, html: bool = False) -> Program:
    try:
        return Program(source, html=html)
    except Malformed as problem:
        raise TemplateFailed(
            f"The template is not valid: line {problem.line}: {problem}"
        ) from problem


def _page(body: str) -> Page:
    try:
        return read_body(body)
    except Malformed as problem:
        raise TemplateFailed(
            f"The template is not valid: line {problem.line}: {problem}"
        ) from problem


def _tree(body: str) -> tuple[Any, Any]:
    page = _page(body)
    return page.root, page.marks


def _one_line(text: str) -> str:
    clean = text if text.isprintable() else _TURNING.sub("", text)
    return one_line(" ".join(clean.split()), LONGEST_SUBJECT)


def _tidy(text: str) -> str:
    if " \n" in text:
        text = _ENDS.sub("\n", text)
    return (_GAPS.sub("\n\n", text) if "\n\n\n" in text else text).strip()
