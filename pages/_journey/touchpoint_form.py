"""One touchpoint in boxes: what it is, when it is due, to whom it goes, how, and what it says."""

from collections.abc import Iterable
from typing import Any

import streamlit as st

from pages._journey.boxes import kind_box, length_box
from pages._journey.condition_form import condition_form
from pages._journey.draft import Draft
from pages._journey.message_form import Texts, message_form
from pages._journey.question_form import question_form
from px.journeys import editing, forms, words

PURPOSES = {
    "marketing": "Marketing",
    "transactional": "Part of the order",
}
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
_LATE = {"transactional": "72 hours", "marketing": "24 hours"}


def touchpoint_form(draft: Draft, place: int, texts: Texts) -> None:
    """The touchpoint in this place of the draft is as its boxes say."""
    point = editing.points_of(draft.data)[place]
    key = f"px_tp_{place}_{draft.revision}"
    parts: dict[str, Any] = {}
    parts |= _what(draft, point, key)
    _heading("When", ":material/schedule:")
    parts |= _anchor(draft, point, key)
    parts |= _hours(point, key)
    with st.expander("If it is late, and repeats", key=f"{key}_more"):
        parts |= _late(point, key)
        parts |= _repeat(point, key)
    _heading("Only if", ":material/filter_alt:")
    parts["if"] = condition_form(
        "Only if", point.get("if"), draft, key=f"px_tp_{place}_if", add="Add a condition"
    )
    _heading("How and what", ":material/send:")
    parts |= _channels(point, key)
    parts |= message_form(draft, place, point, texts)
    _heading("Question", ":material/contact_support:")
    parts |= question_form(draft, place, point)
    parts |= _key(draft, point, key)
    for name, value in parts.items():
        point = editing.point_changed(point, name, value)
    draft.put(editing.with_point(draft.data, place, point))
    draft.chosen = str(point.get("key"))


def _heading(text: str, icon: str) -> None:
    st.markdown(f"#### {icon} {text}", anchors=False)


def _what(draft: Draft, point: dict[str, Any], key: str) -> dict[str, Any]:
    left, middle, right = st.columns([4, 3, 5])
    name = left.text_input("Name", point.get("name") or "", key=f"{key}_name", max_chars=200)
    phases = editing.phases_of(draft.data)
    options = list(dict.fromkeys([*phases, *filter(None, [point.get("phase")])]))
    phase = middle.selectbox(
        "Phase",
        options,
        options.index(point["phase"]) if point.get("phase") else None,
        format_func=words.phase_words,
        key=f"{key}_phase",
        placeholder="No phase",
    )
    purposes = list(PURPOSES)
    purpose = right.selectbox(
        "Purpose",
        purposes,
        purposes.index(point.get("purpose") or "marketing"),
        format_func=PURPOSES.__getitem__,
        key=f"{key}_purpose",
        help="Marketing needs consent and keeps quiet hours and the cap. "
        "What is part of the order needs only an address.",
    )
    given = point.get("purpose") or "marketing"
    return {
        "name": name.strip(),
        "phase": phase,
        "purpose": forms.kept(point.get("purpose"), given, purpose, str),
    }


def _anchor(draft: Draft, point: dict[str, Any], key: str) -> dict[str, Any]:
    before = forms.anchor_boxes(point.get("anchor"))
    left, middle, right = st.columns([4, 5, 5])
    word = left.selectbox(
        "Counted from",
        list(forms.ANCHORS),
        forms.ANCHORS.index(before.word),
        format_func=ANCHOR_LABELS.__getitem__,
        key=f"{key}_word",
    )
    about = before.about if word == before.word else ""
    with middle:
        about = _about(draft, point, word, about, f"{key}_{word}")
    with right:
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
        return kind_box("What happens", about or "delivered", key=key)
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
        )
        named = chosen or options[0]
        return named if named in words.DATE_WORDS else forms.field_name(named)
    others = {k: v for k, v in words.labels(draft.data).items() if k != point.get("key")}
    options = list(dict.fromkeys([*others, *filter(None, [about])]))
    other = st.selectbox(
        "Which touchpoint",
        options,
        options.index(about) if about else None,
        format_func=lambda one: others.get(one, f"{words.spaced(one)} (gone)"),
        key=key,
        placeholder="Choose a touchpoint",
    )
    return other or ""


def _hours(point: dict[str, Any], key: str) -> dict[str, Any]:
    window = point.get("window") or {}
    columns = st.columns([3, 3, 3, 7])
    at = columns[0].text_input(
        "At", point.get("at") or "", key=f"{key}_at", placeholder="any time",
        help="This time of day where the customer lives, such as 09:15.",
    )  # fmt: skip
    start = columns[1].text_input(
        "Not before", window.get("from") or "", key=f"{key}_from", placeholder="any time"
    )
    end = columns[2].text_input(
        "Not after", window.get("to") or "", key=f"{key}_to", placeholder="any time"
    )
    days = columns[3].pills(
        "On these days only",
        DAYS,
        default=window.get("days") or [],
        selection_mode="multi",
        format_func=str.capitalize,
        key=f"{key}_days",
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
    left, right = st.columns(2)
    with left:
        within = length_box("Still send when at most this late", late.get("within") or "24h",
                            key=f"{key}_within")  # fmt: skip
    options = {"skip": "skip it", "review": "let somebody of the team decide"}
    otherwise = right.selectbox(
        "When it is later",
        list(options),
        list(options).index(late.get("else") or "skip"),
        format_func=options.__getitem__,
        key=f"{key}_else",
    )
    given = {"within": within, "else": otherwise}
    same = late and (within, otherwise) == (late.get("within"), late.get("else") or "skip")
    return {"late": late if same else given}


def _repeat(point: dict[str, Any], key: str) -> dict[str, Any]:
    repeat = point.get("repeat") or {}
    if not st.toggle("Comes again", bool(repeat), key=f"{key}_repeat"):
        return {"repeat": None}
    left, right = st.columns(2)
    with left:
        every = length_box("Every", repeat.get("every") or "30d", key=f"{key}_every")
    times = right.number_input(
        "How often in all", 1, 366, int(repeat.get("times") or 3), key=f"{key}_times", width=160
    )
    return {"repeat": {"every": every, "times": times}}


def _channels(point: dict[str, Any], key: str) -> dict[str, Any]:
    seed = point.get("channels") or ["email"]
    channels = st.multiselect(
        "Channels, the first that reaches the customer is taken",
        list(words.CHANNEL_WORDS),
        seed,
        format_func=words.CHANNEL_WORDS.__getitem__,
        key=f"{key}_channels",
    )
    return {"channels": forms.kept(point.get("channels"), seed, channels, list)}


def _key(draft: Draft, point: dict[str, Any], key: str) -> dict[str, Any]:
    with st.expander(f"Key: {point.get('key')}", key=f"{key}_keybox"):
        typed = st.text_input(
            "Key", point.get("key") or "", key=f"{key}_key", max_chars=80,
            help="Names the touchpoint for ever, in figures and files.",
        )  # fmt: skip
        if draft.version is not None:
            st.markdown(
                "A touchpoint with another key is a new one: those inside get it, "
                "even if they have had this one."
            )
    return {"key": typed.strip() or point.get("key")}
