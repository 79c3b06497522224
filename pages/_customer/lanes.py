"""All journeys of one customer on one line of time: a lane for each, past and planned."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import altair as alt
import streamlit as st

from pages._customer.marks import Mark
from pages._ui.page import At
from pages._ui.signs import sign
from pages._ui.theme import STATUS_COLOURS, drawn
from pages._ui.words import count, full

_LANE = 58
# Each status has a colour and a shape: one of them is enough to tell.
_SHAPES = {
    "Sent": ("sent", "circle"),
    "Expected": ("queued", "triangle-right"),
    "Perhaps": ("held", "diamond"),
    "Not sent": ("skipped", "cross"),
    "Failed": ("failed", "square"),
}


def draw_lanes(shown: Sequence[Mark], at: At) -> None:
    """Draws the lanes, or nothing when no journey has said or plans anything."""
    if not shown:
        return
    st.header("All journeys on one line", anchor=False)
    lanes = tuple(dict.fromkeys(mark.lane for mark in shown))
    rows = tuple((m.lane, m.at.isoformat(), m.what, m.status, m.channel) for m in shown)
    table = [
        {
            "When": full(mark.at, at.zone),
            "Message": mark.what,
            "Status": mark.status,
            "By": sign(mark.channel).word if mark.channel else "",
            "Journey": mark.lane,
        }
        for mark in shown
    ]
    sent = sum(mark.status == "Sent" for mark in shown)
    coming = sum(mark.at > at.now for mark in shown)
    says = f"{count(len(lanes), 'journey')}: {count(sent, 'message')} sent, {coming} to come."
    # To the hour, so that the picture is made once for all that is pressed meanwhile.
    today = at.now.replace(minute=0, second=0, microsecond=0).isoformat()
    spec = _spec(rows, lanes, today, at.zone)
    drawn(spec, table=table, says=says, height=_LANE * len(lanes) + 80)


@st.cache_data(max_entries=50, show_spinner=False)
def _spec(
    rows: tuple[tuple[str, str, str, str, str], ...], lanes: tuple[str, ...], now: str, zone: str
) -> dict[str, Any]:
    values = [
        {
            "lane": lane,
            "at": at,
            "When": full(datetime.fromisoformat(at), zone),
            "Message": what,
            "Status": status,
            "By": sign(channel).word if channel else "",
        }
        for lane, at, what, status, channel in rows
    ]
    y = alt.Y("lane:N", sort=list(lanes), title=None, axis=None)
    # Room at both ends, so that the first and the last sign are seen whole.
    days = alt.Scale(padding=10)
    x = alt.X("at:T", title=None, scale=days, axis=alt.Axis(tickCount=5, format="%-d %b"))
    status = list(_SHAPES)
    colour = alt.Scale(domain=status, range=[STATUS_COLOURS[c] for c, _shape in _SHAPES.values()])
    shape = alt.Scale(domain=status, range=[shape for _colour, shape in _SHAPES.values()])
    touches = (
        alt.Chart(alt.Data(values=values))
        .mark_point(size=110, filled=True, opacity=1, yOffset=8)
        .encode(
            x=x,
            y=y,
            color=alt.Color("Status:N", scale=colour),
            shape=alt.Shape("Status:N", scale=shape),
            tooltip=["Message:N", "When:N", "Status:N", "By:N"],
        )
    )
    # A lane's name stands above it, so that the line has the whole width of a phone.
    names = (
        alt.Chart(alt.Data(values=[{"lane": lane} for lane in lanes]))
        .mark_text(align="left", dy=-14, fontSize=13, limit=330, color="#8a94a0")
        .encode(x=alt.value(0), y=y, text="lane:N")
    )
    today = (
        alt.Chart(alt.Data(values=[{"at": now}]))
        .mark_rule(strokeDash=[4, 4], color="#8a94a0")
        .encode(x="at:T")
    )
    spec: dict[str, Any] = (today + names + touches).to_dict()
    return spec
