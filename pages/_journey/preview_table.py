"""What each variable of a text became, for the customers that are looked at, and who lacks it."""

from collections.abc import Mapping, Sequence

import streamlit as st

from pages._ui.words import count, figure
from px import messages
from px.journeys import Lacking, TouchpointPreview
from px.messages import Became

Column = tuple[str, Mapping[str, Became]]
_NOTHING, _NOT_REACHED = "nothing", "not shown"


def variables_table(
    seen: Sequence[tuple[str, TouchpointPreview]], lacking: Mapping[str, Lacking]
) -> None:
    """Draws a row for each variable, with what each customer sees for it."""
    columns = _columns(seen)
    paths = list(dict.fromkeys(path for _name, values in columns for path in values))
    st.subheader("What each variable became", anchor=False)
    if not paths:
        st.markdown("The text has no variables: everybody gets the same words.")
        return
    st.markdown(_summary(paths, columns, lacking))
    rows = [_row(path, columns, lacking) for path in paths]
    st.dataframe(
        rows,
        hide_index=True,
        width="stretch",
        column_config={
            "Gap": st.column_config.TextColumn(width=50, help="Marked where somebody sees nothing"),
            "Variable": st.column_config.TextColumn(width="medium"),
            "Where it comes from": st.column_config.TextColumn(width=170),
        },
        alt="The variables of the text, with what each customer sees for them",
    )


def _columns(seen: Sequence[tuple[str, TouchpointPreview]]) -> list[Column]:
    columns: list[Column] = []
    for name, one in seen:
        if one.shown is not None:
            # Two customers may have one name.
            own = name if name not in dict(columns) else f"{name} ({len(columns) + 1})"
            columns.append((own or "This customer", {b.path: b for b in one.shown.variables}))
    return columns


def _row(path: str, columns: Sequence[Column], lacking: Mapping[str, Lacking]) -> dict[str, str]:
    has_hole = any(path in values and "" in values[path].shown for _name, values in columns)
    row = {
        "Gap": "⚠" if has_hole else "",
        "Variable": path,
        "Where it comes from": messages.origin_of(path),
    }
    for name, values in columns:
        row[name] = _said(values[path]) if path in values else "not in this text"
    if lacking:
        row["Who lacks it"] = _lack(lacking.get(path))
    return row


def _said(one: Became) -> str:
    """What the customer sees, and what stands there where it is only asked or gone through."""
    if one.is_filled:
        return f"{', '.join(one.shown)} (instead of nothing)"
    if "" in one.shown and one.is_missing:
        return _NOTHING
    if one.shown:
        return ", ".join(shown or _NOTHING for shown in one.shown)
    if one.is_missing:
        return f"{_NOTHING} ({_NOT_REACHED})"
    if isinstance(one.value, list):
        return count(len(one.value), "item")
    if isinstance(one.value, bool):
        return "yes" if one.value else "no"
    return f"{one.value} ({_NOT_REACHED})" if not isinstance(one.value, dict) else "known"


def _lack(lacking: Lacking | None) -> str:
    if lacking is None:
        return ""
    if not lacking.count:
        return "nobody" if lacking.are_customers else "none of the latest orders"
    of = count(lacking.of, "customer") if lacking.are_customers else f"{lacking.of} latest orders"
    return f"{figure(lacking.count)} of {of}"


def _summary(
    paths: Sequence[str], columns: Sequence[Column], lacking: Mapping[str, Lacking]
) -> str:
    """What will be missing, for whom, in a sentence."""
    said = []
    for path in paths:
        lack = lacking.get(path)
        if lack and lack.count and any(_leaves_hole(values.get(path)) for _n, values in columns):
            said.append(f"`{path.replace('`', '')}` for {_lack(lack)}")
    if not said:
        return "Nothing is left empty for the customers above."
    return f"Left empty for some: {'; '.join(said)}. A default or a condition in the text helps."


def _leaves_hole(one: Became | None) -> bool:
    return one is not None and "" in one.shown
