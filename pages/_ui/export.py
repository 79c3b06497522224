"""Rows as a CSV file that is safe to open: no cell of it is read as a formula.

export_button(rows, COLUMNS, name="customers", at=at)
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from pages._ui.columns import Column, value_of
from pages._ui.page import At
from pages._ui.words import full
from px.core.money import plain_amount

# What a spreadsheet takes for the beginning of a formula, in ASCII and in full width.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# Where cells are parted by semicolons, one inside a text would begin a cell of its own.
_HIDDEN = re.compile(r"(;\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")


def csv_bytes(rows: Iterable[Any], columns: Sequence[Column], zone: str) -> bytes:
    """The rows as CSV; what would be a formula begins with an apostrophe, numbers stay numbers."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([column.label for column in columns])
    for row in rows:
        writer.writerow([_cell(row, column, zone) for column in columns])
    return out.getvalue().encode("utf-8-sig")


def export_button(rows: Sequence[Any], columns: Sequence[Column], *, name: str, at: At) -> None:
    """Offers the rows as a CSV file, made when it is asked for."""
    st.download_button(
        "Export as CSV",
        data=lambda: csv_bytes(rows, columns, at.zone),
        file_name=f"{name}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key=f"px_export_{name}",
    )


def _cell(row: Any, column: Column, zone: str) -> Any:
    value = value_of(row, column.field)
    if value is None:
        return ""
    if column.kind == "money":
        return plain_amount(int(value), str(value_of(row, column.currency) or "USD"))
    if isinstance(value, int | float):
        return value
    text = full(value, zone) if isinstance(value, datetime) else str(value)
    return _HIDDEN.sub(r"\1'", "'" + text if text.lstrip(" ").startswith(_FORMULA) else text)
