"""Late messages: their time had passed when they could have gone; should they still go?"""

from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from db.kinds import Role
from pages._ui.doing import act, read
from pages._ui.empty import empty
from pages._ui.page import At, page
from pages._ui.table import Column, table
from pages._ui.words import count
from px import customers, journeys
from px.journeys import words

COLUMNS = [
    Column("customer", "To"),
    Column("touchpoint", "Message"),
    Column("journey", "Journey"),
    Column("due_at", "Was due", "moment", width=170),
]
MOST = 5000


@dataclass(frozen=True, slots=True)
class Row:
    """One touch that waits for a decision, as the table shows it."""

    id: int
    customer: str
    touchpoint: str
    journey: str
    due_at: datetime | None


def main() -> None:
    """Draws what came too late and the two things that can be done with the chosen."""
    with page("Late messages", role=Role.MANAGER) as at:
        rows = late_rows()
        if not rows:
            nothing()
            return
        verb = "is" if len(rows) == 1 else "are"
        at.answer(f"{count(len(rows), 'message')} {verb} too late: choose which still go out.")
        chosen = [int(id) for id in table(rows, COLUMNS, key="px_late", at=at, select="many")]
        decide(chosen, at)


def late_rows() -> list[Row]:
    """The touches in review, the longest overdue first."""
    with read() as session:
        lines = journeys.touch_lines(session, statuses=["review"], limit=MOST)
        names = customers.known_customers(session, [x.customer_id for x in lines if x.customer_id])
    return [
        Row(
            line.id,
            names[line.customer_id].name if line.customer_id in names else "Nobody known",
            words.spaced(line.touchpoint),
            line.journey_name,
            line.due_at,
        )
        for line in lines
    ]


def decide(chosen: list[int], at: At) -> None:
    """A button for each decision about the chosen touches."""
    if not chosen:
        st.markdown("Choose messages, then send or drop them.")
        return
    what = count(len(chosen), "message")
    with st.container(horizontal=True):
        if st.button(f"Send {what}", type="primary"):
            with act(f"{what} decided: they go out where the customer may be written to") as s:
                journeys.send_late(s, chosen, settings=at.settings, now=at.now)
        if st.button(f"Drop {what}"):
            with act(f"{what} dropped") as session:
                journeys.drop_late(session, chosen, now=at.now)


def nothing() -> None:
    """What the page is for, while nothing waits."""
    text = (
        "A message whose time passed while px was down, or a journey on hold, waits here when its "
        "touchpoint says that somebody of the team decides."
    )
    if empty("Nothing came too late", text, button="Open today", icon=":material/schedule:"):
        st.switch_page("today.py")


main()
