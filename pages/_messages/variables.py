"""The variables beside the editor: what to write, what it is, and what this customer has there."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from px import messages

_SHOWN = {
    "path": st.column_config.TextColumn("Write", width="medium"),
    "value": st.column_config.TextColumn("For this customer", width="medium"),
    "meaning": st.column_config.TextColumn("What it is", width="large"),
}


def draw(context: Mapping[str, Any]) -> None:
    """Draws the list; the chosen one stands above it, ready to copy."""
    st.subheader("Variables", anchor=False)
    rows = [_row(variable, context) for variable in messages.catalogue()]
    place = st.container()
    chosen = st.dataframe(
        rows,
        hide_index=True,
        height=430,
        column_config=_SHOWN,
        on_select="rerun",
        selection_mode="single-row",
        key="px_variables",
        alt="The variables a template may use",
    )
    picked = chosen.selection.rows if chosen else []
    with place:
        if picked and picked[0] < len(rows):
            st.code(_snippet(rows[picked[0]]["path"]), language=None)
        else:
            st.caption("Choose a row, then copy what to write.")


def _row(variable: messages.Variable, context: Mapping[str, Any]) -> dict[str, str]:
    return {
        "path": variable.path,
        "value": _value(variable.path, context),
        "meaning": variable.meaning,
    }


def _snippet(path: str) -> str:
    if "[]" in path:
        items, name = path.split("[].")
        return f"{{% for item in {items} %}}\n{{{{ item.{name} }}}}\n{{% endfor %}}"
    return f"{{{{ {path.removesuffix('.*') + ('.NAME' if path.endswith('.*') else '')} }}}}"


def _value(path: str, context: Mapping[str, Any]) -> str:
    value: Any = context
    for name in path.replace("[]", "").removesuffix(".*").split("."):
        value = value[0] if isinstance(value, list) and value else value
        value = value.get(name) if isinstance(value, Mapping) else None
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {found}" for name, found in value.items())
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return "" if value is None else str(value)
