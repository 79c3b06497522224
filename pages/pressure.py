"""Calendar: who gets how many messages in the next days over all journeys, and is it too many?"""

import streamlit as st

from db.kinds import Role
from pages._calendar.counting import count_again, counted
from pages._calendar.crowd import crowd
from pages._calendar.heat import heat
from pages._calendar.order import order
from pages._calendar.sentences import answer, cap_sentence, estimate_sentence
from pages._ui.doing import read
from pages._ui.empty import empty
from pages._ui.find import find_customer
from pages._ui.links import link
from pages._ui.page import At, page
from pages._ui.words import when
from px.journeys import pressure
from px.journeys.ahead.pressure import OrderedJourney, PressureMap


def main() -> None:
    """Draws the map, who is concerned, what the cap does, and the order of the journeys."""
    with page("Calendar", role=Role.MANAGER) as at:
        with read() as session:
            running = pressure.ordered_journeys(session)
        if not running:
            nothing()
            return
        find_customer(at)
        found = counted(at)
        if found is None:
            at.answer("How many messages everybody gets in the next 30 days is being counted.")
            return
        draw(found, running, at)


def draw(found: PressureMap, running: list[OrderedJourney], at: At) -> None:
    """The whole map."""
    at.answer(answer(found))
    names = {journey.key: journey.name for journey in running}
    weekly = f"Customers by messages in a week. {answer(found)}".replace("*", "")
    heat(found, found.cells, key="px_heat", says=weekly)
    with st.container(horizontal=True, vertical_alignment="center"):
        counted_at = when(found.counted_at, now=at.now, zone=at.zone)
        st.caption(
            f"Everybody inside a live journey, counted {counted_at}. Parcels still on their way "
            "and answers still to come are not in it.",
            width="stretch",
        )
        if st.button("Count again", type="tertiary", icon=":material/refresh:"):
            count_again()
            st.rerun()
    crowd(found, names, at)
    st.header("What the cap does", anchor=False)
    cap = (at.settings.cap_messages, at.settings.cap_days)
    st.markdown(cap_sentence(found, cap))
    if at.may(Role.ADMIN):
        link("settings.py", "Change the cap or the quiet hours")
    order(found, running, at)
    with st.expander("New orders: an estimate"):
        said = estimate_sentence(found)
        st.markdown(said)
        if found.estimate:
            heat(found, found.estimate, key="px_heat_estimate", says=said)


def nothing() -> None:
    """What the page is for, while no journey is live."""
    text = (
        "Here you see in advance who gets how many messages in a week, from all journeys "
        "together, and decide which journey goes first."
    )
    title = "No journey is live yet"
    if empty(title, text, button="Open journeys", icon=":material/calendar_month:"):
        st.switch_page("journeys.py")


main()
