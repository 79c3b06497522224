"""What the journey means to the customer, in boxes: their goal, and what is measured where."""

from typing import Any

import streamlit as st

from db.kinds import Stage
from px.journeys import words


def map_form(seed: dict[str, Any] | None, *, key: str) -> dict[str, Any] | None:
    """The part `map` as its boxes say, None while the customer's goal is not written."""
    seen = seed or {}
    st.markdown("### :material/map: Journey map", anchors=False)
    goal = st.text_input(
        "The customer's goal",
        seen.get("customer_goal") or "",
        key=f"{key}_customer_goal",
        max_chars=200,
        placeholder="Calm skin within a month",
        help="What the customer wants to reach with the product, in their words.",
    )
    summary = st.text_input(
        "In a sentence", seen.get("summary") or "", key=f"{key}_summary", max_chars=200
    )
    metrics = _metrics(seen.get("stages") or {}, key)
    if not (goal or "").strip():
        if metrics or summary:
            st.markdown(":orange[:material/error: Write the customer's goal to keep the map.]")
        return None
    made: dict[str, Any] = {"customer_goal": (goal or "").strip()}
    if (summary or "").strip():
        made["summary"] = (summary or "").strip()
    return made | ({"stages": metrics} if metrics or "stages" in seen else {})


def _metrics(seed: dict[str, Any], key: str) -> dict[str, Any]:
    """What is measured at each stage, those with something written."""
    metrics: dict[str, Any] = {}
    with st.expander("What is measured at each stage", key=f"{key}_metrics"):
        for stage in Stage:
            metric = st.text_input(
                words.spaced(stage.value),
                (seed.get(stage.value) or {}).get("metric") or "",
                key=f"{key}_metric_{stage.value}",
                max_chars=200,
                help=stage.meaning,
            )
            if (metric or "").strip():
                metrics[stage.value] = {"metric": (metric or "").strip()}
    return metrics
