"""Today: what went out, what went wrong, what comes next?"""

import streamlit as st

from pages._today.days import days
from pages._today.figures import Figures, read_figures
from pages._today.first_steps import checklist, welcome
from pages._today.sentences import answer, scheduler, told
from pages._ui.links import link
from pages._ui.page import At, page, read
from pages._ui.signs import sign
from pages._ui.words import figure, full, plain, when
from px.core import clock


def numbers(figures: Figures) -> None:
    """Four figures, each with the way to what it counts."""
    shown = (
        ("Sent today", figures.sent_today, {"status": "sent"}),
        ("Sent in 7 days", figures.sent_in_week, {"status": "sent"}),
        ("Due in 24 hours", figures.due_in_day, {"status": "queued"}),
        ("Failed since yesterday", figures.failed, {"status": "failed"}),
    )
    with st.grid(4, min_column_width=150):
        for label, number, query in shown:
            with st.container(border=True, gap="xsmall"):
                st.metric(label, figure(number))
                link("outbox.py", "Show", **query)


def wrong(at: At, figures: Figures) -> None:
    """What failed or waits, a sentence each."""
    st.subheader("What went wrong", anchor=False)
    if not figures.trouble:
        st.markdown(":material/check: Nothing failed and nothing is held.")
    for trouble in figures.trouble[:6]:
        icon = sign(trouble.status).icon
        st.markdown(f":material/{icon}: {told(trouble, now=at.now, zone=at.zone)}")


def upcoming(at: At, figures: Figures) -> None:
    """The next touches: to whom, what, when."""
    st.subheader("What comes next", anchor=False)
    if not figures.upcoming:
        st.markdown("Nothing is planned. A live journey plans its messages when orders come in.")
    for line in figures.upcoming:
        who = plain(figures.names.get(line.customer_id or 0, "") or "A customer")
        what = plain(line.touchpoint.replace("_", " ").replace("-", " ").capitalize())
        due = when(line.due_at, now=at.now, zone=at.zone) or "waiting"
        st.markdown(
            f"**{due[:1].upper()}{due[1:]}** · {what} to {who}  \n"
            f":gray[{plain(line.journey_name)} · {full(line.due_at, at.zone)}]"
        )


@st.fragment(run_every="30s")
def standing(at: At) -> None:
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
        wrong(at, figures)
    with right:
        upcoming(at, figures)
    days(figures.days)
    if is_well:
        st.caption(sentence)


with page("Today") as at:
    standing(at)
