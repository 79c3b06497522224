"""The journey as a whole in boxes: who enters, when it ends or waits, the goal, the phases."""

from typing import Any

import streamlit as st

from db.kinds import Phase
from pages._journey.boxes import kind_box, kinds_box, length_box
from pages._journey.condition_form import condition_form
from pages._journey.draft import Draft
from pages._journey.known import Known
from pages._journey.map_form import map_form
from pages._ui.links import link
from px.journeys import editing, forms, words

AGAIN = {
    "never": "never again",
    "always": "each time",
    "after": "again after a while",
}


def settings_form(draft: Draft, known: Known) -> None:
    """The journey of the draft is as its boxes say."""
    data = draft.data
    key = f"px_set_journey_{draft.revision}"
    parts: dict[str, Any] = {}
    left, right = st.columns([7, 5])
    name = left.text_input("Name", data.get("name") or "", key=f"{key}_name", max_chars=200)
    parts["name"] = name.strip()
    parts["per"] = _per(data, right, key)
    parts["enter"] = _enter(draft, parts["per"] or "order", known, key)
    parts |= _kinds(data, key)
    parts |= _measure(data, key)
    parts["map"] = map_form(data.get("map"), key=key)
    link("journey_map.py", "See the saved journey map", icon=":material/map:", key=draft.key)
    parts["phases"] = _phases(data, key)
    for part, value in parts.items():
        data = editing.changed(data, part, value)
    draft.put(data)


def _per(data: dict[str, Any], column: Any, key: str) -> str | None:
    seed = data.get("per") or "order"
    options = list(words.PER_WORDS)
    chosen = column.selectbox(
        "It runs once for",
        options,
        options.index(seed),
        format_func=words.PER_WORDS.__getitem__,
        key=f"{key}_per",
    )
    kept: str | None = forms.kept(data.get("per"), seed, chosen, str)
    return kept


def _enter(draft: Draft, per: str, known: Known, key: str) -> dict[str, Any]:
    enter = dict(draft.data.get("enter") or {})
    st.markdown("### :material/login: Who enters", anchors=False)
    enter["on"] = kind_box("When this happens", enter.get("on") or "order_placed", key=f"{key}_on")
    where = condition_form(
        "Only if",
        enter.get("where"),
        draft,
        known.shop.currency,
        key="px_set_where",
        add="Add a condition to enter",
    )
    again = _again(enter.get("again"), key) if per == "customer" else None
    order = {"on": enter["on"], "where": where, "again": again}
    return {name: value for name, value in order.items() if value is not None}


def _again(seed: Any, key: str) -> Any:
    before = "after" if isinstance(seed, dict) else seed or "never"
    left, right = st.columns(2)
    chosen = left.selectbox(
        "The same customer enters",
        list(AGAIN),
        list(AGAIN).index(before),
        format_func=AGAIN.__getitem__,
        key=f"{key}_again",
    )
    if chosen == "after":
        wait = seed.get("after") if isinstance(seed, dict) else "90d"
        with right:
            return {"after": length_box("At the earliest after", wait, key=f"{key}_wait")}
    return seed if chosen == before else None if chosen == "never" else chosen


def _kinds(data: dict[str, Any], key: str) -> dict[str, Any]:
    st.markdown("### :material/pause: When it ends or waits", anchors=False)
    boxes = {
        "exit_on": ("It ends when", "Everything that is still open is skipped at once."),
        "hold_on": ("Marketing waits when", "Touchpoints that are part of the order still go."),
        "resume_on": ("It goes on when", "Ends the wait."),
    }
    return {
        part: forms.kept(
            data.get(part),
            data.get(part) or [],
            kinds_box(label, data.get(part) or [], key=f"{key}_{part}", help=help),
            list,
        )
        for part, (label, help) in boxes.items()
    }


def _measure(data: dict[str, Any], key: str) -> dict[str, Any]:
    st.markdown("### :material/flag: What it is for", anchors=False)
    goal = data.get("goal") or {}
    parts: dict[str, Any] = {"goal": None}
    if st.toggle("It has a goal", bool(goal), key=f"{key}_goal"):
        left, right = st.columns(2)
        with left:
            on = kind_box("The goal", goal.get("on") or "order_placed", key=f"{key}_goal_on")
        with right:
            within = length_box("Within", goal.get("within") or "60d", key=f"{key}_goal_within")
        same = goal and (on, within) == (goal.get("on"), goal.get("within") or "60d")
        parts["goal"] = goal if same else {"on": on, "within": within}
    seed = round(float(data.get("holdout") or 0) * 100, 2)
    share = st.number_input(
        "Held out, in percent",
        0.0,
        100.0,
        seed,
        step=1.0,
        format="%g",
        key=f"{key}_holdout",
        help="These customers get no marketing of this journey, to see what it does. "
        "Each customer stays on one side for ever.",
        width=200,
    )
    written = round(share / 100, 6) or None
    return parts | {"holdout": forms.kept(data.get("holdout"), seed, share, lambda _: written)}


def _phases(data: dict[str, Any], key: str) -> list[str] | None:
    seed = editing.phases_of(data)
    st.markdown("### :material/view_timeline: Phases", anchors=False)
    chosen = st.multiselect(
        "Phases, in order",
        list(dict.fromkeys([*seed, *(phase.value for phase in Phase)])),
        seed,
        format_func=words.phase_words,
        key=f"{key}_phases",
        accept_new_options=True,
        help="Type a new one to add it at the end.",
    )
    named = [one if one in seed else editing.key_of(one).replace("-", "_") for one in chosen]
    kept: list[str] | None = forms.kept(data.get("phases"), seed, list(dict.fromkeys(named)), list)
    return kept
