"""Between a condition and the boxes that say it as a sentence: rows, and groups of rows. Pure.

Every condition of the format fits into these boxes. A group says how its parts are joined; `not` is
a way of joining, or of a deed that did not happen. Boxes take and show amounts in `currency`, which
is the shop's.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from px.core.money import to_minor
from px.customers.conditions import FIELDS, is_field
from px.journeys.amounts import amount_text, is_amount

Joint = Literal["all", "any", "none", "not_all"]
DID = "did"
_NUMBERS = {"customer.orders", "customer.points", "line.quantity", "answer"}
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


def condition_boxes(raw: Any, currency: str = "") -> Group:
    """What the boxes show of a condition; of none, a group without parts."""
    if not raw:
        return Group()
    part = _part(raw, currency)
    return part if isinstance(part, Group) else Group("all", (part,))


def _part(raw: Any, currency: str) -> Part:
    if not isinstance(raw, dict):
        return Row(value=value_text(raw))
    for joint in get_args(Joint)[:2]:
        if isinstance(raw.get(joint), list):
            return Group(joint, tuple(_part(one, currency) for one in raw[joint]))
    if "not" in raw:
        return _negated(raw["not"], currency)
    return _deed(raw) if DID in raw else _comparison(raw, currency)


def _negated(inside: Any, currency: str) -> Part:
    if isinstance(inside, dict) and DID in inside:
        return _deed(inside, negated=True)
    part = _part(inside, currency)
    if isinstance(part, Group) and part.joint in ("all", "any"):
        return Group("not_all" if part.joint == "all" else "none", part.parts)
    return Group("none", (part,))


def _deed(raw: dict[str, Any], *, negated: bool = False) -> Row:
    times = raw.get("times", 1)
    often = times if isinstance(times, int) else 1
    return Row(DID, "", str(raw[DID]), str(raw.get("within") or ""), often, negated)


def _comparison(raw: dict[str, Any], currency: str) -> Row:
    field, op = str(raw.get("field")), str(raw.get("op"))
    return Row(field, op, value_text(raw.get("value"), field, op, currency))


def condition_part(boxes: Group, currency: str = "") -> Any:
    """The condition that the boxes say, None when there are no parts."""
    parts = [_written(part, currency) for part in boxes.parts]
    if not parts:
        return None
    if boxes.joint in ("none", "not_all"):
        joint = "any" if boxes.joint == "none" else "all"
        return {"not": parts[0] if len(parts) == 1 else {joint: parts}}
    return parts[0] if len(parts) == 1 and boxes.joint == "all" else {boxes.joint: parts}


def _written(part: Part, currency: str) -> Any:
    if isinstance(part, Group):
        joint = part.joint if part.joint in ("all", "any") else "any"
        return condition_part(part, currency) or {joint: []}
    if part.field != DID:
        return _written_comparison(part, currency)
    deed: dict[str, Any] = {DID: part.value}
    if part.within.strip():
        deed["within"] = part.within.strip()
    if part.times > 1:
        deed["times"] = part.times
    return {"not": deed} if part.negated else deed


def _written_comparison(row: Row, currency: str) -> dict[str, Any]:
    comparison: dict[str, Any] = {"field": row.field, "op": row.op}
    if row.op in ALONE:
        return comparison
    try:
        value = typed_value(row.value, row.field, row.op, currency)
    except ValueError:
        # A condition without a value cannot be saved.
        value = None
    return comparison | {"value": value}


def refusal(row: Row, currency: str) -> str:
    """Why the text in the row's box is refused, as a sentence; empty when it is taken."""
    try:
        typed_value(row.value, row.field, row.op, currency)
    except ValueError as error:
        return str(error)
    return ""


def typed_value(text: str, field: str, op: str, currency: str = "") -> Any:
    """A value as the format has it: numbers as numbers, yes and no as true and false, lists as
    lists, amounts in minor units. ValueError, with a sentence, when an amount is none.
    """
    if op in _LISTS:
        parts = [part.strip() for part in text.split(",") if part.strip()]
        return [_typed(part, field, op, currency) for part in parts]
    return _typed(text.strip(), field, op, currency) if text.strip() else None


def _typed(text: str, field: str, op: str, currency: str) -> Any:
    if op == "within_last":
        return text
    if is_amount(field, op):
        return to_minor(text, currency)
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


def value_text(value: Any, field: str = "", op: str = "", currency: str = "") -> str:
    """A value as its box shows it; lists with commas."""
    if isinstance(value, list):
        return ", ".join(value_text(one, field, op, currency) for one in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    return amount_text(value, currency) if is_amount(field, op) else str(value)


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
