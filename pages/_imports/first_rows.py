"""The first rows of a file that is on its way in, and what each would become."""

from typing import Any

import streamlit as st

from pages._imports.words import became, who_and_what
from pages._ui.page import At
from pages._ui.words import count, full, money, plain
from px.orders import OrderFacts, Preview, Taken


def show_first_rows(preview: Preview, at: At) -> None:
    """Draws them as a table, and what is wrong with others."""
    st.markdown(f"The first {count(len(preview.taken), 'entry', 'entries')} of the file:")
    shown = [_cells(taken, at) for taken in preview.taken]
    columns = list(dict.fromkeys(name for row in shown for name in row))
    shown = [{name: row.get(name, "") for name in columns} for row in shown]
    st.dataframe(
        shown,
        hide_index=True,
        column_config={"Row": st.column_config.NumberColumn(width=60)},
        alt="The first rows of the file and what they become",
    )
    told = {taken.row for taken in preview.taken if taken.why}
    others = [problem for problem in preview.problems if problem.row not in told][:5]
    if others:
        st.warning(
            "  \n".join(
                f"Row {one.row}: {plain(one.reason)} (“{plain(one.value[:80])}”)" for one in others
            ),
            icon=":material/warning:",
        )


def _cells(taken: Taken, at: At) -> dict[str, Any]:
    about, what = who_and_what(taken)
    cells: dict[str, Any] = {
        "Row": taken.row,
        "About": about,
        "What": what,
        "Becomes": became(taken),
    }
    if isinstance(taken.facts, OrderFacts):
        cells["Ordered"] = full(taken.facts.placed_at, at.zone)
        cells["Total"] = money(taken.facts.total_minor, taken.facts.currency)
    return cells
