"""The question a touchpoint asks, and what an answer does."""

from typing import Any

import streamlit as st

from pages._journey.boxes import length_box
from pages._journey.condition_form import condition_form
from pages._journey.draft import Draft
from px.journeys import editing, forms

ACTS = {"open_feedback": "open an item in the inbox", "hold": "let marketing wait"}


def question_form(draft: Draft, place: int, point: dict[str, Any]) -> dict[str, Any]:
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
    return {"ask": given, "react": _reactions(draft, place, point)}


def _reactions(draft: Draft, place: int, point: dict[str, Any]) -> list[dict[str, Any]]:
    key = f"px_tp_{place}_{draft.revision}_react"
    reactions = []
    for number, reaction in enumerate(point.get("react") or [], 1):
        drawn = _reaction(draft, place, number, reaction, key=f"{key}_{number}")
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
    draft: Draft, place: int, number: int, reaction: dict[str, Any], *, key: str
) -> dict[str, Any] | None:
    with st.container(border=True, key=f"{key}_box"):
        st.markdown(f"**Answer, case {number}:** the first case that fits counts")
        condition = condition_form(
            f"Case {number}",
            reaction.get("if"),
            draft,
            key=f"px_tp_{place}_react_{number}_if",
            add=f"Add a condition to case {number}",
        )
        do = _acts(number, reaction.get("do") or [], key)
        if st.button(f"Remove case {number}", key=f"{key}_out", icon=":material/close:",
                     type="tertiary"):  # fmt: skip
            return None
    return ({"if": condition} if condition is not None else {}) | {"do": do}


def _acts(number: int, seed: list[Any], key: str) -> list[Any]:
    before = forms.reaction_boxes(seed)
    columns = st.columns([5, 4, 3])
    acts = columns[0].multiselect(
        f"Then, in case {number}",
        list(ACTS),
        before[0],
        format_func=ACTS.__getitem__,
        key=f"{key}_acts",
        placeholder="Choose what happens",
    )
    enrol = columns[1].text_input(
        f"Enter this journey, case {number}", before[1], key=f"{key}_enrol", placeholder="none",
        help="The key of another journey, such as review-request.",
    )  # fmt: skip
    award = columns[2].number_input(
        f"Give points, case {number}", 0, 1_000_000, before[2], key=f"{key}_award"
    )
    in_order = [act for act in ACTS if act in acts]
    after = (in_order, enrol.strip(), int(award))
    return forms.kept(seed, before, after, lambda boxes: forms.reaction_parts(*boxes))
