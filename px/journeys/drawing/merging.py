"""Two people's changes to one journey brought together, touchpoint by touchpoint. Pure.

`merged` compares both with what they began from: what only one of them changed is taken from them,
what both changed differently is a conflict that says both, and mine stands until somebody chooses.
Parts that only make sense together (what it counts from and how long after) change hands together.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from px.journeys.drawing.editing import (
    Data,
    changed,
    free_key,
    point_changed,
    points_of,
    with_point,
)
from px.journeys.words import (
    channels_words,
    condition_words,
    length_words,
    message_words,
    spaced,
    timing_words,
    window_words,
)

Side = Literal["mine", "theirs"]
# Parts that are one decision; every other part is one by itself.
_TOGETHER = (
    ("anchor", "after"),
    ("at", "window"),
    ("message", "variants"),
    ("ask", "react"),
    ("per", "enter"),
)
WHOLE = "whole"
_OF_CONDITIONS = {"field", "did", "all", "any", "not"}


@dataclass(frozen=True)
class Conflict:
    """What both changed: parts of a touchpoint, of the journey (touchpoint is None), or a whole
    touchpoint that one of them took out (their side is None).
    """

    touchpoint: str | None
    part: str
    mine: Any
    theirs: Any


@dataclass(frozen=True)
class Merged:
    """Both documents in one, with mine wherever there is a conflict; `renamed` says which new
    touchpoints of mine had a key that theirs took too.
    """

    data: Data
    conflicts: list[Conflict] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)


def merged(base: Data, mine: Data, theirs: Data) -> Merged:
    """Both sets of changes since `base` in one document, and what both of them changed."""
    mine, renamed = _apart(base, mine, theirs)
    conflicts: list[Conflict] = []
    data = _parts(None, _head(base), _head(mine), _head(theirs), conflicts)
    points = _merged_points(base, mine, theirs, conflicts)
    if any("touchpoints" in one for one in (mine, theirs)):
        data["touchpoints"] = points
    return Merged(data, conflicts, renamed)


def settled(merge: Merged, choices: Mapping[tuple[str | None, str], Side]) -> Data:
    """The merged document with theirs wherever that was chosen."""
    data = merge.data
    for conflict in merge.conflicts:
        if choices.get((conflict.touchpoint, conflict.part)) == "theirs":
            data = _with_theirs(data, conflict)
    return data


def side_words(
    part: str, side: Mapping[str, Any], names: Mapping[str, str], currency: str = ""
) -> str:
    """What one side of a conflict says, in words where there are any."""
    if part == "anchor":
        return timing_words(side, names)
    if part == "at":
        at = f"at {side['at']}" if side.get("at") else ""
        return " ".join(filter(None, (at, window_words(side.get("window")))))
    if part == "if":
        return condition_words(side.get("if"), currency)
    if part == "message":
        return message_words(side, {})
    if part == "channels":
        return channels_words(side.get("channels"))
    return "; ".join(_value_words(value, currency) for value in side.values())


def _value_words(value: Any, currency: str) -> str:
    if isinstance(value, Mapping):
        if value.keys() & _OF_CONDITIONS:
            return condition_words(value, currency)
        words = ((spaced(str(k)).lower(), _value_words(v, currency)) for k, v in value.items())
        return ", ".join(map(" ".join, words))
    if isinstance(value, list):
        return ", ".join(_value_words(one, currency) for one in value)
    return length_words(value)


def _with_theirs(data: Data, conflict: Conflict) -> Data:
    if conflict.touchpoint is None:
        for name in _unit(conflict.part):
            data = changed(data, name, (conflict.theirs or {}).get(name))
        return data
    points = points_of(data)
    place = next((i for i, p in enumerate(points) if _key(p) == conflict.touchpoint), None)
    if conflict.part == WHOLE:
        if place is not None and conflict.theirs is None:
            del points[place]
        elif place is None and conflict.theirs is not None:
            points.append(conflict.theirs)
        return {**data, "touchpoints": points}
    if place is not None:
        for name in _unit(conflict.part):
            points[place] = point_changed(points[place], name, (conflict.theirs or {}).get(name))
    return {**data, "touchpoints": points}


def _key(point: Mapping[str, Any]) -> str:
    return str(point.get("key"))


def _by_key(data: Data) -> dict[str, Data]:
    return {_key(point): point for point in points_of(data)}


def _head(data: Data) -> Data:
    return {name: value for name, value in data.items() if name != "touchpoints"}


def _apart(base: Data, mine: Data, theirs: Data) -> tuple[Data, dict[str, str]]:
    """Mine, with other keys for its new touchpoints whose keys are new in theirs too."""
    before, other = _by_key(base), _by_key(theirs)
    taken = {*before, *other, *_by_key(mine)}
    renamed: dict[str, str] = {}
    for place, point in enumerate(points_of(mine)):
        key = _key(point)
        if key not in before and key in other and other[key] != point:
            renamed[key] = free_key(key, taken)
            taken.add(renamed[key])
            mine = with_point(mine, place, {**point, "key": renamed[key]})
    return mine, renamed


def _merged_points(base: Data, mine: Data, theirs: Data, conflicts: list[Conflict]) -> list[Data]:
    before, here, there = _by_key(base), _by_key(mine), _by_key(theirs)
    kept: dict[str, Data] = {}
    for key in dict.fromkeys([*here, *there]):
        point = _merged_point(key, before.get(key), here.get(key), there.get(key), conflicts)
        if point is not None:
            kept[key] = point
    return [kept[key] for key in _in_order(list(before), list(here), list(there), kept)]


def _merged_point(
    key: str, base: Data | None, mine: Data | None, theirs: Data | None, conflicts: list[Conflict]
) -> Data | None:
    if mine == theirs or theirs == base:
        return mine
    if mine == base:
        return theirs
    if mine is None or theirs is None:
        # One took out what the other changed. It stays in until somebody decides.
        conflicts.append(Conflict(key, WHOLE, mine, theirs))
        return mine or theirs
    return _parts(key, base or {}, mine, theirs, conflicts)


def _unit(part: str) -> tuple[str, ...]:
    return next((unit for unit in _TOGETHER if part in unit), (part,))


def _units(names: Iterable[str]) -> list[tuple[str, ...]]:
    return list(dict.fromkeys(_unit(name) for name in names))


def _parts(
    key: str | None, base: Data, mine: Data, theirs: Data, conflicts: list[Conflict]
) -> Data:
    result: Data = {}
    for unit in _units([*mine, *theirs]):
        before, here, there = (_pick(one, unit) for one in (base, mine, theirs))
        if here == there or there == before:
            result |= here
        elif here == before:
            result |= there
        else:
            result |= here
            conflicts.append(Conflict(key, unit[0], here, there))
    return result


def _pick(data: Data, unit: Sequence[str]) -> Data:
    return {name: data[name] for name in unit if name in data}


def _in_order(
    base: Sequence[str], mine: Sequence[str], theirs: Sequence[str], kept: Collection[str]
) -> list[str]:
    """The keys in the order of whoever changed it, mine when both did; each key that only the
    other has stands behind the one it stood behind there.
    """
    moved = _common(mine, base) != _common(base, mine)
    first, second = (mine, theirs) if moved else (theirs, mine)
    order = [key for key in first if key in kept]
    behind: str | None = None
    for key in second:
        if key not in kept:
            continue
        if key not in order:
            order.insert(order.index(behind) + 1 if behind is not None else 0, key)
        behind = key
    return order


def _common(keys: Sequence[str], others: Sequence[str]) -> list[str]:
    known = set(others)
    return [key for key in keys if key in known]
