"""The question a touchpoint asks, and what an answer does."""

from typing import Any

import streamlit as st

from pages._journey.boxes import length_box
from pages._journey.condition_form import condition_form
from pages._journey.draft import Draft
from pages._journey.known import Known
from px.journeys import editing, forms
from px.journeys.drawing.condition_boxes import Row

ACTS = {"open_feedback": "open an item in the inbox", "hold": "let marketing wait"}


def question_form(draft: Draft, place: int, point: dict[str, Any], known: Known) -> dict[str, Any]:
    """The parts `ask` and `react` as their boxes say."""
    key = f"px_tp_{place}_{draft.revision}_ask"
    ask = point.get("ask") or {}
    if not st.toggle("Asks a question; the answer is kept as a trait", bool(ask), key=key):
        return {"ask": None, "react": None}
    left, right = st.columns(2)
    question = left.text_input(
        "What the answer is called",
        ask.get("question") or "",
        key=f"{key}_question",
        placeholder="skin-type",
        help="Letters, digits and hyphens. skin-type is kept as the trait skin type.",
    )
    with right:
        wait = length_box("Counts as unanswered after", ask.get("wait") or "3d", key=f"{key}_wait")
    named = editing.key_of(question) if question.strip() else None
    asked = {"question": question if question == ask.get("question") else named, "wait": wait}
    same = (asked["question"], wait) == (ask.get("question"), ask.get("wait") or "3d")
    given = ask if ask and same else {name: value for name, value in asked.items() if value}
    return {"ask": given, "react": _reactions(draft, place, point, known)}


def _reactions(
    draft: Draft, place: int, point: dict[str, Any], known: Known
) -> list[dict[str, Any]]:
    key = f"px_tp_{place}_{draft.revision}_react"
    reactions = []
    for number, reaction in enumerate(point.get("react") or [], 1):
        drawn = _reaction(draft, place, number, reaction, known)
        if drawn is None:
            draft.redraw()
        else:
            reactions.append(drawn)
    if st.button(
        "Add what an answer does", key=f"{key}_add", icon=":material/add:", type="tertiary"
    ):
        new = {"if": {"field": "answer", "op": "lte", "value": 6}, "do": ["open_feedback"]}
        reactions.append(new)
        draft.redraw()
    return reactions


def _reaction(
    draft: Draft, place: int, number: int, reaction: dict[str, Any], known: Known
) -> dict[str, Any] | None:
    key = f"px_tp_{place}_{draft.revision}_react_{number}"
    with st.container(border=True, key=f"{key}_box"):
        st.markdown(f"**Answer, case {number}:** the first case that fits counts")
        condition = condition_form(
            "If",
            reaction.get("if"),
            draft,
            known.shop.currency,
            key=f"px_tp_{place}_react_{number}_if",
            add=f"Add a condition to case {number}",
            first=Row("answer", "eq"),
        )
        do = _acts(number, reaction.get("do") or [], known, key)
        if st.button(f"Remove case {number}", key=f"{key}_out", icon=":material/close:",
                     type="tertiary"):  # fmt: skip
            return None
    return ({"if": condition} if condition is not None else {}) | {"do": do}


def _acts(number: int, seed: list[Any], known: Known, key: str) -> list[Any]:
    before = forms.reaction_boxes(seed)
    acts = st.multiselect(
        f"Then, in case {number}",
        list(ACTS),
        before[0],
        format_func=ACTS.__getitem__,
        key=f"{key}_acts",
        placeholder="Choose what happens",
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        options = list(dict.fromkeys(["", *known.journeys, before[1]]))
        enrol = st.selectbox(
            f"Enter this journey, case {number}",
            options,
            options.index(before[1]),
            format_func=lambda one: known.journeys.get(one, one) or "none",
            key=f"{key}_enrol",
            accept_new_options=True,
            width=240,
            help="Another journey of yours, or the key of one that is to come.",
        )
        award = st.number_input(
            f"Give points, case {number}", 0, 1_000_000, before[2], key=f"{key}_award", width=180
        )
    in_order = [act for act in ACTS if act in acts]
    after = (in_order, (enrol or "").strip(), int(award))
    return forms.kept(seed, before, after, lambda boxes: forms.reaction_parts(*boxes))
