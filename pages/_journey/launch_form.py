"""Before a first launch: who enters, whether earlier orders do too, and what the held-out show."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from pages._ui.doing import read
from pages._ui.page import At
from pages._ui.words import count, plain
from px import journeys

MONTH = timedelta(days=30)


def launch_form(document: journeys.Document, at: At) -> datetime | None:
    """Says who will enter and what they get; since when, None for those from now on."""
    now = at.now
    with read() as session:
        lately = journeys.people_since(
            session, document, since=now - MONTH, settings=at.settings, now=now
        )
        held_out = (
            journeys.holdout_sentence(session, document, settings=at.settings, now=now)
            if document.holdout
            else ""
        )
    would = count(lately, "person", "people")
    st.markdown(f"In the last 30 days {would} would have entered.")
    if held_out:
        st.markdown(plain(held_out))
    if not st.checkbox("Take in those from before, too", key="px_launch_past"):
        return None
    zone = ZoneInfo(at.zone)
    day = st.date_input(
        "Since",
        value=(now - timedelta(days=7)).astimezone(zone).date(),
        max_value=now.astimezone(zone).date(),
        key="px_launch_since",
    )
    if not day:
        return None
    since = datetime.combine(day, time(), zone)
    with read() as session, st.spinner("Counting who would enter"):
        launch = journeys.effect_of_launching(
            session, document, since=since, settings=at.settings, now=now
        )
    st.markdown(_told(launch))
    return since


def _told(launch: journeys.Launch) -> str:
    people = count(launch.people, "person enters", "people enter")
    parts = [
        f"{count(launch.at_once, 'message goes', 'messages go')} at once",
        f"{count(launch.next_days, 'message is', 'messages are')} planned for the next 7 days",
        f"{count(launch.too_late, 'message is', 'messages are')} too late and skipped",
    ]
    return f"**{people} at once.** {', '.join(parts)}."
