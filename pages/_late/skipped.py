"""What was skipped as too late without anybody being asked, by the time in which px was down."""

from collections.abc import Sequence

import streamlit as st

from pages._late.deciding import send
from pages._late.rows import COLUMNS, rows_of
from pages._late.sentences import because_of, down_words
from pages._ui.page import At
from pages._ui.table import table
from pages._ui.words import count
from px.core.lease import Gap
from px.journeys import LateTouch


def skipped(touches: Sequence[LateTouch], gaps: Sequence[Gap], at: At) -> None:
    """Draws who did not get what, the last time that px was down first."""
    st.header("Skipped because their time had passed", anchor=False)
    if not touches:
        st.markdown("Nothing was skipped as too late in the last 30 days.")
        return
    left = list(touches)
    for number, gap in enumerate(reversed(gaps)):
        own = [touch for touch in left if because_of(gap, touch)]
        if own:
            left = [touch for touch in left if not because_of(gap, touch)]
            _part(own, down_words(gap, at.zone), f"gap_{number}", at)
    if left:
        said = "At other times: a journey was on hold or paused, or somebody dropped them."
        _part(left, said, "other", at)


def _part(touches: Sequence[LateTouch], said: str, key: str, at: At) -> None:
    st.markdown(f"**{count(len(touches), 'message')}**. {said}")
    rows = rows_of(touches, now=at.now)
    picked = table(rows, COLUMNS, key=f"px_skipped_{key}", at=at, select="many", tallest=300)
    what = count(len(picked), "message") if picked else "chosen messages"
    if st.button(f"Send {what} anyway", disabled=not picked, key=f"px_anyway_{key}"):
        send(picked, at, skipped=True)
