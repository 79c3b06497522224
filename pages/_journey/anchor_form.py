"""What a touchpoint counts from, and how long after, in boxes."""

from typing import Any

import streamlit as st

from pages._journey.boxes import kind_box, length_box
from pages._journey.draft import Draft
from px.journeys import condition_boxes, forms, words

ANCHOR_LABELS = {
    "event": "something that happens",
    "sent": "another message being sent",
    "answered": "an answer to a question",
    "unanswered": "no answer to a question",
    "opened": "a message being opened",
    "clicked": "a link being followed",
    "date": "a date",
}
_WIDTH = 260


def anchor_form(draft: Draft, point: dict[str, Any], key: str) -> dict[str, Any]:
    """The parts `anchor` and `after` as their boxes say."""
    before = forms.anchor_boxes(point.get("anchor"))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        word = st.selectbox(
            "Counted from",
            list(forms.ANCHORS),
            forms.ANCHORS.index(before.word),
            format_func=ANCHOR_LABELS.__getitem__,
            key=f"{key}_word",
            width=215,
        )
        about = before.about if word == before.word else ""
        about = _about(draft, point, word, about, f"{key}_{word}")
    after = length_box(
        "How long after",
        point.get("after"),
        key=f"{key}_after",
        help="0 is at once. Days count on the customer's calendar, hours exactly.",
        may_precede=word == "date",
    )
    anchor = forms.kept(
        point.get("anchor"), before, forms.AnchorBoxes(word, about), forms.anchor_part
    )
    return {"anchor": anchor, "after": forms.kept(point.get("after"), "0", after, str)}


def _about(draft: Draft, point: dict[str, Any], word: str, about: str, key: str) -> str:
    """What exactly it counts from: an event, a date or another touchpoint."""
    if word == "event":
        return kind_box("What happens", about or "delivered", key=key, width=_WIDTH)
    if word == "date":
        options = list(dict.fromkeys([*words.DATE_WORDS, *filter(None, [about])]))
        chosen = st.selectbox(
            "Which date",
            options,
            options.index(about) if about else 0,
            format_func=words.date_words,
            key=key,
            accept_new_options=True,
            help="Type a trait with a date, such as birthday.",
            width=_WIDTH,
        )
        named = chosen or options[0]
        return named if named in words.DATE_WORDS else condition_boxes.field_name(named)
    others = {k: v for k, v in words.labels(draft.data).items() if k != point.get("key")}
    options = list(dict.fromkeys([*others, *filter(None, [about])]))
    other = st.selectbox(
        "Which touchpoint",
        options,
        options.index(about) if about else None,
        format_func=lambda one: others.get(one, f"{words.spaced(one)} (gone)"),
        key=key,
        placeholder="Choose a touchpoint",
        width=_WIDTH,
    )
    return other or ""
