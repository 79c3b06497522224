"""The picture: how many customers get how many messages in which week, with its table."""

from typing import Any

import altair as alt
import streamlit as st

from pages._calendar.sentences import week_words
from pages._ui.words import figure
from px.journeys.ahead.pressure import MOST, Cells, PressureMap

ROWS = tuple(range(MOST, 0, -1))
# Four steps, each with an ink that can be read on it; both themes have the same tiles.
_STEPS = [0.0001, 0.35, 0.6, 0.85]
_TILES = alt.Scale(
    type="threshold",
    domain=_STEPS,
    range=["#8a94a022", "#cfe3f1", "#8fc1e3", "#2f79b5", "#08427a"],
)
_INK = alt.Scale(
    type="threshold",
    domain=_STEPS,
    range=["#8a94a0", "#10222f", "#10222f", "#ffffff", "#ffffff"],
)
WEEK, LEAST = "px_calendar_week", "px_calendar_least"


def rows_words(messages: int) -> str:
    """A row's name: 1 message, 4 or more."""
    if messages == 1:
        return "1 message"
    return f"{messages} or more" if messages == MOST else str(messages)


def heat(found: PressureMap, cells: Cells, *, key: str, says: str) -> None:
    """Draws the picture; a click on a cell chooses its week and number below."""
    weeks = tuple(week_words(week) for week in found.weeks)
    # Written before it is cached: the next reader may write numbers in another way.
    values = tuple(
        (week, row, number, figure(number) if number else "·")
        for week in range(len(weeks))
        for row in ROWS
        for number in [cells.get((week, row), 0)]
    )
    st.vega_lite_chart(
        spec=_spec(weeks, values),
        width="stretch",
        height=210,
        key=key,
        alt=says,
        on_select=lambda: _picked(key),
    )
    with st.expander("Show as a table"):
        st.dataframe(_table(weeks, cells), hide_index=True, alt=says)


def _picked(key: str) -> None:
    picked = st.session_state[key].get("selection", {}).get("cell") or []
    if picked:
        st.session_state[WEEK] = int(picked[0]["week"])
        st.session_state[LEAST] = max(2, int(picked[0]["messages"]))


@st.cache_data(max_entries=50, show_spinner=False)
def _spec(weeks: tuple[str, ...], values: tuple[tuple[int, int, int, str], ...]) -> dict[str, Any]:
    most = max((number for _week, _row, number, _shown in values), default=0) or 1
    data = [
        {
            "week": week,
            "messages": row,
            "Week": _short(weeks[week]),
            "Messages": rows_words(row),
            "Customers": number,
            "shown": shown,
            "share": (number / most) ** 0.5,
        }
        for week, row, number, shown in values
    ]
    base = alt.Chart(alt.Data(values=data)).encode(
        x=alt.X(
            "Week:N",
            sort=[_short(week) for week in weeks],
            title=None,
            axis=alt.Axis(
                labelAngle=0,
                labelFontSize=11,
                labelOverlap=False,
                orient="top",
                labelExpr="split(datum.label, '|')",
            ),
        ),
        y=alt.Y("Messages:N", sort=[rows_words(row) for row in ROWS], title=None),
        tooltip=["Week:N", "Messages:N", "Customers:Q"],
    )
    cell = alt.selection_point(name="cell", fields=["week", "messages"])
    tiles = (
        base.mark_rect(cornerRadius=4, stroke="transparent", strokeWidth=4)
        .encode(color=alt.Color("share:Q", legend=None, scale=_TILES))
        .add_params(cell)
    )
    text = base.mark_text(fontSize=15).encode(
        text="shown:N",
        color=alt.Color("share:Q", legend=None, scale=_INK),
    )
    spec: dict[str, Any] = (tiles + text).resolve_scale(color="independent").to_dict()
    return spec


def _short(week: str) -> str:
    """A week on two lines, so that five stand side by side on a phone."""
    first, _, last = week.partition(" to ")
    if not last:
        return week.replace(" ", "|")
    day, month = last.split()
    return f"{first}|-{last}" if " " in first else f"{first}-{day}|{month}"


def _table(weeks: tuple[str, ...], cells: Cells) -> list[dict[str, Any]]:
    return [
        {"Messages in the week": rows_words(row)}
        | {week: figure(cells.get((place, row), 0)) for place, week in enumerate(weeks)}
        for row in ROWS
    ]
