"""Conditions: one grammar for touchpoints, reactions, entries and segments.

`compile_condition` makes a fast question of a checked condition, to be asked of Facts. The grammar
is explained in docs/journey-format.md, px/customers/condition_check.py says what is wrong with a
written one, and px/journeys/words.py says one as a sentence.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from px.customers.durations import parse_duration

_BY_NOUN = {
    "customer": "id email phone country zone language tags orders spent_minor tier points",
    "order": "id number skus total_minor currency tags country is_first",
    "line": "sku name quantity",
    "shipment": "carrier status promised_on",
    "subscription": "plan renews_on",
}
FIELDS = (
    *(f"{noun}.{name}" for noun, names in _BY_NOUN.items() for name in names.split()),
    "answer",
)
OPEN_FIELDS = ("customer.traits.", "event.data.")


class Facts(Protocol):
    """What a condition is asked of."""

    now: datetime

    def field(self, name: str) -> Any:
        """The value of a field, None when it is missing."""

    def happened(self, kind: str) -> Sequence[datetime]:
        """When events of this kind happened to the customer, oldest first, none later than now."""


Question = Callable[[Facts], bool]


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
    left, right = moment_of(found, now.tzinfo), moment_of(value, now.tzinfo)
    return left is not None and right is not None and left < right


def _after(found: Any, value: Any, now: datetime) -> bool:
    left, right = moment_of(found, now.tzinfo), moment_of(value, now.tzinfo)
    return left is not None and right is not None and left > right


def _within_last(found: Any, value: Any, now: datetime) -> bool:
    moment = moment_of(found, now.tzinfo)
    return moment is not None and now - parse_duration(value).exact <= moment <= now


def moment_of(value: Any, zone: Any) -> datetime | None:
    """The moment that a date or a text means; without a zone it is in `zone`. None for neither."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=zone)
    try:
        parsed = datetime.fromisoformat(value)
    except (ValueError, TypeError):
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)


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
