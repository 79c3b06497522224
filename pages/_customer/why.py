"""Why, and why not: every touchpoint of every journey as a sentence, and the journeys they miss."""

from collections.abc import Sequence

import streamlit as st

from pages._customer.timeline import why_of
from pages._ui.links import link
from pages._ui.page import At
from pages._ui.signs import badge
from pages._ui.words import count, plain
from px.journeys import NotInside, TouchStory, touch_sentence
from px.messages import CustomerMessage


def draw_why(
    touches: Sequence[TouchStory],
    messages: Sequence[CustomerMessage],
    missed: Sequence[NotInside],
    orders: dict[int, str],
    at: At,
) -> None:
    """Draws a fold for each journey with its touchpoints, then the journeys they are not in."""
    st.header("Why, and why not", anchor=False)
    if not touches and not missed:
        st.markdown("No journey is live, so there is nothing to explain.")
    held = {message.touch_id: message for message in messages if message.status == "held"}
    by_journey: dict[tuple[str, str, int | None], list[TouchStory]] = {}
    for touch in sorted(touches, key=lambda one: one.id):
        place = (touch.journey, touch.journey_name, touch.order_id)
        by_journey.setdefault(place, []).append(touch)
    for (key, name, order_id), own in by_journey.items():
        number = f", {orders[order_id]}" if order_id in orders else ""
        waiting = sum(touch.is_open for touch in own)
        said = f" · {count(waiting, 'message')} still open" if waiting else " · all done"
        with st.expander(f"**{plain(name)}**{plain(number)}{said}"):
            for touch in own:
                _touch(touch, held.get(touch.id) if touch.is_open else None, at)
            link("journey.py", "Open the journey", key=key)
    for one in missed:
        st.markdown(f":material/do_not_disturb_on: Not in **{plain(one.name)}**: {plain(one.why)}.")


def _touch(touch: TouchStory, held: CustomerMessage | None, at: At) -> None:
    if held:
        status, said = "held", f"Held: {why_of(held)}."
    else:
        status, said = touch.status, touch_sentence(touch, now=at.now, zone=at.zone)
    again = f" (no. {touch.occurrence})" if touch.occurrence > 1 else ""
    with st.container(gap=None):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.markdown(f"**{plain(touch.label)}**{again}", width="content")
            badge(status)
        st.markdown(plain(said))
