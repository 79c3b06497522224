"""One ready-made journey read whole: what it is for, and each touchpoint with its message."""

from dataclasses import replace
from typing import Any

import streamlit as st

from db.kinds import Purpose
from pages._library.cards import EVERY, facts
from pages._library.using import use_dialog
from pages._ui.links import link
from pages._ui.page import At
from pages._ui.preview import FORMAT_OF, WIDTHS, draw_format
from pages._ui.seen_as import Picked, pick_customer, seen_message
from pages._ui.signs import touchpoint_badges
from pages._ui.words import plain
from px import journeys, messages
from px.journeys import LibraryJourney, forms, words
from px.messages import NewMessage, TemplateFailed, TemplateParts


def draw(one: LibraryJourney, at: At) -> None:
    """Draws the journey with every touchpoint in words; an open one shows its message."""
    if at.primary.button("Use this journey", type="primary", shortcut="U"):
        use_dialog(one, at)
    at.answer(f"“{plain(one.customer_goal)}” {plain(one.summary)}")
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("All journeys of the library", type="tertiary", icon=":material/arrow_back:"):
            st.query_params.clear()
            st.rerun()
        link("journey_map.py", "Journey map", icon=":material/map:", library=one.key)
    facts(one)
    _needs(one)
    st.header("What it says, and when", anchor=False)
    picked = pick_customer(at, key="px_library_seen_as") or Picked(0)
    message = seen_message(picked, at)
    data = journeys.to_data(one.document)
    names = words.labels(data)
    points = {point["key"]: point for point in data["touchpoints"]}
    for stage in journeys.map_of(one.document).stages:
        if stage.touches:
            st.subheader(stage.title, anchor=False)
            for touch in stage.touches:
                _touchpoint(one, points[touch.key], names, message, at)


def _needs(one: LibraryJourney) -> None:
    shop = "" if one.shop == EVERY else f" Kind of shop: {one.shop.lower()}."
    begins = words.event_clause(one.document.enter.on)
    st.markdown(
        f"It begins for {words.PER_WORDS[one.document.per]} when {begins}.{shop}\n\n"
        "**What it needs**\n\n" + "\n".join(f"- {plain(need)}" for need in one.needs)
    )


def _touchpoint(
    one: LibraryJourney, point: dict[str, Any], names: dict[str, str], message: NewMessage, at: At
) -> None:
    """Draws when it comes, to whom and how; unfolded, each of its messages."""
    said = words.touchpoint_sentence(point, names, currency=at.settings.shop_currency)
    sentence = said.rpartition(": ")[0]
    with st.container(border=True, key=f"px_point_{point['key']}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{plain(point['name'])}**", width="content")
            touchpoint_badges(point)
        st.markdown(plain(sentence))
        for text, _share in forms.weights_rows(point):
            subject = messages.render_text(one.texts[text], message.context)[0]
            with st.expander(
                f"Read “{plain(subject)}”", key=f"px_text_{text}", on_change="rerun"
            ) as box:
                if box.open:
                    _message(text, one.texts[text], message, point, at)


def _message(
    text: str, parts: TemplateParts, message: NewMessage, point: dict[str, Any], at: At
) -> None:
    """Draws the message as the chosen customer gets it, on each of the touchpoint's channels."""
    message = replace(message, purpose=Purpose(point["purpose"]))
    try:
        shown = messages.preview_of(parts, message, at.settings, now=at.now)
    except TemplateFailed as problem:
        st.error(plain(problem), icon=":material/error:")
        return
    with st.container(horizontal=True, gap="medium"):
        for channel in point["channels"]:
            shape = FORMAT_OF[channel]
            with st.container(width=WIDTHS[shape]):
                draw_format(shape, shown, at, whose=f"{point['key']}_{text}")
