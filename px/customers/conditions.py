"""Conditions: one grammar for touchpoints, reactions, entries and segments (docs/journey-
format.md).

`check_condition` says what is wrong with a written condition; `compile_condition` makes a fast
question of a valid one, to be asked of Facts; `describe_condition` says it as a sentence.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Protocol

from px.core.events import is_event_kind
from px.customers.durations import parse_duration

FIELDS = (
    *(
        "customer." + f
        for f in [
            "id",
            "email",
            "phone",
            "country",
            "zone",
            "language",
            "tags",
            "orders",
            "spent_minor",
            "tier",
            "points",
        ]
    ),
    *(
        "order." + f
        for f in ["id", "number", "skus", "total_minor", "currency", "tags", "country", "is_first"]
    ),
    *("line." + f for f in ["sku", "name", "quantity"]),
    *("shipment." + f for f in ["carrier", "status", "promised_on"]),
    *("subscription." + f for f in ["plan", "renews_on"]),
    "answer",
)
OPEN_FIELDS = ("customer.traits.", "event.data.")
MAX_DEPTH = 20
MAX_PARTS = 500


class Facts(Protocol):
    """What a condition is asked of."""

    now: datetime

    def field(self, name: str) -> Any:
        """The value of a field, None when it is missing."""

    def happened(self, kind: str) -> Sequence[datetime]:
        """When events of this kind happened to the customer, oldest first, none later than now."""


Question = Callable[[Facts], bool]


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
        if _moment(value, UTC) is None:
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


def is_field(name: object) -> bool:
    """Whether a condition may ask for this field."""
    if not isinstance(name, str):
        return False
    return name in FIELDS or any(name.startswith(p) and len(name) > len(p) for p in OPEN_FIELDS)


def compile_condition(raw: dict[str, Any]) -> Question:
    """A checked condition as a question that is quick to ask many times."""
    if "all" in raw:
        parts = [compile_condition(part) for part in raw["all"]]
        return lambda facts: all(part(facts) for part in parts)
    if "any" in raw:
        parts = [compile_condition(part) for part in raw["any"]]
        return lambda facts: any(part(facts) for part in parts)
    if "not" in raw:
        inside = compile_condition(raw["not"])
        return lambda facts: not inside(facts)
    return _compile_did(raw) if "did" in raw else _compile_comparison(raw)


def kinds_asked(raw: object) -> set[str]:
    """The event kinds that a condition counts with `did`."""
    if isinstance(raw, dict):
        own = {raw["did"]} if "did" in raw else set()
        return own.union(*(kinds_asked(value) for value in raw.values()))
    if isinstance(raw, list):
        return set().union(*(kinds_asked(part) for part in raw))
    return set()


def _compile_did(raw: dict[str, Any]) -> Question:
    kind, times = raw["did"], raw.get("times", 1)
    if "within" not in raw:
        return lambda facts: len(facts.happened(kind)) >= times
    within = parse_duration(raw["within"]).exact
    return lambda facts: sum(1 for at in facts.happened(kind) if at >= facts.now - within) >= times


def _compile_comparison(raw: dict[str, Any]) -> Question:
    name, op, value = raw["field"], raw["op"], raw.get("value")
    compare = OPS[op]
    when_missing = op in ("ne", "not_in", "not_contains", "missing")

    def ask(facts: Facts) -> bool:
        found = facts.field(name)
        if found is None or found == "" or found == []:
            return when_missing
        return compare(found, value, facts.now)

    return ask


def _plain(value: Any) -> Any:
    """A value as it is compared: text without case, yes and no as words."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.casefold().strip() if isinstance(value, str) else value


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    try:
        return float(value) if isinstance(value, str) and len(value) < 40 else None
    except ValueError:
        return None


def _pair(left: Any, right: Any) -> tuple[Any, Any]:
    """Both sides in the form in which they compare: as numbers when both are, else as text."""
    a, b = _number(left), _number(right)
    if a is not None and b is not None:
        return a, b
    return str(_plain(left)), str(_plain(right))


def _same(left: Any, right: Any) -> bool:
    a, b = _pair(left, right)
    return bool(a == b)


def _eq(found: Any, value: Any, _now: datetime) -> bool:
    if isinstance(found, list):
        return any(_same(item, value) for item in found)
    return _same(found, value)


def _ordered(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any, datetime], bool]:
    def compare(found: Any, value: Any, _now: datetime) -> bool:
        return not isinstance(found, list | dict) and test(*_pair(found, value))

    return compare


def _in(found: Any, value: Any, now: datetime) -> bool:
    return any(_eq(found, item, now) for item in value)


def _contains(found: Any, value: Any, _now: datetime) -> bool:
    if isinstance(found, list):
        return any(_same(item, value) for item in found)
    return str(_plain(value)) in str(_plain(found))


def _starts_with(found: Any, value: Any, _now: datetime) -> bool:
    items = found if isinstance(found, list) else [found]
    return any(str(_plain(item)).startswith(str(_plain(value))) for item in items)


def _before(found: Any, value: Any, now: datetime) -> bool:
    left, right = _moment(found, now.tzinfo), _moment(value, now.tzinfo)
    return left is not None and right is not None and left < right


def _after(found: Any, value: Any, now: datetime) -> bool:
    left, right = _moment(found, now.tzinfo), _moment(value, now.tzinfo)
    return left is not None and right is not None and left > right


def _within_last(found: Any, value: Any, now: datetime) -> bool:
    moment = _moment(found, now.tzinfo)
    return moment is not None and now - parse_duration(value).exact <= moment <= now


def _moment(value: Any, zone: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=zone)
    try:
        parsed = datetime.fromisoformat(value)
    except (ValueError, TypeError):
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float | bool)


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


OPS: dict[str, Callable[[Any, Any, datetime], bool]] = {
    "eq": _eq,
    "ne": lambda found, value, now: not _eq(found, value, now),
    "gt": _ordered(lambda a, b: a > b),
    "gte": _ordered(lambda a, b: a >= b),
    "lt": _ordered(lambda a, b: a < b),
    "lte": _ordered(lambda a, b: a <= b),
    "in": _in,
    "not_in": lambda found, value, now: not _in(found, value, now),
    "contains": _contains,
    "not_contains": lambda found, value, now: not _contains(found, value, now),
    "starts_with": _starts_with,
    "exists": lambda *_: True,
    "missing": lambda *_: False,
    "before": _before,
    "after": _after,
    "within_last": _within_last,
}

_WORDS = {
    "eq": "is",
    "ne": "is not",
    "gt": "is more than",
    "gte": "is at least",
    "lt": "is less than",
    "lte": "is at most",
    "in": "is one of",
    "not_in": "is none of",
    "contains": "contains",
    "not_contains": "does not contain",
    "starts_with": "begins with",
    "exists": "is known",
    "missing": "is not known",
    "before": "is before",
    "after": "is after",
    "within_last": "is within the last",
}


def describe_condition(raw: dict[str, Any]) -> str:
    """The condition as part of a sentence: order skus contains SERUM-30 and customer orders is at
    least 2.
    """
    for word, joint in (("all", " and "), ("any", " or ")):
        if word in raw:
            return joint.join(describe_condition(part) for part in raw[word])
    if "not" in raw:
        return f"not ({describe_condition(raw['not'])})"
    if "did" in raw:
        times = f" at least {raw['times']} times" if raw.get("times", 1) > 1 else ""
        within = f" within {raw['within']}" if "within" in raw else ""
        return f"{raw['did'].replace('_', ' ')} happened{times}{within}"
    value = raw.get("value", "")
    shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    if raw["op"] in ("exists", "missing"):
        shown = ""
    return f"{raw['field'].replace('.', ' ').replace('_', ' ')} {_WORDS[raw['op']]} {shown}".strip()
