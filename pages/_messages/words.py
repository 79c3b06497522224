"""The boxes in which a template's words are written, and what stands in them now."""

from dataclasses import asdict
from typing import Any

import streamlit as st

from px.messages import TemplateLine, TemplateParts, TemplateProblem

_BOXES = ("name", "subject", "body", "sms", "whatsapp")
_PARTS = {"subject": "Subject", "body": "Body", "sms": "SMS", "whatsapp": "WhatsApp"}
_BODY_HELP = (
    "Markdown: **bold**, *italic*, # heading, - list, [text](https://address), "
    "[[button]](https://address). What differs between customers: {{ customer.first_name }}, "
    "{% if order.is_first %} ... {% endif %}."
)


def prepare(line: TemplateLine, parts: TemplateParts) -> None:
    """The boxes hold the template's words, unless somebody was writing in them."""
    if all(_key(line.key, box) in st.session_state for box in (*_BOXES, "number")):
        return
    for box, saved in (asdict(parts) | {"name": line.name, "number": line.number}).items():
        st.session_state[_key(line.key, box)] = saved


def forget(key: str) -> None:
    """The boxes will hold what is saved again."""
    for box in (*_BOXES, "number"):
        st.session_state.pop(_key(key, box), None)


def begun_from(key: str) -> int:
    """The version that the words in the boxes began from."""
    return int(st.session_state[_key(key, "number")])


def in_boxes(key: str) -> TemplateParts | None:
    """The words that somebody is writing, None when the template is in no boxes."""
    kept = [st.session_state.get(_key(key, box)) for box in _BOXES[1:]]
    if any(text is None for text in kept):
        return None
    return TemplateParts(*(str(text).replace("\r\n", "\n") for text in kept))


def draw(key: str, *, called: str = "Name", height: int = 440) -> tuple[str, TemplateParts]:
    """Draws the boxes; the name and the words in them."""
    kept: dict[str, Any] = {
        box: {"key": _key(key, box), "persist_state": "session"} for box in _BOXES
    }
    name = st.text_input(called, max_chars=200, **kept["name"])
    subject = st.text_input("Subject", max_chars=1000, live=True, **kept["subject"])
    body = st.text_area("Body", height=height, help=_BODY_HELP, **kept["body"])
    with st.expander("Texts for SMS and WhatsApp"):
        st.caption("Left empty, the customer gets the body as plain text.")
        sms = st.text_area("SMS", height=100, **kept["sms"])
        whatsapp = st.text_area("WhatsApp", height=120, **kept["whatsapp"])
    words = (subject, body, sms, whatsapp)
    return name or "", TemplateParts(*((text or "").replace("\r\n", "\n") for text in words))


def draw_problems(problems: list[TemplateProblem]) -> None:
    """Draws what is wrong with the words, each with its part and line."""
    lines = []
    for problem in problems[:8]:
        # As code the text is shown as it is, braces and stars included.
        message = problem.message.replace("`", "'")
        lines.append(f"- **{_PARTS[problem.part]}, line {problem.line}**: `` {message} ``")
    if len(problems) > 8:
        lines.append(f"- and {len(problems) - 8} more")
    st.error("\n".join(lines), icon=":material/error:", title="These words cannot be sent")


def _key(key: str, box: str) -> str:
    return f"px_template_{key}_{box}"
