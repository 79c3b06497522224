"""Which journey goes first: the order, what it would change, and saving it."""

import streamlit as st

from pages._calendar.counting import count_again
from pages._calendar.exchanges import draw_exchanges
from pages._calendar.sentences import effect_sentence
from pages._ui.doing import act, read
from pages._ui.links import link
from pages._ui.page import At
from pages._ui.signs import badge
from pages._ui.words import count, figure, plain
from px.journeys import pressure
from px.journeys.ahead.pressure import OrderedJourney, PressureMap

_ORDER = "px_journey_order"


def order(found: PressureMap, running: list[OrderedJourney], at: At) -> None:
    """Draws the live journeys in their order, with what each sends and what the cap does to it."""
    st.header("Which journey goes first", anchor=False)
    st.markdown(
        "When several journeys want the last place under the cap, the upper one gets it. "
        "What is part of an order always goes."
    )
    saved = [journey.key for journey in running]
    keys = _keys(saved)
    by_key = {journey.key: journey for journey in running}
    for place, key in enumerate(keys):
        _row(by_key[key], place, len(keys) - 1, found)
    if keys != saved:
        _change(keys, {journey.key: journey.name for journey in running}, found, at)


def _keys(saved: list[str]) -> list[str]:
    wanted = st.session_state.get(_ORDER)
    if wanted is None or set(wanted) != set(saved):
        wanted = saved
    return list(wanted)


def _row(journey: OrderedJourney, place: int, last: int, found: PressureMap) -> None:
    sums = found.by_journey.get(journey.key)
    row = st.container(
        key=f"px_order_row_{journey.key}",
        border=True,
        horizontal=True,
        vertical_alignment="center",
    )
    with row:
        with st.container(gap=None, width=300):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(f"**{place + 1}**", width="content")
                link("journey.py", f"**{plain(journey.name)}**", key=journey.key)
                if journey.status != "live":
                    badge(journey.status)
            told = f"{count(sums.sent, 'message')} in 30 days" if sums else "Nothing in 30 days"
            if sums and sums.moved:
                told += f", {figure(sums.moved)} moved by the cap"
            if sums and sums.dropped:
                told += f", {figure(sums.dropped)} dropped"
            st.markdown(f":gray[{told}]")
        # On a phone the buttons stand below.
        st.space("stretch")
        for label, icon, to, stuck in (
            ("Up", "arrow_upward", place - 1, place == 0),
            ("Down", "arrow_downward", place + 1, place == last),
        ):
            st.button(
                label,
                icon=f":material/{icon}:",
                key=f"px_order_{label}_{journey.key}",
                help=f"{plain(journey.name)} one place {label.lower()}",
                disabled=stuck,
                on_click=_move,
                args=(place, to),
            )


def _move(place: int, to: int) -> None:
    with read() as session:
        keys = _keys([journey.key for journey in pressure.ordered_journeys(session)])
    keys.insert(to, keys.pop(place))
    st.session_state[_ORDER] = keys


def _change(keys: list[str], names: dict[str, str], found: PressureMap, at: At) -> None:
    with st.container(border=True, key="px_order_change"):
        with read() as session, st.spinner("Counting what this order changes"):
            effect = pressure.effect_of_order(
                session, keys, found.contended, settings=at.settings, now=at.now
            )
        st.markdown(effect_sentence(effect, {key: plain(name) for key, name in names.items()}))
        draw_exchanges(effect, at)
        with st.container(horizontal=True):
            if st.button("Save order", type="primary"):
                with act("The order is saved") as session:
                    pressure.set_order(session, keys)
                    at.note(session, "ordered", "journeys", order=keys)
                    st.session_state.pop(_ORDER, None)
                    count_again()
            if st.button("Put back"):
                st.session_state.pop(_ORDER, None)
                st.rerun()
