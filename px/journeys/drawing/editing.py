"""Changes to a journey while it is being drawn, on plain data in the words of the format. Pure.

Nothing here changes what it is given; a document may be unfinished, and `problems_of` says what is
still missing, at the touchpoint concerned and in words.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from db.kinds import Phase
from px.core.errors import InvalidInput
from px.core.yaml_file import dump_yaml
from px.journeys.document import split_anchor
from px.journeys.engine.facts import trait_name
from px.journeys.reading import InvalidJourney, JourneyProblem, read_document, to_data
from px.journeys.words import spaced, touchpoint_label

Data = dict[str, Any]
MOST_UNDONE = 20
_ORDER = (
    *("format", "journey", "name", "per", "enter", "exit_on", "hold_on", "resume_on", "goal"),
    *("map", "holdout", "phases", "touchpoints"),
)
_POINT_ORDER = (
    *("key", "name", "phase", "stage", "purpose", "anchor", "after", "at", "window", "if", "late"),
    *("repeat", "channels", "message", "variants", "ask", "react"),
)
_PLACE = re.compile(r"touchpoints\[(\d+)\]\.?(.*)")
_PART_WORDS = {
    "whole": "The whole touchpoint",
    "per": "It runs once for",
    "purpose": "Purpose",
    "key": "Key",
    "name": "Name",
    "phase": "Phase",
    "stage": "Stage of the journey map",
    "map": "Journey map",
    "anchor": "Counted from",
    "after": "How long after",
    "at": "Time of day",
    "window": "Hours",
    "if": "Only if",
    "late": "When it is late",
    "repeat": "Repeat",
    "channels": "Channels",
    "message": "Text",
    "variants": "Texts",
    "ask": "Question",
    "react": "What an answer does",
    "enter": "Who enters",
    "exit_on": "Ends when",
    "hold_on": "Waits when",
    "resume_on": "Goes on when",
    "goal": "Goal",
    "holdout": "Held-out group",
    "phases": "Phases",
}
# Left out, they would have their usual value: emptied, they are to be filled in.
_NEVER_EMPTY = ("channels", "phases")
# How a person says what the format says in its own words; small letters follow the part's name.
_SAID = (
    ("needs either message or variants", "Choose the text to send."),
    ("only before a date: anchor may it be negative", "Only before a date can it be earlier."),
    ("channels: one stands there twice", "Each channel can stand there once."),
    ("react needs a question", "Answers can do something only when a question is asked."),
    ("needs a value", "A condition has no value yet: fill it in."),
    ("needs a list of words or numbers", "A condition has no value yet: fill it in."),
    ("there is no touchpoint", "The touchpoint it counts from is gone; choose another."),
    ("asks nothing", "The touchpoint it counts from asks no question; give it one first."),
    ("'' may hold only letters", "Choose the text to send."),
    ("List should have at least 1 item", "choose at least one."),
)
_MISSING = re.compile(r"the key '(\w+)' is missing")


@dataclass(frozen=True)
class Problems:
    """What is not right yet: `at` by the touchpoint's place, `general` for the whole journey."""

    general: list[str] = field(default_factory=list)
    at: dict[int, list[str]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.general) + sum(map(len, self.at.values()))


def problems_of(data: Data) -> Problems:
    """Everything that keeps the document from being saved."""
    if not points_of(data):
        return Problems(general=["Add the first touchpoint: a journey has at least one."])
    try:
        read_document(data)
    except InvalidJourney as error:
        return _sorted_in(error.problems)
    except InvalidInput as error:
        return Problems(general=[str(error)])
    return Problems()


def _sorted_in(problems: Sequence[JourneyProblem]) -> Problems:
    found = Problems()
    for problem in problems:
        place = _PLACE.match(problem.path)
        if place is None:
            found.general.append(problem_sentence(problem.path, problem.message))
        else:
            here = found.at.setdefault(int(place[1]), [])
            here.append(problem_sentence(place[2], problem.message))
    return found


def problem_sentence(path: str, message: str) -> str:
    """A problem of the format as a sentence that begins with the part concerned."""
    if missing := _MISSING.fullmatch(message):
        path, message = f"{path or missing[1]}", "fill this in"
    part = re.split(r"[.\[]", path, maxsplit=1)[0]
    before = f"{part_words(part)}: " if part else ""
    for said, sentence in _SAID:
        if said in message:
            return before + sentence if sentence[0].islower() else sentence
    text = before + message.strip().removesuffix(", in quotes")
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?")) else ".")


def part_words(part: str) -> str:
    """What the form calls a part of the format."""
    return _PART_WORDS.get(part, spaced(part))


def points_of(data: Mapping[str, Any]) -> list[Data]:
    """The touchpoints of a document, in order."""
    return list(data.get("touchpoints") or [])


def phases_of(data: Mapping[str, Any]) -> list[str]:
    """The phases of a document, in order; the usual ones when it names none."""
    return list(data.get("phases") or [phase.value for phase in Phase])


def traits_of(data: Mapping[str, Any]) -> list[str]:
    """The fields of a condition that the journey's own questions fill."""
    asked = [(point.get("ask") or {}).get("question") for point in points_of(data)]
    named = [f"customer.traits.{trait_name(str(question))}" for question in asked if question]
    return list(dict.fromkeys(named))


def grouped(data: Mapping[str, Any]) -> list[tuple[str | None, list[int]]]:
    """The places of the touchpoints by phase, in its order; those without a phase first."""
    known = phases_of(data)
    groups: dict[str | None, list[int]] = {None: [], **{phase: [] for phase in known}}
    for index, point in enumerate(points_of(data)):
        phase = point.get("phase")
        groups[phase if phase in known else None].append(index)
    return [(phase, places) for phase, places in groups.items() if places]


def changed(data: Data, name: str, value: Any) -> Data:
    """The document with this part of it; None, "" and [] take the part out."""
    return _with(data, name, value, _ORDER)


def point_changed(point: Data, name: str, value: Any) -> Data:
    """The touchpoint with this part of it; None, "" and [] take the part out."""
    return _with(point, name, value, _POINT_ORDER)


def _with(data: Data, name: str, value: Any, order: Sequence[str]) -> Data:
    values = {**data, name: value}
    if value is None or (value in ("", [], {}) and name not in _NEVER_EMPTY):
        del values[name]
    known = [key for key in order if key in values]
    return {key: values[key] for key in (*known, *(k for k in values if k not in order))}


def with_point(data: Data, index: int, point: Data) -> Data:
    """The document with another touchpoint in this place; anchors follow a changed key."""
    points = points_of(data)
    before = points[index].get("key")
    points[index] = point
    if point.get("key") != before:
        points = [_following(p, before, point.get("key")) for p in points]
    return {**data, "touchpoints": points}


def _following(point: Data, before: object, after: object) -> Data:
    word, about = split_anchor(str(point.get("anchor") or ""))
    if word in ("event", "date") or about != before:
        return point
    return {**point, "anchor": f"{word}:{after}"}


def added(data: Data, phase: str | None = None) -> tuple[Data, int]:
    """The document with a new touchpoint at the end of the phase, and its place."""
    phase = phase or phases_of(data)[0]
    new = {
        "key": free_key("message", _keys(data)),
        "name": "New message",
        "phase": phase,
        "purpose": "marketing",
        "anchor": "delivered" if phase != Phase.PRE_ARRIVAL else "order_placed",
        "after": "1d",
        "channels": ["email"],
    }
    return _inserted(data, new, _end_of(data, phase))


def duplicated(data: Data, index: int) -> tuple[Data, int]:
    """The document with a copy of the touchpoint behind it, and its place."""
    point = points_of(data)[index]
    key = free_key(str(point.get("key") or "message"), _keys(data))
    copy = {**point, "key": key, "name": f"{touchpoint_label(point)} (copy)"[:200]}
    return _inserted(data, copy, index + 1)


def removed(data: Data, index: int) -> Data:
    """The document without the touchpoint in this place."""
    points = points_of(data)
    del points[index]
    return {**data, "touchpoints": points}


def moved(data: Data, index: int, by: int) -> tuple[Data, int]:
    """The document with the touchpoint one up (-1) or down (1) in its phase, and its place."""
    group = next(places for _, places in grouped(data) if index in places)
    place = group.index(index) + by
    if not 0 <= place < len(group):
        return data, index
    points, other = points_of(data), group[place]
    points[index], points[other] = points[other], points[index]
    return {**data, "touchpoints": points}, other


def hangs_on(data: Data, index: int) -> list[str]:
    """The names of the touchpoints that count from the one in this place."""
    key = points_of(data)[index].get("key")
    anchors = ((p, split_anchor(str(p.get("anchor") or ""))) for p in points_of(data))
    return [
        touchpoint_label(p)
        for p, (word, about) in anchors
        if word not in ("event", "date") and about == key
    ]


def _inserted(data: Data, point: Data, place: int) -> tuple[Data, int]:
    points = points_of(data)
    points.insert(place, point)
    return {**data, "touchpoints": points}, place


def _end_of(data: Data, phase: str) -> int:
    places = [i for i, p in enumerate(points_of(data)) if p.get("phase") == phase]
    return places[-1] + 1 if places else len(points_of(data))


def _keys(data: Data) -> list[str]:
    return [str(p.get("key")) for p in points_of(data)]


def free_key(wanted: str, taken: Collection[str]) -> str:
    """The wanted key, or with the first number behind it that is free: review-2."""
    stem = re.sub(r"-\d+$", "", wanted)[:70] or "message"
    if wanted not in taken:
        return wanted
    return next(key for n in range(2, 10**6) if (key := f"{stem}-{n}") not in taken)


def key_of(name: str, taken: Collection[str] = ()) -> str:
    """A key made of a name: First use in three steps is first-use-in-three-steps."""
    letters = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")
    return free_key(words[:60].strip("-") or "journey", taken)


def first_draft(name: str, key: str) -> Data:
    """A new journey with one touchpoint: a word of thanks when the order is placed."""
    return {
        "format": 1,
        "journey": key,
        "name": name,
        "per": "order",
        "enter": {"on": "order_placed"},
        "exit_on": ["order_cancelled"],
        "touchpoints": [
            {
                "key": "thank-you",
                "name": "Thank you",
                "phase": "pre_arrival",
                "purpose": "transactional",
                "anchor": "order_placed",
                "after": "0",
                "channels": ["email"],
                "message": "thank-you",
            }
        ],
    }


def is_typed_on(before: Data, data: Data, after: Data) -> bool:
    """Whether the change to `after` goes on with the one to `data`: more letters of one word."""
    first, second = _changed_text(before, data), _changed_text(data, after)
    if first is None or second is None or first[0] != second[0]:
        return False
    return second[2].startswith(second[1]) or second[1].startswith(second[2])


def _changed_text(one: Any, other: Any, path: tuple[Any, ...] = ()) -> tuple[Any, str, str] | None:
    """The one text in which the documents differ: where, before and after."""
    if isinstance(one, str) and isinstance(other, str):
        return path, one, other
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        differing = [name for name in one if one[name] != other[name]]
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        differing = [place for place in range(len(one)) if one[place] != other[place]]
    else:
        return None
    if len(differing) != 1:
        return None
    name: Any = differing[0]
    return _changed_text(one[name], other[name], (*path, name))


def renamed(data: Data, name: str, key: str) -> Data:
    """The same document as a journey of its own."""
    return {**data, "journey": key, "name": name[:200]}


def as_yaml(data: Data) -> str:
    """The document as YAML, in the order of the format."""
    return dump_yaml(_ordered(data))


def from_yaml(text: str, *, key: str) -> Data:
    """The journey that an edited YAML text holds, as plain data. InvalidJourney lists every
    problem.
    """
    document = read_document(text)
    problems = []
    if document.journey != key:
        said = (
            f"stays {key!r}: a journey's key never changes; duplicate the journey for another one"
        )
        problems.append(JourneyProblem("journey", said))
    if document.templates:
        said = "texts are written under Messages; to bring them by file, import it under Journeys"
        problems.append(JourneyProblem("templates", said))
    if problems:
        raise InvalidJourney(problems)
    return to_data(document)


def _ordered(data: Data) -> Data:
    ordered = {key: data[key] for key in (*_ORDER, *data) if key in data}
    if "touchpoints" in ordered:
        ordered["touchpoints"] = [
            {key: point[key] for key in (*_POINT_ORDER, *point) if key in point}
            for point in points_of(data)
        ]
    return ordered
