"""The editor of one touchpoint: its sentence, what is wrong with it, and its parts in boxes."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages._journey import deeds
from pages._journey.condition_form import condition_form
from pages._journey.draft import Draft
from pages._journey.known import Known
from pages._journey.message_form import message_form
from pages._journey.more_form import more_form
from pages._journey.question_form import question_form
from pages._journey.when_form import when_form
from pages._ui.tabs import open_tabs, tabs_read
from pages._ui.words import plain
from px.journeys import editing, forms, words

Parts = dict[str, Any]
PURPOSES = {"marketing": "Marketing", "transactional": "Part of the order"}
WHEN, WHOM, MESSAGE, QUESTION, MORE = PARTS = ("When", "For whom", "Message", "Question", "More")
TAB = "px_part"
CLOSE = "close"


def touchpoint_form(draft: Draft, place: int, known: Known) -> None:
    """The touchpoint in this place of the draft is as its boxes say."""
    point = editing.points_of(draft.data)[place]
    key = f"px_tp_{place}_{draft.revision}"
    name, deed = _head(draft, point, key)
    parts: Parts = {"name": name}
    said = st.container(gap="small")
    for title, tab in open_tabs(PARTS, key=TAB):
        with tab:
            parts |= _DRAW[title](draft, place, point, known)
    for part, value in parts.items():
        point = editing.point_changed(point, part, value)
    draft.put(editing.with_point(draft.data, place, point))
    tabs_read(TAB)
    draft.chosen = str(point.get("key"))
    if deed == CLOSE:
        draft.choose(None)
    elif deed:
        deeds.move(draft, place, deed)
    else:
        with said:
            say_touchpoint(draft, place, known)


def say_touchpoint(draft: Draft, place: int, known: Known) -> None:
    """The touchpoint as a sentence, what keeps it from being saved, and what is likely wrong."""
    point = editing.points_of(draft.data)[place]
    names = words.labels(draft.data)
    sentence = words.touchpoint_sentence(point, names, known.names, known.shop.currency)
    st.markdown(plain(sentence))
    for problem in draft.problems.at.get(place, []):
        st.markdown(f":orange[:material/error: {plain(problem)}]")
    for warning in known.warnings(draft):
        if warning.touchpoint == point.get("key"):
            st.markdown(f":material/warning: {plain(warning.sentence)}")


def _head(draft: Draft, point: Parts, key: str) -> tuple[str, str | None]:
    """The name as its box says, and what to do with the touchpoint once its boxes are read."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        name = st.text_input(
            "Name", point.get("name") or "", key=f"{key}_name", max_chars=200, live=True
        )
        deed = deeds.menu("Touchpoint", key=f"px_point_menu_{draft.revision}")
        if st.button("Close", key=f"{key}_close", icon=":material/close:", type="tertiary"):
            deed = CLOSE
    return (name or "").strip(), deed


def _when(draft: Draft, place: int, point: Parts, _known: Known) -> Parts:
    return when_form(draft, place, point)


def _whom(draft: Draft, place: int, point: Parts, known: Known) -> Parts:
    purposes = list(PURPOSES)
    given = point.get("purpose") or "marketing"
    purpose = st.selectbox(
        "Purpose",
        purposes,
        purposes.index(given),
        format_func=PURPOSES.__getitem__,
        key=f"px_tp_{place}_{draft.revision}_purpose",
        help="Marketing needs consent and keeps quiet hours and the cap. "
        "What is part of the order needs only an address.",
    )
    if not point.get("if"):
        st.markdown("Everybody inside gets it.")
    condition = condition_form(
        "Only if",
        point.get("if"),
        draft,
        known.shop.currency,
        key=f"px_tp_{place}_if",
        add="Add a condition",
    )
    return {"purpose": forms.kept(point.get("purpose"), given, purpose, str), "if": condition}


def _channels(draft: Draft, place: int, point: Parts) -> Parts:
    seed = point.get("channels") or ["email"]
    channels = st.multiselect(
        "Channels, the first that reaches the customer is taken",
        list(words.CHANNEL_WORDS),
        seed,
        format_func=words.CHANNEL_WORDS.__getitem__,
        key=f"px_tp_{place}_{draft.revision}_channels",
    )
    return {"channels": forms.kept(point.get("channels"), seed, channels, list)}


def _message(draft: Draft, place: int, point: Parts, known: Known) -> Parts:
    return _channels(draft, place, point) | message_form(draft, place, point, known)


_DRAW: dict[str, Callable[[Draft, int, Parts, Known], Parts]] = {
    WHEN: _when,
    WHOM: _whom,
    MESSAGE: _message,
    QUESTION: question_form,
    MORE: more_form,
}
