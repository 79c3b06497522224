"""The rehearsal: what this draft would have done with the shop's own last orders."""

import zlib
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import streamlit as st

from pages._journey.draft import Draft
from pages._journey.rehearsal_chart import per_day_chart
from pages._ui.doing import read
from pages._ui.page import At
from pages._ui.signs import CHANNELS, sign
from pages._ui.words import count, figure, full, plain
from px import journeys
from px.journeys import editing, reading, words
from px.journeys.figures import Figures
from px.journeys.story import reason_sentence

DAYS = (30, 90)
_KEY = "px_rehearsal"


@dataclass(frozen=True)
class Played:
    """A rehearsal that was played: of which document, over how many days, with what figures."""

    of: int
    days: int
    orders_seen: int
    figures: Figures


def rehearsal_tab(draft: Draft, at: At) -> None:
    """Plays the draft over the last orders on demand, and shows what came of it."""
    st.markdown(
        "Plays this draft over your own last orders, as it stands now, saved or not. "
        "No message leaves."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        days = st.segmented_control(
            "Orders of the last",
            DAYS,
            default=DAYS[0],
            format_func=lambda n: f"{n} days",
            required=True,
            key="px_rehearse_days",
        )
        ready = not draft.problems.count
        pressed = st.button(
            "Rehearse",
            icon=":material/play_circle:",
            disabled=not ready,
            help=None if ready else "Mend what the touchpoints say first.",
        )
    if pressed:
        st.session_state[_KEY] = _play(draft, days or DAYS[0], at)
    played: Played | None = st.session_state.get(_KEY)
    if played is not None and st.session_state.get(f"{_KEY}_of") == draft.key:
        if played.of != _mark(draft):
            st.markdown(":orange[:material/edit: This was before your last change.]")
        _show(draft, played, at)


def _mark(draft: Draft) -> int:
    return zlib.crc32(editing.as_yaml(draft.data).encode())


def _play(draft: Draft, days: int, at: At) -> Played:
    st.session_state[f"{_KEY}_of"] = draft.key
    document = reading.read_document(draft.data)
    bar = st.progress(0.0, "Reading the orders")
    with read() as session:
        rehearsal = journeys.shop_rehearsal(
            session, draft.key, since=at.now - timedelta(days=days), document=document
        )
    people = len({event.customer_id for event in rehearsal.events}) or 1

    def tell(number: int) -> None:
        if number % 50 == 0:
            bar.progress(
                min(number / people, 1.0), f"Customer {figure(number)} of {figure(people)}"
            )

    rows = journeys.rehearse(replace(rehearsal, until=at.now), on_customer=tell)
    bar.empty()
    orders = len({event.order_id for event in rehearsal.events if event.order_id})
    return Played(_mark(draft), days, orders, journeys.rehearsal_figures(rows, zone=at.zone))


def _show(draft: Draft, played: Played, at: At) -> None:
    figures = played.figures
    st.markdown(_sentence(played))
    if not figures.enrolments:
        return
    names = words.labels(draft.data)
    if figures.per_day:
        spec, table, says = per_day_chart(figures)
        from pages._ui.theme import drawn

        drawn(spec, table=table, says=says)
    st.subheader("What became of them", anchor=False)
    st.dataframe(_outcomes(figures), hide_index=True, alt="Outcomes with their reasons")
    st.subheader("By touchpoint", anchor=False)
    st.dataframe(_by_touchpoint(figures, names), hide_index=True, alt="Outcomes by touchpoint")
    if figures.examples:
        st.subheader("Messages to read", anchor=False)
        for row in figures.examples:
            _example(row, names, at)


def _sentence(played: Played) -> str:
    figures = played.figures
    over = f"Over the last {played.days} days"
    if not played.orders_seen:
        return f"{over} there were no orders to play it over. Import your orders first."
    if not figures.enrolments:
        orders = count(played.orders_seen, "order was", "orders were")
        return f"{over} {orders} placed, and none of them would have entered."
    said = (
        f"{over} this journey would have sent **{count(figures.messages, 'message')}** "
        f"to **{count(figures.written_to, 'customer')}**"
    )
    stopped = {
        status: sum(n for s, _reason, n in figures.outcomes if s == status)
        for status in ("skipped", "held", "review", "failed", "planned", "waiting")
    }
    told = [
        f"{figure(number)} {sign(status).word.lower()}"
        for status, number in stopped.items()
        if number
    ]
    busy = ""
    if figures.busiest and figures.busiest[1] > 1:
        day, number = figures.busiest
        busy = f" The busiest day: {day:%a} {day.day} {day:%b}, {figure(number)}."
    return f"{said}; {', '.join(told)}.{busy}" if told else f"{said}.{busy}"


def _outcomes(figures: Figures) -> list[dict[str, Any]]:
    return [
        {
            "Outcome": f"{sign(status).glyph} {sign(status).word}",
            "Why": reason_sentence(reason).capitalize() if reason else "",
            "Messages": number,
        }
        for status, reason, number in figures.outcomes
    ]


def _by_touchpoint(figures: Figures, names: dict[str, str]) -> list[dict[str, Any]]:
    statuses = [
        status
        for status in ("sent", "planned", "waiting", "held", "skipped", "review", "failed")
        if any(status in counts for counts in figures.per_touchpoint.values())
    ]
    return [
        {"Touchpoint": name}
        | {sign(s).word: figures.per_touchpoint[key].get(s, 0) for s in statuses}
        for key, name in names.items()
        if key in figures.per_touchpoint
    ]


def _example(row: journeys.RehearsedTouch, names: dict[str, str], at: At) -> None:
    touch = row.touch
    channel = CHANNELS.get(str(touch.channel))
    by = f"{channel.glyph} {channel.word}, " if channel else ""
    title = f"{row.subject or names.get(touch.touchpoint, touch.touchpoint)}"
    with st.expander(plain(title)):
        name = plain(names.get(touch.touchpoint, touch.touchpoint))
        st.markdown(f"{name}: {by}{plain(full(touch.settled_at, at.zone))}")
        st.text(row.text or "")
