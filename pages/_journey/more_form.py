"""The rest of a touchpoint in boxes: its phase, its stage on the journey map, its key."""

from typing import Any

import streamlit as st

from db.kinds import Stage
from pages._journey.draft import Draft
from pages._journey.known import Known
from px.journeys import editing, words


def more_form(draft: Draft, place: int, point: dict[str, Any], _known: Known) -> dict[str, Any]:
    """The parts `phase`, `stage` and `key` as their boxes say."""
    key = f"px_tp_{place}_{draft.revision}"
    phases = editing.phases_of(draft.data)
    options = list(dict.fromkeys([*phases, *filter(None, [point.get("phase")])]))
    phase = st.selectbox(
        "Phase",
        options,
        options.index(point["phase"]) if point.get("phase") else None,
        format_func=words.phase_words,
        key=f"{key}_phase",
        placeholder="No phase",
        help="The band on the timeline: a stretch of owning the product.",
    )
    stages = [stage.value for stage in Stage]
    stage = st.selectbox(
        "Stage of the journey map",
        stages,
        stages.index(point["stage"]) if point.get("stage") in stages else None,
        format_func=words.spaced,
        key=f"{key}_stage",
        placeholder="Found from what it counts from",
        help="What the customer is busy with when it reaches them.",
    )
    return {"phase": phase, "stage": stage, "key": _key(draft, point, key)}


def _key(draft: Draft, point: dict[str, Any], key: str) -> str | None:
    typed = st.text_input(
        "Key", point.get("key") or "", key=f"{key}_key", max_chars=80,
        help="Names the touchpoint for ever, in figures and files.",
    )  # fmt: skip
    if draft.version is not None:
        st.markdown(
            "A touchpoint with another key is a new one: those inside get it, "
            "even if they have had this one."
        )
    return (typed or "").strip() or point.get("key")
