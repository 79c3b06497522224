"""The chart of a rehearsal: messages a day, stacked by channel, with its table."""

from typing import Any

from pages._ui.signs import sign
from px.journeys.figures import Figures


def per_day_chart(figures: Figures) -> tuple[dict[str, Any], list[dict[str, Any]], str]:
    """The chart's spec, its table, and what it shows in words."""
    import altair as alt

    from pages._ui.theme import CHANNEL_COLOURS

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
    table = [
        {"Day": row["day"], "Channel": row["channel"], "Messages": row["messages"]} for row in rows
    ]
    return chart.to_dict(), table, says
