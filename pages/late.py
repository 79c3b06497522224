"""Late messages: their time had passed when they could have gone; should they still go?"""

from datetime import timedelta

import streamlit as st

from db.kinds import Role
from pages._late.deciding import chosen, everything, one_by_one, undo
from pages._late.sentences import answer
from pages._late.skipped import skipped
from pages._ui.doing import read
from pages._ui.empty import empty
from pages._ui.page import At, page
from px import journeys
from px.core.lease import gaps_of, read_lease
from px.journeys import LateTouch

MOST = 5000
LOOK_BACK = timedelta(days=30)
_LATELY = timedelta(days=7)
WAYS = {"All at once": everything, "One by one": one_by_one, "Choose from a list": chosen}


def main() -> None:
    """Draws what came too late, the ways to decide, and what was skipped meanwhile."""
    with page("Late messages", role=Role.MANAGER) as at:
        with read() as session:
            waiting = journeys.touches_in_review(session, limit=MOST)
            since = at.now - LOOK_BACK
            gone = journeys.skipped_as_late(session, since=since, limit=MOST)
            gaps = [g for g in gaps_of(read_lease(session, "scheduler")) if g.ended >= since]
        lately = [gap for gap in gaps if gap.ended >= at.now - _LATELY]
        undo(at)
        if not waiting and not gone and not lately:
            nothing()
            return
        at.answer(answer(len(waiting), len(gone), lately[-1] if lately else None, at.zone))
        if waiting:
            decide(waiting, at)
        skipped(gone, gaps, at)


def decide(waiting: list[LateTouch], at: At) -> None:
    """The way of deciding that is chosen."""
    st.header("Waiting for your decision", anchor=False)
    way = st.segmented_control(
        "How to decide", list(WAYS), default="All at once", required=True, key="px_late_way"
    )
    WAYS[way or "All at once"](waiting, at)


def nothing() -> None:
    """What the page is for, while nothing waits."""
    text = (
        "A message whose time passed while px was down, or a journey on hold, waits here when its "
        "touchpoint says that somebody of the team decides."
    )
    if empty("Nothing came too late", text, button="Open today", icon=":material/schedule:"):
        st.switch_page("today.py")


main()
