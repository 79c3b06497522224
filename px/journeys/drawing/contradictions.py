"""Whether a condition can ever hold, and two of them at once. Pure, and careful: what it calls
impossible is impossible, what it lets pass may still be.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import combinations
from typing import Any

from px.customers.conditions import OPS, is_field
from px.journeys.words import condition_words, field_words

Condition = Mapping[str, Any]
Why = Callable[[str], str | None]

# True of a missing value.
_OF_NOTHING = ("ne", "not_in", "not_contains", "missing")
# A list holds several values at once, so that two of them do not exclude each other.
_LISTS = ("order.skus", "order.tags", "customer.tags")
# What depends on the time is not judged, so that any time will do for the rest.
_ANY_TIME = datetime(1970, 1, 1, tzinfo=UTC)
_SKUS = ("order.skus", "line.sku")
_NUMBERS = (
    *("customer.orders", "customer.spent_minor", "customer.points"),
    *("order.total_minor", "line.quantity"),
)
_ORDER = {"gt", "gte", "lt", "lte"}


def why_never(condition: Condition, why_absent: Why, currency: str = "") -> str | None:
    """Why nobody can ever meet the condition, as a clause; None when somebody may.

    `why_absent` says why a field has no value for anybody, None when it may have one. `currency`
    is the shop's.
    """
    for part in _each_of(condition):
        if "any" in part:
            reasons = [why_never(one, why_absent, currency) for one in part["any"]]
            if reasons and all(reasons):
                return reasons[0]
        elif "field" in part:
            is_of_nothing = part.get("op") in _OF_NOTHING
            reason = None if is_of_nothing else why_absent(str(part["field"]))
            if reason := reason or _why_no_number(part):
                return reason
    if opposed := _opposed(condition):
        one, other = (condition_words(part, currency) for part in opposed)
        field = field_words(str(opposed[0]["field"]))
        return f"{field} would have to be two things at once ({one}; {other})"
    return None


def exclude(one: Condition | None, other: Condition | None) -> bool:
    """Whether nobody can meet both."""
    if not one or not other:
        return False
    return _opposed({"all": [one, other]}) is not None


def fields_of(condition: object) -> Iterator[str]:
    """Every field the condition asks for, as often as it stands there."""
    if isinstance(condition, Mapping):
        if is_field(condition.get("field")):
            yield str(condition["field"])
        for value in condition.values():
            yield from fields_of(value)
    elif isinstance(condition, list):
        for part in condition:
            yield from fields_of(part)


def skus_wanted(condition: object) -> Iterator[str]:
    """Every item that the condition wants an order to have or an item to be."""
    if isinstance(condition, Mapping):
        if condition.get("field") in _SKUS and condition.get("op") in ("eq", "in", "contains"):
            value = condition.get("value")
            yield from map(str, value if isinstance(value, list) else [value])
        for value in condition.values():
            yield from skus_wanted(value)
    elif isinstance(condition, list):
        for part in condition:
            yield from skus_wanted(part)


def demands(condition: object, kind: str) -> bool:
    """Whether it can only hold when this kind of event has happened."""
    if not isinstance(condition, Mapping):
        return False
    return any(part.get("did") == kind for part in _each_of(condition))


def _why_no_number(comparison: Condition) -> str | None:
    """Why a number can be neither this word nor more than it."""
    if comparison["field"] not in _NUMBERS or comparison.get("op") not in ("eq", "in", "gt", "gte"):
        return None
    value = comparison.get("value")
    values = value if isinstance(value, list) else [value]
    if not values or not all(isinstance(one, str) and one[:1].isalpha() for one in values):
        return None
    return f"{field_words(str(comparison['field']))} is a number, and “{values[0]}” is none"


def _each_of(condition: Condition) -> Iterator[Condition]:
    """The parts that must all hold."""
    if isinstance(condition.get("all"), list):
        for part in condition["all"]:
            if isinstance(part, Mapping):
                yield from _each_of(part)
    else:
        yield condition


def _opposed(condition: Condition) -> tuple[Condition, Condition] | None:
    """Two of its comparisons that nobody can meet both."""
    comparisons = [part for part in _each_of(condition) if "field" in part]
    for one, other in combinations(comparisons, 2):
        if one["field"] == other["field"] and _are_opposed(one, other):
            return one, other
    return None


def _are_opposed(one: Condition, other: Condition) -> bool:
    ops = {one.get("op"), other.get("op")}
    if "missing" in ops:
        return bool(ops - set(_OF_NOTHING))
    if one["field"] in _LISTS:
        return ops == {"contains", "not_contains"} and _same(one, other)
    for exact, test in ((one, other), (other, one)):
        if exact.get("op") in ("eq", "in"):
            values = exact.get("value") if exact["op"] == "in" else [exact.get("value")]
            return isinstance(values, list) and not any(_holds(test, value) for value in values)
    return ops <= _ORDER and len(ops) > 1 and _leave_no_room(one, other)


def _same(one: Condition, other: Condition) -> bool:
    return str(one.get("value")).casefold() == str(other.get("value")).casefold()


def _holds(test: Condition, value: Any) -> bool:
    op = str(test.get("op"))
    if op in ("before", "after", "within_last", "exists") or value is None:
        return True
    if op not in OPS:
        return True
    return bool(OPS[op](value, test.get("value"), _ANY_TIME))


def _leave_no_room(one: Condition, other: Condition) -> bool:
    lower, upper = (one, other) if str(one["op"]).startswith("g") else (other, one)
    if str(lower["op"])[0] + str(upper["op"])[0] != "gl":
        return False
    try:
        low, high = float(lower["value"]), float(upper["value"])
    except (KeyError, TypeError, ValueError):
        return False
    touch = lower["op"] == "gte" and upper["op"] == "lte"
    return high < low or (high == low and not touch)
