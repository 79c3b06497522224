"""Charts: the house's look for Altair in colours that differ without hue, each with its table.

drawn(chart, table=rows, says="Messages a day, 4 to 18 May")
"""

from collections.abc import Sequence
from typing import Any

import altair as alt
import streamlit as st

CHANNEL_COLOURS = {
    "email": "#0072B2",
    "sms": "#D55E00",
    "whatsapp": "#009E73",
    "webchat": "#CC79A7",
}
STATUS_COLOURS = {
    "sent": "#0072B2",
    "queued": "#56B4E9",
    "held": "#9A6FB0",
    "skipped": "#8A94A0",
    "failed": "#D55E00",
}


@alt.theme.register("px", enable=True)
def house() -> alt.theme.ThemeConfig:
    """Thin lines, no frame, room between the ticks; colours come from Streamlit's theme."""
    return {
        "config": {
            "view": {"stroke": None},
            "axis": {
                "domain": False,
                "tickSize": 0,
                "labelPadding": 8,
                "titlePadding": 12,
                "labelFontSize": 12,
            },
            "axisX": {"grid": False},
            "legend": {"orient": "top", "title": None, "labelFontSize": 12, "symbolType": "square"},
            "bar": {"cornerRadiusEnd": 2},
        }
    }


def drawn(
    spec: dict[str, Any], *, table: Sequence[dict[str, Any]], says: str, height: int = 220
) -> None:
    """Draws a chart's spec (cache `chart.to_dict()`), says what it shows, and offers its table."""
    st.vega_lite_chart(spec=spec, width="stretch", height=height, alt=says)
    with st.expander("Show as a table"):
        st.dataframe(table, hide_index=True, alt=says)
