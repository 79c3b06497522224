"""When a touchpoint is due, in boxes: counted from what, in which hours, how late, how often."""

from collections.abc import Iterable
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
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WIDTH = 260
_LATE = {"transactional": "72 hours", "marketing": "24 hours"}


def when_form(draft: Draft, place: int, point: dict[str, Any]) -> dict[str, Any]:
    """The parts that say when it is due, as their boxes say."""
    key = f"px_tp_{place}_{draft.revision}"
    return _anchor(draft, point, key) | _hours(point, key) | _repeat(point, key) | _late(point, key)


def _anchor(draft: Draft, point: dict[str, Any], key: str) -> dict[str, Any]:
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


def _hours(point: dict[str, Any], key: str) -> dict[str, Any]:
    window = point.get("window") or {}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        at = st.text_input(
            "At", point.get("at") or "", key=f"{key}_at", placeholder="any time", width=110,
            help="This time of day where the customer lives, such as 09:15.",
        )  # fmt: skip
        start = st.text_input(
            "Not before", window.get("from") or "", key=f"{key}_from", placeholder="any time",
            width=110,
        )  # fmt: skip
        end = st.text_input(
            "Not after", window.get("to") or "", key=f"{key}_to", placeholder="any time", width=110
        )
        days = st.pills(
            "On these days only",
            DAYS,
            default=window.get("days") or [],
            selection_mode="multi",
            format_func=str.capitalize,
            key=f"{key}_days",
            width="content",
        )
    before = (window.get("from"), window.get("to"), _in_order(window.get("days") or []))
    after = (forms.clock_part(start), forms.clock_part(end), _in_order(days))
    kept = forms.kept(point.get("window"), before, after, lambda it: forms.window_part(*it))
    return {"at": forms.clock_part(at), "window": kept}


def _in_order(days: Iterable[str]) -> list[str]:
    return [day for day in DAYS if day in days]


def _late(point: dict[str, Any], key: str) -> dict[str, Any]:
    late = point.get("late") or {}
    usual = _LATE[point.get("purpose") or "marketing"]
    own = st.toggle(
        f"Its own rule for being late (usual: skip it after {usual})",
        bool(late),
        key=f"{key}_late",
    )
    if not own:
        return {"late": None}
    options = {"skip": "skip it", "review": "let somebody of the team decide"}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        within = length_box("Still send when at most this late", late.get("within") or "24h",
                            key=f"{key}_within")  # fmt: skip
        otherwise = st.selectbox(
            "When it is later",
            list(options),
            list(options).index(late.get("else") or "skip"),
            format_func=options.__getitem__,
            key=f"{key}_else",
            width=250,
        )
    given = {"within": within, "else": otherwise}
    same = late and (within, otherwise) == (late.get("within"), late.get("else") or "skip")
    return {"late": late if same else given}


def _repeat(point: dict[str, Any], key: str) -> dict[str, Any]:
    repeat = point.get("repeat") or {}
    if not st.toggle("Comes again", bool(repeat), key=f"{key}_repeat"):
        return {"repeat": None}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        every = length_box("Every", repeat.get("every") or "30d", key=f"{key}_every")
        times = st.number_input(
            "How often in all", 1, 366, int(repeat.get("times") or 3), key=f"{key}_times", width=160
        )
    return {"repeat": {"every": every, "times": times}}
