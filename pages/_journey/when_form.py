"""When a touchpoint is due, in boxes: counted from what, in which hours, how often, how late."""

from collections.abc import Iterable
from typing import Any

import streamlit as st

from pages._journey.anchor_form import anchor_form
from pages._journey.boxes import length_box
from pages._journey.draft import Draft
from px.journeys import forms

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LATE = {"transactional": "72 hours", "marketing": "24 hours"}


def when_form(draft: Draft, place: int, point: dict[str, Any]) -> dict[str, Any]:
    """The parts that say when it is due, as their boxes say."""
    key = f"px_tp_{place}_{draft.revision}"
    parts = anchor_form(draft, point, key) | _hours(point, key)
    return parts | _repeat(point, key) | _late(point, key)


def _hours(point: dict[str, Any], key: str) -> dict[str, Any]:
    window = point.get("window") or {}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        at = st.text_input(
            "At", point.get("at") or "", key=f"{key}_at", placeholder="any time", width=110,
            help="This time of day where the customer lives, such as 09:15.",
        )  # fmt: skip
        start = st.text_input(
            "Not before", window.get("from") or "", key=f"{key}_from", placeholder="any time",
            width=110,
        )  # fmt: skip
        end = st.text_input(
            "Not after", window.get("to") or "", key=f"{key}_to", placeholder="any time", width=110
        )
        days = st.pills(
            "On these days only",
            DAYS,
            default=window.get("days") or [],
            selection_mode="multi",
            format_func=str.capitalize,
            key=f"{key}_days",
            width="content",
        )
    before = (window.get("from"), window.get("to"), _in_order(window.get("days") or []))
    after = (forms.clock_part(start), forms.clock_part(end), _in_order(days))
    kept = forms.kept(point.get("window"), before, after, lambda it: forms.window_part(*it))
    return {"at": forms.clock_part(at), "window": kept}


def _in_order(days: Iterable[str]) -> list[str]:
    return [day for day in DAYS if day in days]


def _late(point: dict[str, Any], key: str) -> dict[str, Any]:
    late = point.get("late") or {}
    usual = _LATE[point.get("purpose") or "marketing"]
    own = st.toggle(
        f"Its own rule for being late (usual: skip it after {usual})",
        bool(late),
        key=f"{key}_late",
    )
    if not own:
        return {"late": None}
    options = {"skip": "skip it", "review": "let somebody of the team decide"}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        within = length_box("Still send when at most this late", late.get("within") or "24h",
                            key=f"{key}_within")  # fmt: skip
        otherwise = st.selectbox(
            "When it is later",
            list(options),
            list(options).index(late.get("else") or "skip"),
            format_func=options.__getitem__,
            key=f"{key}_else",
            width=250,
        )
    given = {"within": within, "else": otherwise}
    same = late and (within, otherwise) == (late.get("within"), late.get("else") or "skip")
    return {"late": late if same else given}


def _repeat(point: dict[str, Any], key: str) -> dict[str, Any]:
    repeat = point.get("repeat") or {}
    if not st.toggle("Comes again", bool(repeat), key=f"{key}_repeat"):
        return {"repeat": None}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        every = length_box("Every", repeat.get("every") or "30d", key=f"{key}_every")
        times = st.number_input(
            "How often in all", 1, 366, int(repeat.get("times") or 3), key=f"{key}_times", width=160
        )
    return {"repeat": {"every": every, "times": times}}
