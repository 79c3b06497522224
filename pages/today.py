"""Today: what went out, what went wrong, what comes next?"""

import streamlit as st

from db.kinds import Role
from pages._today.days import days
from pages._today.figures import SHOWN, Figures, read_figures
from pages._today.first_steps import checklist, welcome
from pages._today.journeys import Trouble, say_trouble, trouble_of
from pages._today.sentences import answer, down, scheduler, told, waits
from pages._ui.links import link
from pages._ui.page import At, page, read
from pages._ui.signs import sign
from pages._ui.words import figure, full, plain, when
from px.core import clock
from px.journeys import words


def numbers(figures: Figures) -> None:
    """Four figures, each with the way to what it counts."""
    shown = (
        ("Sent today", figures.sent(days=1), {"status": "sent"}),
        ("Sent in 7 days", figures.sent(days=7), {"status": "sent"}),
        ("Due in 24 hours", figures.due_in_day, {"status": "queued"}),
        ("Failed since yesterday", figures.failed, {"status": "failed"}),
    )
    with st.grid(4, min_column_width=150):
        for label, number, query in shown:
            with st.container(border=True, gap="xsmall"):
                st.metric(label, figure(number))
                link("outbox.py", "Show", **query)


def needs_you(at: At, figures: Figures, wrong: Trouble) -> None:
    """What failed, is held or came too late, a sentence each."""
    st.subheader("What needs a look", anchor=False)
    if figures.down:
        st.markdown(f":material/power_off: {down(figures.down, figures.too_late, at.zone)}")
        if at.may(Role.MANAGER):
            link("late.py", "See what came too late")
    say_trouble(wrong)
    if not figures.trouble and not figures.waiting and not wrong:
        st.markdown(":material/check: Nothing failed and nothing is held.")
    for trouble in figures.trouble[:SHOWN]:
        icon = sign(trouble.status).icon
        st.markdown(f":material/{icon}: {told(trouble, now=at.now, zone=at.zone)}")
    for (status, reason), number in figures.waiting.items():
        st.markdown(f":material/{sign(status).icon}: {waits(status, reason, number)}")
        if status == "review" and at.may(Role.MANAGER):
            link("late.py", "Decide about late messages")


def upcoming(at: At, figures: Figures) -> None:
    """The next touches: to whom, what, when."""
    st.subheader("What comes next", anchor=False)
    if not figures.upcoming:
        st.markdown("Nothing is planned. A live journey plans its messages when orders come in.")
    for line in figures.upcoming:
        who = plain(figures.names.get(line.customer_id or 0, "") or "A customer")
        what = plain(words.spaced(line.touchpoint))
        due = full(line.due_at, at.zone)
        soon = when(line.due_at, now=at.now, zone=at.zone)
        shown = f"**{due}**" if soon in due else f"**{due}** · {soon}"
        st.markdown(f"{shown}  \n{what} to {who}  \n:gray[{plain(line.journey_name)}]")


@st.fragment(run_every="30s")
def standing(at: At, wrong: Trouble) -> None:
    """How things stand; looked at again every half minute, in place."""
    now = clock.now()
    with read() as session:
        figures = read_figures(session, at.settings, now=now)
    if not figures.orders:
        st.markdown("Welcome. There is nothing here yet: begin in one of two ways.")
        welcome(at)
        return
    st.markdown(answer(figures, is_live=at.settings.mode == "live", now=now, zone=at.zone))
    is_well, sentence = scheduler(figures.ticked_at, now=now)
    if not is_well:
        st.warning(sentence, icon=":material/warning:")
    checklist(at, figures)
    numbers(figures)
    left, right = st.columns(2, gap="large")
    with left:
        needs_you(at, figures, wrong)
    with right:
        upcoming(at, figures)
    days(figures.days)
    if is_well:
        st.caption(sentence)


with page("Today") as at:
    standing(at, trouble_of(at))
