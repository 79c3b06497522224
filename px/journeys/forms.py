"""Between the parts of a journey and the boxes of a form: what they show and write. Pure.

A part that nobody touches stays word for word as it was written: `kept` compares the boxes before
and after, not the document.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, get_args

from px.core.errors import InvalidInput
from px.core.events import MILESTONE, is_event_kind
from px.core.yaml_file import dump_yaml, load_yaml
from px.customers.condition_check import check_condition
from px.customers.conditions import FIELDS, is_field
from px.journeys.document import ANCHOR_WORDS, split_anchor

T = TypeVar("T")
Joint = Literal["all", "any"]
Data = dict[str, Any]

UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
OTHER = "other"
_SIMPLE = re.compile(r"-?(\d{1,6})([wdhm])")
_NUMBERS = {
    *("customer.orders", "customer.spent_minor", "customer.points"),
    *("order.total_minor", "line.quantity", "answer"),
}
_LISTS = ("in", "not_in")
_ALONE = ("exists", "missing")
ANCHORS = ("event", *ANCHOR_WORDS, "date")
DID = "did"
YAML = "yaml"


def kept(part: Any, before: T, after: T, make: Callable[[T], Any]) -> Any:
    """The part as it was written when the boxes still say the same, else what they say now."""
    return part if before == after else make(after)


@dataclass(frozen=True)
class LengthBoxes:
    """A length in its boxes: a number with its unit, or the written form when it is a sum."""

    number: int = 0
    unit: str = "d"
    written: str = ""
    before: bool = False


def length_boxes(text: object) -> LengthBoxes:
    """What the boxes show of a length such as 3d, -5d or 1w2d3h."""
    written = str(text or "0")
    before = written.startswith("-")
    if written.strip("-") == "0":
        return LengthBoxes(0, "d", "", before)
    simple = _SIMPLE.fullmatch(written)
    if simple is None:
        return LengthBoxes(0, OTHER, written.removeprefix("-"), before)
    return LengthBoxes(int(simple[1]), simple[2], "", before)


def length_part(boxes: LengthBoxes) -> str:
    """The length that the boxes say."""
    sign = "-" if boxes.before else ""
    if boxes.unit == OTHER:
        return f"{sign}{boxes.written.strip() or '0'}"
    return f"{sign}{boxes.number}{boxes.unit}" if boxes.number else "0"


def clock_part(text: str | None) -> str | None:
    """A time of day as the format writes it: 9:15 is 09:15, nothing is none."""
    plain = (text or "").strip().replace(".", ":")
    if re.fullmatch(r"\d{1,2}", plain):
        plain += ":00"
    return plain.zfill(5) if re.fullmatch(r"\d{1,2}:\d\d", plain) else plain or None


@dataclass(frozen=True)
class AnchorBoxes:
    """An anchor in its boxes: what kind of thing it counts from, and which one."""

    word: str = "event"
    about: str = "delivered"


def anchor_boxes(anchor: object) -> AnchorBoxes:
    """What the boxes show of an anchor."""
    return AnchorBoxes(*split_anchor(str(anchor or "")))


def anchor_part(boxes: AnchorBoxes) -> str:
    """The anchor that the boxes say."""
    return boxes.about if boxes.word == "event" else f"{boxes.word}:{boxes.about}"


def window_part(start: str | None, end: str | None, days: Sequence[str]) -> Data | None:
    """The window that the boxes say, None when it is open at any time."""
    values = {"from": clock_part(start), "to": clock_part(end), "days": list(days)}
    return {key: value for key, value in values.items() if value} or None


def weights_part(rows: Sequence[tuple[str, int]]) -> Data:
    """The texts as the format has them: one is the message, several are variants."""
    if len(rows) == 1:
        return {"message": rows[0][0] or None, "variants": None}
    variants = [{"weight": weight, "message": message} for message, weight in rows]
    return {"message": None, "variants": variants}


def weights_rows(point: Mapping[str, Any]) -> list[tuple[str, int]]:
    """The texts of a touchpoint with their shares; at least one row, be it empty."""
    if variants := point.get("variants"):
        return [(str(v.get("message") or ""), int(v.get("weight") or 0)) for v in variants]
    return [(str(point.get("message") or ""), 1)]


@dataclass(frozen=True)
class Row:
    """One row of a condition: a comparison, something that happened (`did`), or a nested one as
    YAML.
    """

    field: str = "order.skus"
    op: str = "contains"
    value: str = ""
    within: str = ""
    times: int = 1


@dataclass(frozen=True)
class ConditionBoxes:
    """A condition in its boxes: rows of which all or any must hold."""

    joint: Joint = "all"
    rows: tuple[Row, ...] = ()


def condition_boxes(raw: Any) -> ConditionBoxes:
    """What the boxes show of a condition; what no row can say is a row of YAML."""
    if not raw:
        return ConditionBoxes()
    for joint in get_args(Joint):
        if isinstance(raw, dict) and isinstance(raw.get(joint), list):
            return ConditionBoxes(joint, tuple(map(_row, raw[joint])))
    return ConditionBoxes("all", (_row(raw),))


def _row(raw: Any) -> Row:
    if isinstance(raw, dict) and "did" in raw:
        within, times = str(raw.get("within") or ""), raw.get("times", 1)
        return Row(DID, "", str(raw["did"]), within, times if isinstance(times, int) else 1)
    if isinstance(raw, dict) and "field" in raw and "op" in raw:
        return Row(str(raw["field"]), str(raw["op"]), value_text(raw.get("value")))
    return Row(YAML, "", raw if isinstance(raw, str) else dump_yaml(raw).strip())


def condition_part(boxes: ConditionBoxes) -> Any:
    """The condition that the boxes say, None when there are no rows.

    A row of YAML that cannot be read stays as its text, which the check then refuses in words.
    """
    if not boxes.rows:
        return None
    parts = [_row_part(row) for row in boxes.rows]
    if len(parts) == 1 and boxes.joint == "all" and isinstance(parts[0], dict):
        return parts[0]
    return {boxes.joint: parts}


def _row_part(row: Row) -> Any:
    if row.field == YAML:
        return _read_yaml(row.value)
    if row.field == DID:
        part: Data = {"did": row.value}
        if row.within.strip():
            part["within"] = row.within.strip()
        return part | ({"times": row.times} if row.times > 1 else {})
    if row.op in _ALONE:
        return {"field": row.field, "op": row.op}
    return {"field": row.field, "op": row.op, "value": typed_value(row.value, row.field, row.op)}


def _read_yaml(text: str) -> Any:
    try:
        return load_yaml(text) or text
    except InvalidInput:
        return text


def yaml_problem(text: str) -> str | None:
    """What is wrong with a nested condition as YAML, None when it is right."""
    try:
        problems = check_condition(load_yaml(text))
    except InvalidInput as error:
        return str(error)
    return None if not problems else f"{problems[0].path} {problems[0].message}".strip()


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
    if text in (DID, YAML) or is_field(text):
        return text
    word = re.sub(r"[^\w.-]+", "_", text.strip().casefold()).strip("_.")
    return word if is_field(word) else f"customer.traits.{word}"


def field_options(used: Sequence[str] = ()) -> list[str]:
    """The fields that a row offers, with those in use that stand in no list."""
    return [*FIELDS, *(name for name in dict.fromkeys(used) if name not in FIELDS)]


def reaction_parts(acts: Sequence[str], enrol: str, award: int) -> list[Any]:
    """What an answer does, as the format has it."""
    parts: list[Any] = ["open_feedback"] if "open_feedback" in acts else []
    if "hold" in acts:
        parts.append({"hold": True})
    if enrol:
        parts.append({"enrol": enrol})
    return parts + ([{"award": award}] if award else [])


def reaction_boxes(do: Sequence[Any]) -> tuple[list[str], str, int]:
    """What the boxes show of what an answer does: the plain acts, the journey, the points."""
    acts = [act for act in ("open_feedback",) if act in do]
    told = {key: value for act in do if isinstance(act, dict) for key, value in act.items()}
    if told.get("hold"):
        acts.append("hold")
    return acts, str(told.get("enrol") or ""), int(told.get("award") or 0)


def kind_name(text: str) -> str:
    """An event kind as it was chosen or typed: a word that is no kind is a milestone."""
    if is_event_kind(text):
        return text
    word = re.sub(r"[^\w.-]+", "_", text.strip().casefold()).strip("_.")
    return word if is_event_kind(word) else f"{MILESTONE}{word}"
