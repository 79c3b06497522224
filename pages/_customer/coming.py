"""What a customer gets in the next 30 days, in words: what is sure, what depends, what will not."""

from collections.abc import Sequence

import streamlit as st

from pages._ui.page import At
from pages._ui.signs import sign
from pages._ui.words import count, figure, full, plain, when
from px.customers import KnownCustomer
from px.journeys import ExpectedTouch, reason_sentence

DAYS = 30


def draw_coming(known: KnownCustomer, touches: Sequence[ExpectedTouch], at: At) -> None:
    """Draws what is expected, the next first, then what depends on news, then what will not go."""
    who = known.first_name or known.name or "This customer"
    st.header(f"What {plain(who)} gets in the next {DAYS} days", anchor=False)
    sure = [one for one in touches if one.is_message]
    depends = [one for one in touches if one.status == "waiting"]
    never = [one for one in touches if one.status in ("skipped", "held", "review")]
    st.markdown(summary(sure, depends))
    with st.container(gap="small", key="px_coming"):
        for one in sure:
            _expected(one, at)
        for one in depends:
            _uncertain(one, at)
    if never:
        with st.expander(f"{count(len(never), 'planned message')} will not go out in these days"):
            for one in never:
                st.markdown(f"**{plain(_named(one))}**: {plain(why_not(one, at))}{_where(one)}")


def summary(sure: Sequence[ExpectedTouch], depends: Sequence[ExpectedTouch]) -> str:
    """How many are expected, and how many more may come, in a sentence."""
    more = f"{figure(len(depends))} more may come, depending on what happens"
    if not sure:
        return f"Nothing is planned; {more}." if depends else "Nothing is planned."
    journeys = {one.journey for one in sure}
    said = f"{count(len(sure), 'message')} from {count(len(journeys), 'journey')}"
    return f"{said}, if nothing new happens; {more}." if depends else f"{said}."


def why_not(one: ExpectedTouch, at: At) -> str:
    """Why it will not go out in these days, in a sentence."""
    if one.status == "held":
        return f"the cap holds it until {full(one.at, at.zone)}" if one.at else "it is held"
    if one.status == "review":
        return "it will be late, and waits for a decision then"
    return f"{reason_sentence(one.reason)} ({full(one.at, at.zone)})"


def _expected(one: ExpectedTouch, at: At) -> None:
    due, soon = full(one.at, at.zone), when(one.at, now=at.now, zone=at.zone)
    said = f"**{plain(due)}**" + (f" · {plain(soon)}" if soon not in due else "")
    notes = [f"only if {plain(one.provided)}"] if one.provided else []
    if one.capped_at:
        notes.append(f"the cap moves it from {plain(full(one.capped_at, at.zone))}")
    note = f"  \n:gray[{'; '.join(notes)}]" if notes else ""
    st.markdown(f"{said}  \n{_sign(one)} {plain(_named(one))}{_where(one)}{note}")


def _uncertain(one: ExpectedTouch, at: At) -> None:
    about = f", perhaps {plain(full(one.at, at.zone))}" if one.at else ""
    st.markdown(
        f":material/help: **If {plain(one.provided)}**{about}  \n"
        f"{_sign(one)} {plain(_named(one))}{_where(one)}"
    )


def _named(one: ExpectedTouch) -> str:
    return f"{one.label} (no. {one.occurrence})" if one.occurrence > 1 else one.label


def _sign(one: ExpectedTouch) -> str:
    shown = sign(one.channel.value) if one.channel else None
    return f":material/{shown.icon}: {shown.word}:" if shown else ""


def _where(one: ExpectedTouch) -> str:
    return f" :gray[{plain(one.journey_name)}]"
