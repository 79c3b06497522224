"""The boxes in which a template's words are written, and what stands in them now."""

from dataclasses import asdict

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
    """The boxes hold the template's words, if nobody is typing in them yet."""
    saved = asdict(parts) | {"name": line.name}
    for box in _BOXES:
        st.session_state.setdefault(_key(line.key, box), saved[box])
    st.session_state.setdefault(_key(line.key, "number"), line.number)


def forget(key: str) -> None:
    """The boxes will hold what is saved again."""
    for box in (*_BOXES, "number"):
        st.session_state.pop(_key(key, box), None)


def begun_from(key: str) -> int:
    """The version that the words in the boxes began from."""
    return int(st.session_state[_key(key, "number")])


def draw(key: str) -> tuple[str, TemplateParts]:
    """Draws the boxes; the name and the words in them."""
    name = st.text_input("Name", key=_key(key, "name"), max_chars=200)
    subject = st.text_input("Subject", key=_key(key, "subject"), max_chars=1000)
    body = st.text_area("Body", key=_key(key, "body"), height=440, help=_BODY_HELP)
    with st.expander("Texts for SMS and WhatsApp"):
        st.caption("Left empty, the customer gets the body as plain text.")
        sms = st.text_area("SMS", key=_key(key, "sms"), height=100)
        whatsapp = st.text_area("WhatsApp", key=_key(key, "whatsapp"), height=120)
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
