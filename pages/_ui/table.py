"""The working grid: rows in, the ids of the chosen rows out; at most 5,000 rows.

chosen = table(rows, [Column("name", "Customer"), Column("due_at", "Due", "moment")],
               key="customers", at=at)
"""

from collections.abc import Sequence
from typing import Any, Literal

import streamlit as st

from pages._ui.columns import SORT, TIP, Column, value_of
from pages._ui.grid_look import grid_look
from pages._ui.page import At
from pages._ui.words import figure

__all__ = ["Column", "table"]

MOST_ROWS = 5000
_ROW = 42
_ID = "px_id"
# Constants are the only script a grid is given: what it answers with, and the order of its rows.
_CHOSEN = (
    "function(a) { return {ids: a.eventData.api.getSelectedRows()"
    f".map(function(row) {{ return row.{_ID} }})}} }}"
)
_ORDER = (
    "function(a, b, m, n) { var x = m.data['FIELD'], y = n.data['FIELD'];"
    " return x === y ? 0 : x === null ? -1 : y === null ? 1 : x < y ? -1 : 1 }"
)


def table(
    rows: Sequence[Any],
    columns: Sequence[Column],
    *,
    key: str,
    at: At,
    select: Literal["one", "many"] | None = "one",
    id_field: str = "id",
    tallest: int = 560,
) -> list[Any]:
    """Draws the grid, of at most this height, and answers with the ids of the chosen rows."""
    import pandas as pd

    # A component imported before the first script run is never registered, hence not at the top.
    from st_aggrid import AgGrid, JsCode

    shown = rows[:MOST_ROWS]
    cells = [{_ID: str(value_of(row, id_field))} for row in shown]
    for row, cell in zip(shown, cells, strict=True):
        for column in columns:
            cell.update(column.cells(row, at))
    names = [_ID, *(prefix + column.field for column in columns for prefix in ("", SORT, TIP))]
    result = AgGrid(
        pd.DataFrame(cells, columns=names),
        gridOptions=_options(columns, select, JsCode),
        height=min(_ROW + 4 + _ROW * max(len(shown), 1), tallest),
        data_return_mode="CUSTOM",
        custom_jscode_for_grid_return=JsCode(_CHOSEN),
        # As JSON the rows would come in by the door that code comes in by; as Arrow they cannot.
        use_json_serialization=False,
        theme="streamlit",
        custom_css=grid_look(st.context.theme.type or "light"),
        update_on=["selectionChanged"] if select else [],
        key=key,
    )
    if len(rows) > MOST_ROWS:
        st.caption(f"The first {figure(MOST_ROWS)} are shown. Narrow the search to see the others.")
    answer = result.raw_data if isinstance(result.raw_data, dict) else {}
    chosen = set(answer.get("ids", []))
    return [value_of(row, id_field) for row in shown if str(value_of(row, id_field)) in chosen]


def _options(columns: Sequence[Column], select: str | None, code: Any) -> dict[str, Any]:
    many = select == "many"
    options: dict[str, Any] = {
        "columnDefs": [_definition(column, code) for column in columns],
        "defaultColDef": {"sortable": True, "resizable": True, "filter": "agTextColumnFilter"},
        "autoSizeStrategy": {"type": "fitGridWidth", "defaultMinWidth": 120},
        "rowHeight": _ROW,
        "headerHeight": _ROW,
        "suppressFieldDotNotation": True,
        "enableCellTextSelection": True,
        "tooltipShowDelay": 300,
        "animateRows": False,
    }
    if select:
        mode = {"mode": "multiRow" if many else "singleRow", "enableClickSelection": not many}
        options["rowSelection"] = mode | {"checkboxes": many, "headerCheckbox": many}
        options["selectionColumnDef"] = {"width": 46, "maxWidth": 46, "resizable": False}
    return options


def _definition(column: Column, code: Any) -> dict[str, Any]:
    defined: dict[str, Any] = {
        "field": column.field,
        "headerName": column.label,
        "cellDataType": "text",
        "tooltipField": TIP + column.field,
    }
    if column.is_figure:
        defined["type"] = "rightAligned"
    if column.is_ordered:
        defined["comparator"] = code(_ORDER.replace("FIELD", SORT + column.field))
    return defined | ({"width": column.width} if column.width else {})
