"""Who gets too many, and from which journeys; who is chosen opens."""

import streamlit as st

from pages._calendar.heat import LEAST, WEEK
from pages._calendar.sentences import MANY, journeys_words, week_words, worst_week
from pages._ui.doing import read
from pages._ui.page import At
from pages._ui.table import Column, table
from pages._ui.words import called, count
from px import customers
from px.journeys.ahead.pressure import CustomerWeek, PressureMap

COLUMNS = [
    Column("customer", "Customer", width=180),
    Column("messages", "Messages", "number", width=110),
    Column("journeys", "From", tip="journeys", width=420),
    Column("moved", "Cap: later", "number", width=110),
    Column("dropped", "Cap: dropped", "number", width=130),
]
CAPPED = 0
_CHOICES = {2: "2 or more", 3: "3 or more", 4: "4 or more", CAPPED: "Held or dropped by the cap"}


def crowd(found: PressureMap, names: dict[str, str], at: At) -> None:
    """Draws whoever gets that many in that week, the most first."""
    st.header("Who gets too many", anchor=False)
    week, least = _asked(found)
    chosen = [one for one in found.crowded if one.week == week and _fits(one, least)]
    when = week_words(found.weeks[week])
    if not chosen:
        what = "is held back by the cap" if least == CAPPED else f"gets {least} or more messages"
        st.markdown(f"Nobody {what} from {when}.")
        return
    st.markdown(f"{count(len(chosen), 'customer')} from {when}. Choose one to see everything.")
    with read() as session:
        known = customers.known_customers(session, [one.customer_id for one in chosen[:5000]])
    rows = [
        {
            "id": one.customer_id,
            "customer": called(known.get(one.customer_id)),
            "messages": one.messages,
            "journeys": journeys_words(one.journeys, names),
            "moved": one.moved,
            "dropped": one.dropped,
        }
        for one in chosen
    ]
    picked = table(rows, COLUMNS, key=f"px_crowd_{week}_{least}", at=at, tallest=340)
    if picked:
        st.switch_page("customer.py", query_params={"id": str(picked[0])})


def _asked(found: PressureMap) -> tuple[int, int]:
    weeks = list(range(len(found.weeks)))
    worst = worst_week(found)
    st.session_state.setdefault(WEEK, worst)
    st.session_state.setdefault(LEAST, MANY if found.at_least(MANY, worst) else 2)
    if st.session_state[WEEK] not in weeks:
        st.session_state[WEEK] = worst
    with st.container(horizontal=True, gap="medium"):
        week = st.pills(
            "Week",
            weeks,
            format_func=lambda place: week_words(found.weeks[place]),
            key=WEEK,
            required=True,
            wrap=True,
        )
        least = st.pills(
            "Messages",
            list(_CHOICES),
            format_func=_CHOICES.__getitem__,
            key=LEAST,
            required=True,
            wrap=True,
        )
    return week or 0, least or CAPPED


def _fits(one: CustomerWeek, least: int) -> bool:
    return bool(one.moved or one.dropped) if least == CAPPED else one.messages >= least
