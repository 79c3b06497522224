"""A message as one customer gets it: the inbox, the mail, the bubbles, what to look at.

draw_preview(messages.preview_of(parts, message, settings, now=now), at)
"""

from collections.abc import Sequence

import streamlit as st

from db.kinds import Channel
from pages._ui.bubbles import bubble, inbox_rows
from pages._ui.page import At
from pages._ui.words import count, figure, plain
from px import messages
from px.core import clock
from px.messages import Preview, TemplateParts

PHONE, DESK, SMS, WHATSAPP, CHAT, TEXT = FORMATS = (
    "Email on a phone", "Email on a desk", "SMS", "WhatsApp", "Chat", "Plain text",
)  # fmt: skip
# Where a customer reads what travels on a channel.
FORMAT_OF = {
    Channel.EMAIL: PHONE,
    Channel.SMS: SMS,
    Channel.WHATSAPP: WHATSAPP,
    Channel.WEBCHAT: CHAT,
}
_CHANNEL_OF = {name: channel for channel, name in FORMAT_OF.items()} | {DESK: Channel.EMAIL}
# A phone held upright, and a mail of 600 pixels with the window's edges: side by side they fit.
WIDTHS = {PHONE: 375, DESK: 620, SMS: 320, WHATSAPP: 320, CHAT: 320, TEXT: 620}
_TALL = 640


def draw_preview(shown: Preview, at: At, *, formats: Sequence[str] = FORMATS) -> None:
    """Draws what to look at, the inbox, and the message in these formats, side by side."""
    draw_warnings(shown)
    # Side by side where there is room for a desk of 600 pixels, else one below the other.
    with st.container(horizontal=True, gap="medium"):
        for name in formats:
            with st.container(width=WIDTHS[name]):
                draw_format(name, shown, at)


def draw_warnings(shown: Preview) -> None:
    """Draws what may be wrong with it for this customer."""
    if shown.warnings:
        st.warning("  \n".join(map(plain, shown.warnings)), icon=":material/visibility:")


def draw_format(name: str, shown: Preview, at: At, *, to: str = "", whose: str = "") -> None:
    """Draws the message in this format. Where several are seen, `to` is whom it goes to, and
    `whose` tells them apart.
    """
    shop, whom = at.settings.shop_name, f" to {to}" if to else ""
    st.caption(_caption(name, shown, at))
    if name in (PHONE, DESK):
        where = "On a phone" if name == PHONE else "On a desk"
        inbox_rows(shown, shop, wheres=(where,))
        alt = f"The email{whom} as {where.lower()}"
        draw_mail(shown.mail.html or "", at, alt=alt, height=_TALL, whose=f"{name}{whose}")
    elif name == TEXT:
        st.code(shown.mail.text, language=None, wrap_lines=True)
    else:
        text = {SMS: shown.sms, WHATSAPP: shown.whatsapp, CHAT: shown.chat}[name]
        bubble(_CHANNEL_OF[name], text, shop, label=f"{name}{whom}")


def draw_mail(html: str, at: At, *, alt: str, height: int, whose: str = "") -> None:
    """Draws a mail by itself, where nothing can run."""
    page = messages.keep_page(html, key=at.settings.key, now=clock.now())
    # Another page gets another frame: one that is given a new address while it is still loading
    # may stay with the old page, or empty.
    with st.container(key=f"px_mail_{whose}_{page}"):
        st.iframe(f"/preview/{page}", height=height, alt=alt)


def send_test(at: At, parts: TemplateParts, context: dict[str, object]) -> None:
    """The message has been offered to the reader's own address; a sentence says how that went."""
    try:
        tried = messages.send_test(
            at.settings, parts, context, to_address=at.user.email, now=at.now
        )
    except messages.TemplateFailed as problem:
        st.error(plain(problem), icon=":material/error:")
        return
    if tried.is_sent:
        st.toast(plain(tried.sentence), icon=":material/check:")
    else:
        st.error(plain(tried.sentence), icon=":material/error:")


def _caption(name: str, shown: Preview, at: At) -> str:
    size = shown.sms_size
    words = {
        TEXT: "Plain text, for mail programs without pictures",
        SMS: f"SMS: {count(size.segments, 'part')}, {count(size.units, 'character')}"
        f" in {size.alphabet}",
    }.get(name, name)
    channel = _CHANNEL_OF.get(name)
    price = shown.prices.get(channel) if channel else None
    return words if price is None else f"{words} · {_price(price, at)}"


def _price(price: float, at: At) -> str:
    digits = max(2, len(f"{price:.4f}".rstrip("0").partition(".")[2]))
    return f"{figure(price, digits=digits)}\u00a0{at.currency}"
