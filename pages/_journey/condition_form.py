"""A condition as rows of field, comparison and value, joined by all or any; the rest as YAML."""

from dataclasses import replace
from typing import Any

import streamlit as st

from pages._journey.boxes import KINDS
from pages._journey.draft import Draft
from pages._ui.words import plain
from px.journeys import forms, words

JOINTS: dict[forms.Joint, str] = {"all": "all of these", "any": "any of these"}
_OPEN = {forms.DID: "something has happened", forms.YAML: "a nested condition (YAML)"}


def condition_form(label: str, seed: Any, draft: Draft, *, key: str, add: str) -> Any:
    """The condition as its boxes say, None when there are no rows; `add` is on the button."""
    key = f"{key}_{draft.revision}"
    before = forms.condition_boxes(seed)
    rows: list[forms.Row] = []
    joint = before.joint
    if len(before.rows) > 1:
        joint = st.segmented_control(
            f"{label}: how the rows are joined",
            list(JOINTS),
            default=before.joint,
            format_func=lambda joint: JOINTS[joint],
            required=True,
            key=f"{key}_joint",
            label_visibility="collapsed",
        )
    for number, row in enumerate(before.rows, 1):
        drawn = _row(f"{label}, row {number}", row, key=f"{key}_{number}")
        if drawn is None:
            draft.redraw()
        else:
            rows.append(drawn)
    if st.button(add, key=f"{key}_add", icon=":material/add:", type="tertiary"):
        rows.append(forms.Row())
        draft.redraw()
    after = forms.ConditionBoxes(joint, tuple(rows))
    return forms.kept(seed, before, after, forms.condition_part)


def _row(label: str, row: forms.Row, *, key: str) -> forms.Row | None:
    """The row as its boxes say; None when it is taken out."""
    with st.container(border=True, key=f"{key}_box"):
        columns = st.columns([5, 4, 5, 2], vertical_alignment="bottom")
        chosen = _field_box(f"{label}: what", row.field, columns[0], key)
        if chosen == forms.DID:
            after = _did_boxes(label, row, columns, key)
        elif chosen == forms.YAML:
            after = _yaml_box(label, row, columns, key)
        else:
            after = _comparison_boxes(label, replace(row, field=chosen), columns, key)
        is_out = columns[3].button(
            "Remove",
            key=f"{key}_out",
            help=f"Take out {label.lower()}",
            icon=":material/close:",
            type="tertiary",
        )
    return None if is_out else after


def _field_box(label: str, field: str, column: Any, key: str) -> str:
    options = [*forms.field_options([field]), *_OPEN]
    options = list(dict.fromkeys(options))
    chosen = column.selectbox(
        label,
        options,
        options.index(field),
        format_func=lambda name: _OPEN.get(name) or words.field_words(name),
        key=f"{key}_field",
        label_visibility="collapsed",
        accept_new_options=True,
        help="Anything that is not in the list is a trait of the customer, such as skin type.",
    )
    return forms.field_name(chosen or field)


def _comparison_boxes(label: str, row: forms.Row, columns: Any, key: str) -> forms.Row:
    ops = list(words.OP_WORDS)
    op = columns[1].selectbox(
        f"{label}: comparison",
        ops,
        ops.index(row.op) if row.op in ops else 0,
        format_func=words.OP_WORDS.__getitem__,
        key=f"{key}_op",
        label_visibility="collapsed",
    )
    if op in ("exists", "missing"):
        return replace(row, op=op, value="")
    if row.field == "order.is_first":
        value = columns[2].selectbox(
            f"{label}: value",
            ["true", "false"],
            int(row.value == "false"),
            format_func={"true": "yes", "false": "no"}.__getitem__,
            key=f"{key}_yes",
            label_visibility="collapsed",
        )
    else:
        value = columns[2].text_input(
            f"{label}: value",
            row.value,
            key=f"{key}_value",
            label_visibility="collapsed",
            placeholder=_HINTS.get(op, "value"),
        )
    return replace(row, op=op, value=value)


_HINTS = {
    "in": "one, another, a third",
    "not_in": "one, another, a third",
    "before": "2026-05-04",
    "after": "2026-05-04",
    "within_last": "30d",
}


def _did_boxes(label: str, row: forms.Row, columns: Any, key: str) -> forms.Row:
    kinds = list(dict.fromkeys([*KINDS, *([row.value] if row.field == forms.DID else [])]))
    kind = columns[1].selectbox(
        f"{label}: what happened",
        kinds,
        kinds.index(row.value) if row.value in kinds else 0,
        format_func=words.event_label,
        key=f"{key}_kind",
        label_visibility="collapsed",
        accept_new_options=True,
    )
    with columns[2].container(horizontal=True, vertical_alignment="bottom", gap="small"):
        times = st.number_input(
            "At least, times", 1, 1000, row.times, key=f"{key}_times", width=120
        )
        within = st.text_input(
            "Within", row.within, key=f"{key}_within", placeholder="ever", width=90,
            help="A length such as 30d; leave it empty for ever.",
        )  # fmt: skip
    return forms.Row(forms.DID, "", forms.kind_name(kind or kinds[0]), within, int(times))


def _yaml_box(label: str, row: forms.Row, columns: Any, key: str) -> forms.Row:
    text = columns[2].text_area(
        f"{label}: nested condition as YAML",
        row.value if row.field == forms.YAML else "not:\n  did: order_placed\n  within: 30d",
        key=f"{key}_yaml",
        label_visibility="collapsed",
        height=120,
    )
    if problem := forms.yaml_problem(text):
        columns[2].markdown(f":material/error: {plain(problem)}")
    return forms.Row(forms.YAML, "", text)
