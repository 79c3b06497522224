"""Between the parts of a journey and the boxes of a form: what they show and write. Pure.

A part that nobody touches stays word for word as it was written: `kept` compares the boxes before
and after, not the document.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from px.core.events import MILESTONE, is_event_kind
from px.journeys.document import ANCHOR_WORDS, split_anchor

T = TypeVar("T")
Data = dict[str, Any]

UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
OTHER = "other"
_LENGTH = re.compile(r"-?(?:\d{1,6}[wdhm])+")
_SIMPLE = re.compile(r"-?(\d{1,6})([wdhm])")
ANCHORS = ("event", *ANCHOR_WORDS, "date")


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


def is_length(text: object) -> bool:
    """Whether the text is a length such as 3d or 1w2d3h."""
    return bool(_LENGTH.fullmatch(str(text)))


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
