"""What is wrong with a written condition, in words and at its place."""

from dataclasses import dataclass
from datetime import UTC
from typing import Any

from px.core.events import is_event_kind
from px.customers.conditions import FIELDS, OPEN_FIELDS, OPS, is_field, moment_of
from px.customers.durations import parse_duration

MAX_DEPTH = 20
MAX_PARTS = 500


@dataclass(frozen=True)
class Problem:
    """What is wrong with a condition, and where in it."""

    path: str
    message: str


def check_condition(raw: object, path: str = "") -> list[Problem]:
    """Every problem of a written condition; an empty list means it can be compiled."""
    problems: list[Problem] = []
    _check(raw, path, problems, depth=0)
    return problems


def _check(raw: object, path: str, problems: list[Problem], depth: int) -> None:
    if len(problems) > 20:
        return
    if depth > MAX_DEPTH:
        problems.append(Problem(path, f"conditions are nested more than {MAX_DEPTH} deep"))
    elif not isinstance(raw, dict):
        problems.append(Problem(path, f"{raw!r} is not a condition; {_SHAPES}"))
    elif len(group := raw.keys() & {"all", "any", "not"}) == 1 and len(raw) == 1:
        _check_group(next(iter(group)), raw, path, problems, depth)
    elif "did" in raw:
        _check_did(raw, path, problems)
    elif "field" in raw:
        _check_comparison(raw, path, problems)
    else:
        problems.append(
            Problem(path, f"has the keys {', '.join(map(str, raw)) or 'none'}; {_SHAPES}")
        )


_SHAPES = (
    "allowed: {all: [...]}, {any: [...]}, {not: ...}, {field, op, value}, "
    "{did: KIND, within, times}"
)


def _check_group(
    word: str, raw: dict[Any, Any], path: str, problems: list[Problem], depth: int
) -> None:
    inside = raw[word]
    if word == "not":
        _check(inside, _join(path, "not"), problems, depth + 1)
    elif not isinstance(inside, list) or not inside:
        problems.append(Problem(_join(path, word), "needs a list of at least one condition"))
    elif len(inside) > MAX_PARTS:
        problems.append(Problem(_join(path, word), f"has more than {MAX_PARTS} conditions"))
    else:
        for index, part in enumerate(inside):
            _check(part, f"{_join(path, word)}[{index}]", problems, depth + 1)


def _check_did(raw: dict[Any, Any], path: str, problems: list[Problem]) -> None:
    _check_keys(raw, {"did", "within", "times"}, path, problems)
    kind = raw["did"]
    if not isinstance(kind, str) or not is_event_kind(kind):
        problems.append(
            Problem(
                _join(path, "did"),
                f"{kind!r} is not an event kind; allowed: those of docs/journey-format.md",
            )
        )
    if "within" in raw:
        _check_duration(raw["within"], _join(path, "within"), problems)
    times = raw.get("times", 1)
    if not isinstance(times, int) or isinstance(times, bool) or times < 1:
        problems.append(
            Problem(_join(path, "times"), f"{times!r} is not a whole number of at least 1")
        )


def _check_comparison(raw: dict[Any, Any], path: str, problems: list[Problem]) -> None:
    _check_keys(raw, {"field", "op", "value"}, path, problems)
    name, op = raw["field"], raw.get("op")
    if not is_field(name):
        allowed = ", ".join((*FIELDS, *(prefix + "*" for prefix in OPEN_FIELDS)))
        problems.append(
            Problem(_join(path, "field"), f"{name!r} is not a field; allowed: {allowed}")
        )
    if op not in OPS:
        problems.append(
            Problem(_join(path, "op"), f"{op!r} is not a comparison; allowed: {', '.join(OPS)}")
        )
        return
    where = _join(path, "value")
    if op in ("exists", "missing"):
        # Both words already say yes or no; a value of true is what people write, and harmless.
        if raw.get("value", True) is not True:
            problems.append(
                Problem(
                    where, f"{op} takes no value; use {'missing' if op == 'exists' else 'exists'}"
                )
            )
    elif raw.get("value") is None:
        problems.append(Problem(where, f"{op} needs a value"))
    else:
        _check_value(op, raw["value"], where, problems)


def _check_value(op: str, value: Any, where: str, problems: list[Problem]) -> None:
    if op in ("in", "not_in"):
        if not isinstance(value, list) or not value or not all(_is_plain(v) for v in value):
            problems.append(Problem(where, f"{op} needs a list of words or numbers"))
    elif op == "within_last":
        _check_duration(value, where, problems)
    elif op in ("before", "after"):
        if moment_of(value, UTC) is None:
            problems.append(
                Problem(
                    where,
                    f"{value!r} is not a date; write it as 2026-05-04 or 2026-05-04T09:00:00Z",
                )
            )
    elif not _is_plain(value):
        problems.append(Problem(where, f"{op} needs a word, a number, true or false"))


def _check_duration(value: object, where: str, problems: list[Problem]) -> None:
    try:
        if parse_duration(value).exact.total_seconds() < 0:
            problems.append(
                Problem(where, f"{value!r} lies in the future; write it without the minus sign")
            )
    except ValueError as error:
        problems.append(Problem(where, str(error)))


def _check_keys(raw: dict[Any, Any], allowed: set[str], path: str, problems: list[Problem]) -> None:
    unknown = [str(key) for key in raw if key not in allowed]
    if unknown:
        problems.append(
            Problem(
                path, f"unknown key {', '.join(unknown)}; allowed: {', '.join(sorted(allowed))}"
            )
        )


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float | bool)


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
