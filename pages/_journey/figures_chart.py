"""The chart of a journey's figures: per touchpoint what was sent, followed and answered."""

from collections.abc import Sequence
from typing import Any

from px.journeys import Results

_COLOURS = {
    "Sent": "#8A94A0",
    "Followed": "#0072B2",
    "Answered": "#CC79A7",
    "Unsubscribed": "#D55E00",
}


def results_chart(
    points: Sequence[tuple[str, Results]],
) -> tuple[dict[str, Any], list[dict[str, Any]], str]:
    """The chart's spec, its table, and what it shows in words."""
    import altair as alt

    rows = [
        {
            "Touchpoint": label,
            "Sent": one.sent,
            "Followed": one.clicked,
            "Answered": one.answered,
            "Unsubscribed": one.unsubscribed,
        }
        for label, one in points
        if one.sent
    ]
    bars = [
        {"touchpoint": row["Touchpoint"], "what": what, "messages": row[what]}
        for row in rows
        for what in _COLOURS
    ]
    order = list(_COLOURS)
    chart = (
        alt.Chart(alt.Data(values=bars))
        .mark_bar()
        .encode(
            x=alt.X("messages:Q", title="Messages", axis=alt.Axis(tickMinStep=1, format=",d")),
            y=alt.Y(
                "touchpoint:N",
                title=None,
                sort=[str(row["Touchpoint"]) for row in rows],
                axis=alt.Axis(labelLimit=180),
            ),
            yOffset=alt.YOffset("what:N", sort=order),
            color=alt.Color(
                "what:N", sort=order, scale=alt.Scale(domain=order, range=list(_COLOURS.values()))
            ),
            tooltip=[
                alt.Tooltip("touchpoint:N", title="Touchpoint"),
                alt.Tooltip("what:N", title="What"),
                alt.Tooltip("messages:Q", title="Messages", format=",d"),
            ],
        )
    )
    says = "Per touchpoint, how many messages left, were followed, answered and unsubscribed by"
    return chart.to_dict(), rows, says
