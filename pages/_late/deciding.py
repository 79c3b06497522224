"""Deciding about late messages: all at once, by age, chosen ones, or one by one."""

from collections.abc import Sequence

import streamlit as st

from pages._late.reading import read_message
from pages._late.rows import COLUMNS, rows_of
from pages._late.sentences import AGES, by_journey, how_late, spread
from pages._ui.doing import act
from pages._ui.links import link
from pages._ui.page import At
from pages._ui.table import table
from pages._ui.words import count, figure, full, plain
from px import journeys
from px.journeys import LateTouch

_UNDO = "px_late_undo"
_PLACE = "px_late_place"


def everything(touches: Sequence[LateTouch], at: At) -> None:
    """The journeys with how many and how late, and a button for all of them."""
    for (key, name), own in by_journey(touches).items():
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            link("journey.py", f"**{plain(name)}**", key=key)
            st.markdown(f"{count(len(own), 'message')}, {spread(own, at.now)}", width="content")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if st.button(f"Send {_all(touches)}", type="primary", icon=":material/send:"):
            send([touch.id for touch in touches], at)
        age = st.selectbox("Older than", list(AGES), index=1, width=140, key="px_late_age")
        old = [touch.id for touch in touches if touch.is_older(AGES[age], now=at.now)]
        if st.button(f"Drop {count(len(old), 'message')} older than {age}", disabled=not old):
            drop(old, at)


def chosen(touches: Sequence[LateTouch], at: At) -> None:
    """A table to choose from, and what can be done with the chosen."""
    rows = rows_of(touches, now=at.now)
    picked = table(rows, COLUMNS, key="px_late", at=at, select="many", tallest=420)
    if not picked:
        st.markdown("Choose messages, then send or drop them.")
        return
    what = count(len(picked), "message")
    with st.container(horizontal=True):
        if st.button(f"Send {what}", type="primary", key="px_late_send"):
            send(picked, at)
        if st.button(f"Drop {what}", key="px_late_drop"):
            drop(picked, at)


def one_by_one(touches: Sequence[LateTouch], at: At) -> None:
    """One message after the other, with the way to its customer and its journey."""
    place = min(st.session_state.get(_PLACE, 0), len(touches) - 1)
    touch = touches[place]
    (row,) = rows_of([touch], now=at.now)
    with st.container(border=True):
        st.caption(f"{place + 1} of {len(touches)}")
        st.markdown(
            f"**{plain(touch.label)}** to **{plain(row.customer)}**  \n"
            f"It was due {plain(full(touch.due_at, at.zone))}, {how_late(touch, at.now)}."
        )
        with st.container(horizontal=True):
            link("customer.py", "See the customer", id=str(touch.customer_id or ""))
            link("journey.py", plain(touch.journey_name), key=touch.journey)
        if st.toggle("Read the message", key="px_late_read"):
            read_message(touch, at)
        with st.container(horizontal=True):
            if st.button("Send this", type="primary", shortcut="S"):
                send([touch.id], at)
            if st.button("Drop this", shortcut="D"):
                drop([touch.id], at)
            if st.button("Leave it for later", shortcut="N"):
                st.session_state[_PLACE] = (place + 1) % len(touches)
                st.rerun()


def send(ids: Sequence[int], at: At, *, skipped: bool = False) -> None:
    """These go out where the customer may be written to; `skipped` ones wait for nobody yet."""
    with act() as session:
        if skipped:
            journeys.review_again(session, ids)
        going = journeys.send_late(session, ids, settings=at.settings, now=at.now)
        at.note(session, "sent late", "touches", messages=going, of=len(ids))
        st.session_state.pop(_UNDO, None)
        st.session_state["px_late_told"] = _sent_words(going, len(ids))


def _sent_words(going: int, asked: int) -> str:
    if going == asked:
        return f"{count(going, 'message')} in the outbox."
    gone = f"{figure(going)} of {count(asked, 'message')} in the outbox"
    return f"{gone}; the others may not be written to."


def drop(ids: Sequence[int], at: At) -> None:
    """These do not go out; it can be undone while the page is open."""
    with act(f"{count(len(ids), 'message')} dropped") as session:
        journeys.drop_late(session, ids, now=at.now)
        at.note(session, "dropped late", "touches", messages=len(ids))
        st.session_state[_UNDO] = list(ids)


def undo(at: At) -> None:
    """A button that brings back what was dropped last, and what was done last in words."""
    if told := st.session_state.pop("px_late_told", None):
        st.success(told, icon=":material/check:")
    dropped = st.session_state.get(_UNDO)
    if dropped and st.button(
        f"Undo: bring {count(len(dropped), 'message')} back", icon=":material/undo:"
    ):
        with act(f"{count(len(dropped), 'message')} back for your decision") as session:
            journeys.review_again(session, dropped)
            at.note(session, "brought back late", "touches", messages=len(dropped))
            st.session_state.pop(_UNDO)


def _all(touches: Sequence[LateTouch]) -> str:
    return f"all {count(len(touches), 'message')}" if len(touches) > 1 else "the message"
