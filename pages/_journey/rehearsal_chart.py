"""The charts of a rehearsal: a calendar of how many a day, and the days by channel."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import altair as alt
import streamlit as st

from pages._ui.signs import sign
from pages._ui.theme import CHANNEL_COLOURS
from px.journeys import Figures

Chart = tuple[dict[str, Any], list[dict[str, Any]], str]
_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
_MOST_WEEKS = 60
_NUMBERS_UP_TO = 14
_TEAL = "#0f9a89"


def calendar_chart(figures: Figures) -> Chart:
    """Weeks beside each other, a row for each day of the week; darker days have more messages."""
    counts = _per_day(figures)
    rows = [
        {
            "week": f"{monday.day} {monday:%b}",
            "at": monday.isoformat(),
            "day": _DAYS[day.weekday()],
            "date": day.isoformat(),
            "messages": number,
        }
        for day, number in counts.items()
        for monday in [day - timedelta(days=day.weekday())]
    ]
    weeks = list(dict.fromkeys(str(row["week"]) for row in sorted(rows, key=_monday)))
    most = max(counts.values())
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X(
            "week:N",
            sort=weeks,
            title=None,
            axis=alt.Axis(labelAngle=0, labelOverlap=True, orient="top"),
        ),
        y=alt.Y("day:N", sort=_DAYS, title=None, scale=alt.Scale(domain=_DAYS)),
        tooltip=[
            alt.Tooltip("date:T", title="Day", format="%a %d %b %Y"),
            alt.Tooltip("messages:Q", title="Messages"),
        ],
    )
    # One colour, more or less of it: the numbers on it can be read on light and on dark.
    strength = alt.Opacity(
        "messages:Q", scale=alt.Scale(domain=[0, most], range=[0.08, 0.6]), legend=None
    )
    cells = base.mark_rect(cornerRadius=3, color=_TEAL).encode(opacity=strength)
    layers: Any = cells
    if len(weeks) <= _NUMBERS_UP_TO:
        text = alt.condition("datum.messages > 0", "messages:Q", alt.value(""))
        layers = cells + base.mark_text(fontSize=12, color=_text_colour()).encode(text=text)
    first, last = min(counts), max(counts)
    says = (
        f"Messages a day from {first:%d %b %Y} to {last:%d %b %Y}, "
        f"a column for each week and a row for each weekday"
    )
    return layers.to_dict(), _table(figures), says


def per_day_chart(figures: Figures) -> Chart:
    """Messages a day, stacked by channel."""
    rows = [
        {"day": day.isoformat(), "channel": sign(channel).word, "messages": number}
        for day, channel, number in figures.per_day
    ]
    channels = list(dict.fromkeys(channel for _day, channel, _n in figures.per_day))
    shown = alt.Scale(
        domain=[sign(channel).word for channel in channels],
        range=[CHANNEL_COLOURS.get(channel, "#8A94A0") for channel in channels],
    )
    chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar()
        .encode(
            x=alt.X("day:T", timeUnit="yearmonthdate", title=None, axis=alt.Axis(format="%d %b")),
            y=alt.Y("messages:Q", title="Messages", axis=alt.Axis(tickMinStep=1, format="d")),
            color=alt.Color("channel:N", scale=shown),
            tooltip=[
                alt.Tooltip("day:T", title="Day", format="%a %d %b"),
                alt.Tooltip("channel:N", title="Channel"),
                alt.Tooltip("messages:Q", title="Messages"),
            ],
        )
    )
    first, last = figures.per_day[0][0], figures.per_day[-1][0]
    says = f"Messages a day from {first:%d %b} to {last:%d %b}, by channel"
    return chart.to_dict(), _table(figures), says


def _per_day(figures: Figures) -> dict[date, int]:
    """How many each day; the quiet days between too, unless there are years of them."""
    counts: Counter[date] = Counter()
    for day, _channel, number in figures.per_day:
        counts[day] += number
    first, last = min(counts), max(counts)
    if (last - first).days > 7 * _MOST_WEEKS:
        return dict(counts)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return {day: counts[day] for day in days}


def _text_colour() -> str:
    return "#e6ebe8" if st.context.theme.type == "dark" else "#1f2937"


def _monday(row: dict[str, Any]) -> str:
    return str(row["at"])


def _table(figures: Figures) -> list[dict[str, Any]]:
    return [
        {"Day": day, "Channel": sign(channel).word, "Messages": number}
        for day, channel, number in figures.per_day
    ]
