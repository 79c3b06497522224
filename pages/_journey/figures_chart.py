"""The chart of a journey's figures: of 100 messages of each touchpoint, how many were clicked."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from px import journeys
from px.journeys import Results

_COLOURS = {"Clicked": "#0072B2", "Answered": "#CC79A7"}
_NUMBERS = ("Times:Q", "Sent:Q", "Of 100:Q", "From:Q", "To:Q")


def results_chart(
    points: Sequence[tuple[str, Results]],
) -> tuple[dict[str, Any], list[dict[str, Any]], str]:
    """The chart's spec, its table, and what it shows in words."""
    rows = [_row(label, what, one) for label, one in points for what in _shown(points)]
    deeds = list(dict.fromkeys(row["What"] for row in rows))
    place = alt.Y(
        "Touchpoint:N",
        title=None,
        sort=list(dict.fromkeys(row["Touchpoint"] for row in rows)),
        axis=alt.Axis(labelLimit=150),
    )
    several: dict[str, Any] = {}
    if len(deeds) > 1:
        several = {"yOffset": alt.YOffset("What:N", sort=deeds)}
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=place,
        color=alt.Color(
            "What:N",
            sort=deeds,
            scale=alt.Scale(domain=deeds, range=[_COLOURS[deed] for deed in deeds]),
            legend=alt.Legend() if len(deeds) > 1 else None,
        ),
        tooltip=[alt.Tooltip(name) for name in ("Touchpoint:N", "What:N", *_NUMBERS)],
        **several,
    )
    scale = alt.X("Of 100:Q", title="Of 100 that were sent", axis=alt.Axis(tickCount=5))
    bars = base.mark_bar(size=10).encode(x=scale)
    # A long band says that nobody knows yet.
    band = base.mark_bar(size=20, opacity=0.3).encode(x="From:Q", x2="To:Q")
    says = (
        f"Of 100 messages sent, how many were {' and '.join(deeds).lower()}, per touchpoint;"
        " the pale bands show where the true share most likely lies"
    )
    return alt.layer(band, bars).to_dict(), rows, says


def _shown(points: Sequence[tuple[str, Results]]) -> list[str]:
    answered = any(one.answered for _label, one in points)
    return ["Clicked", "Answered"] if answered else ["Clicked"]


def _row(label: str, what: str, results: Results) -> dict[str, Any]:
    times: int = getattr(results, what.lower())
    low, high = journeys.likely_share(times, results.sent)
    return {
        "Touchpoint": label,
        "What": what,
        "Times": times,
        "Sent": results.sent,
        "Of 100": round(100 * times / results.sent, 1),
        "From": round(100 * low, 1),
        "To": round(100 * high, 1),
    }
