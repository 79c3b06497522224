"""Messages a day over two weeks, by what became of them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import altair as alt
import streamlit as st

from pages._ui.signs import sign
from pages._ui.theme import STATUS_COLOURS, drawn
from pages._ui.words import figure
from px.messages import DayCount

_ORDER = ("sent", "skipped", "failed")


def days(counts: Sequence[DayCount]) -> None:
    """Draws the chart, or nothing when no message has left yet."""
    if not any(one.count for one in counts):
        return
    st.subheader("Messages a day", anchor=False)
    rows = tuple((one.day, one.status, one.count) for one in counts)
    drawn(_spec(rows), table=_table(counts), says=_says(counts))


@st.cache_data(max_entries=50, show_spinner=False)
def _spec(rows: tuple[tuple[date, str, int], ...]) -> dict[str, Any]:
    words = {status: sign(status).word for status in _ORDER}
    values = [
        {"Day": day.isoformat(), "Messages": number, "Outcome": words[status]}
        | {"order": _ORDER.index(status)}
        for day, status, number in rows
    ]
    colours = alt.Scale(domain=list(words.values()), range=[STATUS_COLOURS[s] for s in _ORDER])
    chart = (
        alt.Chart(alt.Data(values=values))
        .mark_bar(size=22)
        .encode(
            x=alt.X("Day:O", title=None, timeUnit="monthdate", axis=alt.Axis(labelAngle=0)),
            y=alt.Y("Messages:Q", title=None, axis=alt.Axis(tickCount=4, format="d")),
            color=alt.Color("Outcome:N", scale=colours),
            order="order:Q",
            tooltip=["Day:T", "Outcome:N", "Messages:Q"],
        )
    )
    spec: dict[str, Any] = chart.to_dict()
    return spec


def _table(counts: Sequence[DayCount]) -> list[dict[str, Any]]:
    by_day: dict[date, dict[str, Any]] = {}
    for one in counts:
        row = by_day.setdefault(one.day, {"Day": f"{one.day:%a} {one.day.day} {one.day:%b}"})
        row[sign(one.status).word] = figure(one.count)
    return list(by_day.values())


def _says(counts: Sequence[DayCount]) -> str:
    total = dict.fromkeys(_ORDER, 0)
    for one in counts:
        total[one.status] += one.count
    told = ", ".join(f"{figure(number)} {sign(s).word.lower()}" for s, number in total.items())
    return f"Messages a day from {counts[0].day} to {counts[-1].day}: {told}."
