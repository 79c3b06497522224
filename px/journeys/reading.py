"""From a file or a draft to a Document, or to every problem at its path in words."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from db.kinds import Per
from px.core.errors import InvalidInput
from px.core.events import is_event_kind
from px.core.yaml_file import dump_yaml, load_yaml
from px.journeys.document import (
    ANCHOR_WORDS,
    DATE_FIELDS,
    Document,
    TemplateText,
    Touchpoint,
    is_date_field,
    split_anchor,
)
from px.messages import TemplateParts

# PostgreSQL keeps no zero byte; half of a surrogate pair is no letter.
_NOT_KEPT = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True)
class JourneyProblem:
    """What is wrong, and where in the document: touchpoints[2].anchor."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class InvalidJourney(InvalidInput):
    """The journey is not valid."""

    def __init__(self, problems: list[JourneyProblem]) -> None:
        """The text is the first problem; `problems` has them all."""
        self.problems = problems
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(f"{problems[0]}{more}")


def read_document(source: str | dict[str, Any]) -> Document:
    """The journey that a YAML text or plain data holds. InvalidJourney lists every problem."""
    data = load_yaml(source) if isinstance(source, str) else source
    if not isinstance(data, dict):
        raise InvalidJourney(
            [JourneyProblem("", "a journey is a list of keys such as format, journey, touchpoints")]
        )
    try:
        document = Document.model_validate(data)
    except ValidationError as error:
        raise InvalidJourney([_problem(entry) for entry in error.errors()][:50]) from error
    problems = [*_unstorable(data, []), *check_references(document)]
    if problems:
        raise InvalidJourney(problems)
    return document


def _unstorable(value: Any, path: list[Any]) -> Iterator[JourneyProblem]:
    """What no database holds as JSON, anywhere in the document."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _unstorable(part, [*path, key])
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _unstorable(part, [*path, index])
    elif isinstance(value, str):
        if _NOT_KEPT.search(value):
            yield JourneyProblem(_path(path), "holds a sign that cannot be stored")
    elif isinstance(value, int | float) and not -(2**63) <= value < 2**63:
        yield JourneyProblem(_path(path), "is a larger number than can be stored")


def to_data(document: Document) -> dict[str, Any]:
    """The document as plain data, in the words of the format, without what was left out."""
    return document.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)


def to_yaml(document: Document) -> str:
    """The document as a YAML text that reads back to the same document."""
    return dump_yaml(to_data(document))


def template_parts(text: TemplateText) -> TemplateParts:
    """A file's template text as the templates slice has it."""
    return TemplateParts(subject=text.subject, body=text.body, sms=text.sms, whatsapp=text.whatsapp)


def check_references(document: Document) -> list[JourneyProblem]:
    """Problems between parts: keys used twice, anchors that lead nowhere or in a circle, unknown
    phases.
    """
    problems: list[JourneyProblem] = []
    keys: set[str] = set()
    for index, point in enumerate(document.touchpoints):
        path = f"touchpoints[{index}]"
        if point.key in keys:
            problems.append(
                JourneyProblem(f"{path}.key", f"{point.key!r} is used twice; each key is used once")
            )
        keys.add(point.key)
        if point.phase is not None and point.phase not in document.phases:
            allowed = ", ".join(document.phases)
            problems.append(
                JourneyProblem(
                    f"{path}.phase", f"{point.phase!r} is not a phase; allowed: {allowed}"
                )
            )
        if message := _anchor_problem(point, document):
            problems.append(JourneyProblem(f"{path}.anchor", message))
    if document.enter.again != "never" and document.per is not Per.CUSTOMER:
        problems.append(
            JourneyProblem(
                "enter.again",
                "only a journey per customer can be entered again; allowed here: never",
            )
        )
    return problems or _circles(document)


def _anchor_problem(point: Touchpoint, document: Document) -> str | None:
    word, rest = split_anchor(point.anchor)
    if word == "event":
        if is_event_kind(rest):
            return None
        words = ", ".join(f"{w}:KEY" for w in ANCHOR_WORDS)
        return f"{rest!r} is not an event kind; allowed: an event kind, {words} or date:FIELD"
    if word == "date":
        if is_date_field(rest):
            return None
        return (
            f"{rest!r} is not a date field; allowed: {', '.join(DATE_FIELDS)}, customer.traits.NAME"
        )
    target = document.touchpoint(rest)
    if target is None:
        known = ", ".join(p.key for p in document.touchpoints)
        return f"there is no touchpoint {rest!r}; allowed: {known}"
    if word in ("answered", "unanswered") and target.ask is None:
        return f"touchpoint {rest!r} asks nothing; give it an ask first"
    return None


def _circles(document: Document) -> list[JourneyProblem]:
    points = {point.key: point for point in document.touchpoints}
    for index, point in enumerate(document.touchpoints):
        seen = [point.key]
        word, rest = split_anchor(point.anchor)
        while word in ANCHOR_WORDS:
            if rest == point.key:
                circle = " -> ".join([*seen, rest])
                return [
                    JourneyProblem(
                        f"touchpoints[{index}].anchor", f"the anchors go in a circle: {circle}"
                    )
                ]
            if rest in seen:
                break
            seen.append(rest)
            word, rest = split_anchor(points[rest].anchor)
    return []


def _problem(error: Any) -> JourneyProblem:
    where = [part for part in error["loc"] if not _is_type_name(part)]
    kind, message = error["type"], error["msg"].removeprefix("Value error, ")
    if kind == "extra_forbidden":
        unknown = str(where.pop())
        allowed = _allowed_keys(where)
        near = difflib.get_close_matches(unknown, allowed, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        return JourneyProblem(
            _path(where),
            f"unknown key {unknown!r}{hint} allowed: {', '.join(allowed)}".replace("  ", " "),
        )
    if kind == "missing":
        return JourneyProblem(_path(where[:-1]), f"the key {where[-1]!r} is missing")
    if kind in ("literal_error", "enum"):
        return JourneyProblem(
            _path(where), f"{error['input']!r} is not known; allowed: {error['ctx']['expected']}"
        )
    if kind == "string_pattern_mismatch":
        message = (
            f"{str(error['input'])[:80]!r} may hold only letters, digits and . _ - "
            "(at most 80 characters)"
        )
    elif kind == "string_type":
        message = f"{error['input']!r} is not text; put it in quotes"
    return JourneyProblem(_path(where), message)


_UNION_TAGS = ("open_feedback", "Hold", "Enrol", "Award", "After")


def _is_type_name(part: object) -> bool:
    """Whether a step of pydantic's path names a type it tried, not a key of the document."""
    return isinstance(part, str) and (
        part in _UNION_TAGS or part.startswith(("literal[", "function-"))
    )


def _path(parts: list[Any]) -> str:
    text = ""
    for part in parts:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def _allowed_keys(parts: list[Any]) -> list[str]:
    model: Any = Document
    for part in parts:
        if isinstance(part, str) and model is not None:
            model = _inner_model(model, part)
    if model is None:
        return []
    return [field.alias or name for name, field in model.model_fields.items()]


def _inner_model(model: Any, key: str) -> Any:
    for name, field in model.model_fields.items():
        if key in (name, field.alias):
            return _first_model(field.annotation)
    # A key of a mapping, such as a template's: its values have the model already found.
    return model


def _first_model(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_first_model(part) for part in getattr(annotation, "__args__", ()))
    return next((model for model in found if model is not None), None)
