"""Between a condition and the boxes that say it as a sentence: rows, and groups of rows. Pure.

Every condition of the format fits into these boxes. A group says how its parts are joined; `not` is
a way of joining, or of a deed that did not happen.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from px.customers.conditions import FIELDS, is_field

Joint = Literal["all", "any", "none", "not_all"]
DID = "did"
_NUMBERS = {
    *("customer.orders", "customer.spent_minor", "customer.points"),
    *("order.total_minor", "line.quantity", "answer"),
}
_LISTS = ("in", "not_in")
ALONE = ("exists", "missing")


@dataclass(frozen=True)
class Row:
    """One row: a comparison, or (with the field `did`) a deed that happened or did not."""

    field: str = "order.skus"
    op: str = "contains"
    value: str = ""
    within: str = ""
    times: int = 1
    negated: bool = False


@dataclass(frozen=True)
class Group:
    """Rows and groups that are joined: all, any or none of them hold, or not all of them."""

    joint: Joint = "all"
    parts: "tuple[Row | Group, ...]" = ()


Part = Row | Group


def condition_boxes(raw: Any) -> Group:
    """What the boxes show of a condition; of none, a group without parts."""
    if not raw:
        return Group()
    part = _part(raw)
    return part if isinstance(part, Group) else Group("all", (part,))


def _part(raw: Any) -> Part:
    if not isinstance(raw, dict):
        return Row(value=value_text(raw))
    for joint in get_args(Joint)[:2]:
        if isinstance(raw.get(joint), list):
            return Group(joint, tuple(map(_part, raw[joint])))
    if "not" in raw:
        return _negated(raw["not"])
    return _deed(raw) if DID in raw else _comparison(raw)


def _negated(inside: Any) -> Part:
    if isinstance(inside, dict) and DID in inside:
        return _deed(inside, negated=True)
    part = _part(inside)
    if isinstance(part, Group) and part.joint in ("all", "any"):
        return Group("not_all" if part.joint == "all" else "none", part.parts)
    return Group("none", (part,))


def _deed(raw: dict[str, Any], *, negated: bool = False) -> Row:
    times = raw.get("times", 1)
    often = times if isinstance(times, int) else 1
    return Row(DID, "", str(raw[DID]), str(raw.get("within") or ""), often, negated)


def _comparison(raw: dict[str, Any]) -> Row:
    return Row(str(raw.get("field")), str(raw.get("op")), value_text(raw.get("value")))


def condition_part(boxes: Group) -> Any:
    """The condition that the boxes say, None when there are no parts."""
    parts = [_written(part) for part in boxes.parts]
    if not parts:
        return None
    if boxes.joint in ("none", "not_all"):
        joint = "any" if boxes.joint == "none" else "all"
        return {"not": parts[0] if len(parts) == 1 else {joint: parts}}
    return parts[0] if len(parts) == 1 and boxes.joint == "all" else {boxes.joint: parts}


def _written(part: Part) -> Any:
    if isinstance(part, Group):
        return condition_part(part) or {part.joint if part.joint in ("all", "any") else "any": []}
    if part.field != DID:
        return _written_comparison(part)
    deed: dict[str, Any] = {DID: part.value}
    if part.within.strip():
        deed["within"] = part.within.strip()
    if part.times > 1:
        deed["times"] = part.times
    return {"not": deed} if part.negated else deed


def _written_comparison(row: Row) -> dict[str, Any]:
    if row.op in ALONE:
        return {"field": row.field, "op": row.op}
    return {"field": row.field, "op": row.op, "value": typed_value(row.value, row.field, row.op)}


def typed_value(text: str, field: str, op: str) -> Any:
    """A value as the format has it: numbers as numbers, yes and no as true and false, lists as
    lists.
    """
    if op in _LISTS:
        return [_typed(part.strip(), field) for part in text.split(",") if part.strip()]
    if not text.strip():
        return None
    return text.strip() if op == "within_last" else _typed(text.strip(), field)


def _typed(text: str, field: str) -> Any:
    if field == "order.is_first" or text.casefold() in ("true", "false"):
        return text.casefold() in ("true", "yes")
    if field not in _NUMBERS:
        return text
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def value_text(value: Any) -> str:
    """A value as its box shows it; lists with commas."""
    if isinstance(value, list):
        return ", ".join(map(value_text, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def field_name(text: str) -> str:
    """A field as it was chosen or typed: a word that is no field is a trait of the customer."""
    if text == DID or is_field(text):
        return text
    word = re.sub(r"[^\w.-]+", "_", text.strip().casefold()).strip("_.")
    return word if is_field(word) else f"customer.traits.{word}"


def field_options(used: Sequence[str] = ()) -> list[str]:
    """The fields that a row offers: a deed, those in use that stand in no list, and the rest."""
    others = [name for name in dict.fromkeys(used) if name not in FIELDS and name != DID]
    return [DID, *others, *FIELDS]
