"""Pictures of a message where customers see it: the row of an inbox, the bubble of a phone.

Every word in them is what somebody wrote: it is escaped, and nothing in a picture can be pressed.
"""

import re
from html import escape

import streamlit as st

from px.messages import CUTS, Preview, cut_subject

_ADDRESS = re.compile(r"https?://[^\s<]+")
# WhatsApp's own marks: *bold*, _italic_, ~struck through~.
_MARKS = (
    (re.compile(r"(?<!\w)\*(?=\S)([^*\n]+)(?<=\S)\*(?!\w)"), r"<strong>\1</strong>"),
    (re.compile(r"(?<!\w)_(?=\S)([^_\n]+)(?<=\S)_(?!\w)"), r"<em>\1</em>"),
    (re.compile(r"(?<!\w)~(?=\S)([^~\n]+)(?<=\S)~(?!\w)"), r"<s>\1</s>"),
)
_LOOKS = {
    "sms": ("#ffffff", "#e9e9eb", "18px"),
    "whatsapp": ("#efeae2", "#ffffff", "8px"),
    "webchat": ("#f4f5f7", "#ffffff", "14px"),
}
_ROW = (
    '<div style="border:1px solid rgba(128,128,128,.45);border-radius:8px;padding:.5rem .75rem;'
    'font-size:.875rem;line-height:1.4;overflow:hidden">'
    '<div style="display:flex;gap:.5rem"><strong style="flex:1;overflow:hidden;'
    'text-overflow:ellipsis;white-space:nowrap">{shop}</strong>'
    '<span style="opacity:.75;white-space:nowrap">{where}</span></div>'
    '<div dir="auto" style="overflow-wrap:anywhere">{subject}</div>'
    '<div dir="auto" style="opacity:.75;overflow:hidden;text-overflow:ellipsis;'
    'white-space:nowrap">{snippet}</div></div>'
)
_BUBBLE = (
    '<div role="group" aria-label="{label}" style="background:{ground};color:#111815;'
    "border:1px solid #d2d4d7;border-radius:12px;padding:16px 12px;font-size:15px;"
    'line-height:1.4"><div style="font-size:12px;color:#52606d;margin-bottom:6px">{shop}</div>'
    '<div dir="auto" style="background:{bubble};border-radius:{round};padding:8px 12px;'
    "max-width:88%;width:fit-content;white-space:pre-wrap;overflow-wrap:anywhere;"
    'box-shadow:0 1px 1px rgba(0,0,0,.12)">{text}</div></div>'
)


def inbox_rows(shown: Preview, shop: str, *, wheres: tuple[str, ...] = tuple(CUTS)) -> None:
    """Draws the row of an inbox for each place, the subject cut as it is there."""
    rows = [
        _ROW.format(
            shop=escape(shop),
            where=escape(where),
            subject=escape(cut_subject(shown.mail.subject, CUTS[where])) or "(no subject)",
            snippet=escape(shown.snippet) or "&nbsp;",
        )
        for where in wheres
    ]
    st.html('<div style="display:grid;gap:.5rem">' + "".join(rows) + "</div>")


def bubble(channel: str, text: str, shop: str, *, label: str) -> None:
    """Draws the text as the channel's app shows a message of the shop."""
    ground, own, round_ = _LOOKS[channel]
    st.html(
        _BUBBLE.format(
            label=escape(label),
            ground=ground,
            bubble=own,
            round=round_,
            shop=escape(shop),
            text=_marked(channel, text) or "<em>No words</em>",
        )
    )


def _marked(channel: str, text: str) -> str:
    marked = escape(text)
    if channel == "whatsapp":
        # An address may hold a mark's sign: it is taken out while the marks are read.
        kept: list[str] = []

        def away(found: re.Match[str]) -> str:
            kept.append(found[0])
            return f"\x00{len(kept) - 1}\x00"

        marked = _ADDRESS.sub(away, marked)
        for pattern, made in _MARKS:
            marked = pattern.sub(made, marked)
        marked = re.sub("\x00(\\d+)\x00", lambda found: kept[int(found[1])], marked)
    return _ADDRESS.sub(lambda f: f'<span style="color:#0b57d0">{f[0]}</span>', marked)
