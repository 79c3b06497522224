"""A condition as a sentence in boxes: rows joined by and or or, in groups as deep as one likes."""

from typing import Any

import streamlit as st

from pages._journey.condition_row import row_boxes
from pages._journey.draft import Draft
from pages._ui.words import plain
from px.journeys import condition_boxes, editing, forms, words
from px.journeys.drawing.condition_boxes import Group, Joint, Part, Row

JOINTS: dict[Joint, str] = {
    "all": "all of these are so",
    "any": "at least one of these is so",
    "none": "none of these is so",
    "not_all": "these are not all so",
}
_BETWEEN: dict[Joint, str] = {"all": "and", "any": "or", "none": "or", "not_all": "and"}
_DEEPEST = 6


def condition_form(
    label: str,
    seed: Any,
    draft: Draft,
    currency: str,
    *,
    key: str,
    add: str,
    first: Row | None = None,
) -> Any:
    """The condition as its boxes say, None when there are no rows; `add` is on the button.

    A new row begins as `first`. Boxes are made anew when the currency changes: what stands in them
    would be another amount.
    """
    key = f"{key}_{draft.revision}_{currency}"
    before = condition_boxes.condition_boxes(seed, currency)
    said = st.container()
    form = _Form(label, draft, add, first or Row(), currency)
    after = form.group(before, (), key)
    condition = forms.kept(
        seed, before, after, lambda boxes: condition_boxes.condition_part(boxes, currency)
    )
    if sentence := words.condition_words(condition, currency):
        end = "" if sentence.endswith("…") else "."
        said.markdown(f"{label} **{plain(sentence)}**{end}")
    return condition


class _Form:
    """What all groups of one condition share while they are drawn."""

    def __init__(self, label: str, draft: Draft, add: str, first: Row, currency: str) -> None:
        self.label, self.draft, self.add, self.first = label, draft, add, first
        self.traits, self.currency = editing.traits_of(draft.data), currency

    def group(self, group: Group, path: tuple[int, ...], key: str) -> Group:
        """The group as its boxes say, with what was added to it or taken out."""
        joint = self._joint(group, path, key)
        parts: list[Part] = []
        for number, part in enumerate(group.parts, 1):
            if number > 1:
                st.markdown(f":gray[{_BETWEEN[joint]}]")
            drawn = self._part(part, (*path, number), f"{key}_{number}")
            if drawn is None:
                self.draft.redraw()
            else:
                parts.append(drawn)
        return Group(joint, (*parts, *self._added(path, key)))

    def _joint(self, group: Group, path: tuple[int, ...], key: str) -> Joint:
        if len(group.parts) < 2 and group.joint != "none" and not path:
            return group.joint
        joint: Joint = st.selectbox(
            f"{self._named(path)}: how the rows are joined",
            list(JOINTS),
            list(JOINTS).index(group.joint),
            format_func=JOINTS.__getitem__,
            key=f"{key}_joint",
            label_visibility="collapsed",
            width=250,
        )
        return joint

    def _part(self, part: Part, path: tuple[int, ...], key: str) -> Part | None:
        if isinstance(part, Group):
            with st.container(border=True, key=f"{key}_group", gap="small"):
                after = self.group(part, path, key)
            return after if after.parts else None
        return row_boxes(self._named(path), part, self.traits, self.currency, key=key)

    def _added(self, path: tuple[int, ...], key: str) -> list[Part]:
        where = f" to group {_dotted(path)}" if path else ""
        with st.container(horizontal=True, gap="small", key=f"{key}_adds"):
            row = st.button(
                f"{self.add}{where}", key=f"{key}_add", icon=":material/add:", type="tertiary"
            )
            group = len(path) < _DEEPEST and st.button(
                f"Add a group{where}",
                key=f"{key}_add_group",
                icon=":material/add_box:",
                type="tertiary",
                help="Several conditions in brackets, with an and or an or of their own.",
            )
        if row or group:
            self.draft.redraw()
        return [self.first] if row else [Group("any", (self.first,))] if group else []

    def _named(self, path: tuple[int, ...]) -> str:
        return f"{self.label}, row {_dotted(path)}" if path else self.label


def _dotted(path: tuple[int, ...]) -> str:
    return ".".join(map(str, path))
