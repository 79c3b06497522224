"""What the texts of a touchpoint say that they should not, or do not say. Pure."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from db.kinds import Channel, Purpose
from px.journeys.document import Touchpoint
from px.messages import TemplateFailed, TemplateParts, render_text, sms_size, typical_context

MOST_SEGMENTS = 2
_CODE = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
_LINK = re.compile(r"https?://|\]\(")
_COUPON = re.compile(
    r"\b(?:coupon|voucher|promo(?:tion)? code|discount code|gift code|\d{1,2} ?% off|"
    r"gutschein|rabattcode)",
    re.IGNORECASE,
)
_REVIEW = re.compile(
    r"\b(?:write|leave|post|share|give|add)\b[^.!?\n]{0,40}\breview|"
    r"\breview (?:it|us|your)\b|\brate (?:it|us|your|this)\b|\bhow many stars\b",
    re.IGNORECASE,
)
# What a ready-made text leaves to the shop stands between these angles.
_BLANK = re.compile("\u2039([^\u2039\u203a\n]{1,200})\u203a")
_NAMED_REVIEW = re.compile(r"(?<![a-z])reviews?(?![a-z])", re.IGNORECASE)
_WORDS = {Channel.SMS: "SMS", Channel.WHATSAPP: "WhatsApp", Channel.WEBCHAT: "chat"}


def text_warnings(
    point: Touchpoint, texts: Sequence[TemplateParts], *, tracks_links: bool
) -> Iterator[tuple[str, str]]:
    """The kind of each warning with its sentence."""
    for parts in texts:
        if blank := _BLANK.search(_plain(parts)):
            yield "blank", f"The text still asks you to fill in: {blank[1]}."
        if point.purpose is Purpose.TRANSACTIONAL and _COUPON.search(_plain(parts)):
            yield (
                "coupon",
                "A coupon makes it advertising, and this goes without consent as part of the "
                "order. Take it out, or make it marketing.",
            )
        if point.purpose is Purpose.MARKETING and not tracks_links and has_link(parts):
            yield (
                "untracked",
                "Its links are not tracked (Settings), so nobody sees whether they are followed.",
            )
        yield from _about_mail(point, parts)
        yield from _about_phone(point, parts)


def asks_for_review(point: Touchpoint, texts: Sequence[TemplateParts]) -> bool:
    """Whether it wants the customer to write a review."""
    named = " ".join((point.key, point.name or "", *point.messages))
    return bool(_NAMED_REVIEW.search(named)) or any(
        _REVIEW.search(_plain(parts)) for parts in texts
    )


def has_link(parts: TemplateParts) -> bool:
    """Whether there is a link to follow in it."""
    return any(_LINK.search(text) for text in (parts.body, parts.sms, parts.whatsapp))


def _about_mail(point: Touchpoint, parts: TemplateParts) -> Iterator[tuple[str, str]]:
    if Channel.EMAIL not in point.channels:
        return
    if not parts.subject.strip():
        yield "no_subject", "The mail has no subject."
    if not _filled(parts, Channel.EMAIL):
        yield "no_text", "The mail has no words: without pictures nothing of it is left."


def _about_phone(point: Touchpoint, parts: TemplateParts) -> Iterator[tuple[str, str]]:
    own = {Channel.SMS: parts.sms, Channel.WHATSAPP: parts.whatsapp or parts.sms}
    for channel in point.channels:
        if channel in own and not own[channel].strip():
            yield (
                "no_text",
                f"It has no text of its own for {_WORDS[channel]}: the mail's words are sent.",
            )
    if Channel.SMS in point.channels:
        size = sms_size(_filled(parts, Channel.SMS))
        if size.segments > MOST_SEGMENTS:
            odd = f", because of {' '.join(size.odd[:5])}" if size.odd else ""
            yield (
                "long_sms",
                f"As SMS it takes {size.segments} parts{odd}, each paid like one message.",
            )


@lru_cache(maxsize=512)
def _filled(parts: TemplateParts, channel: Channel) -> str:
    """The text as a typical customer gets it; what cannot be filled in is told elsewhere."""
    try:
        return render_text(parts, typical_context(), channel)[1].strip()
    except TemplateFailed:
        return "…"


@lru_cache(maxsize=512)
def _plain(parts: TemplateParts) -> str:
    """All its words without what Liquid fills in."""
    written = "\n".join((parts.subject, parts.body, parts.sms, parts.whatsapp))
    return _CODE.sub(" ", written)
