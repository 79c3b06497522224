"""What changed between two documents, in words: for versions, before publishing, for a merge. Pure.

Both may be drafts: parts may be missing. A touchpoint is the same by its key.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from px.journeys.drawing.editing import Data, part_words, points_of
from px.journeys.words import (
    PER_WORDS,
    anchor_clause,
    channels_words,
    condition_words,
    event_clause,
    joined,
    labels,
    length_words,
    message_words,
    phase_words,
    repeat_words,
    spaced,
    timing_words,
    touchpoint_label,
    window_words,
)

Names = Mapping[str, str]
Words = Mapping[str, Callable[[Any], str]]


@dataclass(frozen=True)
class _Known:
    """How the touchpoints and the texts are called, by their keys, and how each part is said."""

    points: Names
    texts: Names
    parts: Words


def changes_in_words(
    before: Data, after: Data, names: Names | None = None, currency: str = ""
) -> list[str]:
    """A sentence for each thing that changed: the journey's, then the touchpoints' in their order.

    `names` are those of the texts by their keys. Nothing changed gives no sentence.
    """
    known = _Known({**labels(before), **labels(after)}, names or {}, _point_words(currency))
    was, now = _by_key(before), _by_key(after)
    keys = dict.fromkeys([*now, *was])
    return [
        *_of_journey(before, after, _journey_words(currency)),
        *(line for key in keys for line in _of_point(was.get(key), now.get(key), known)),
        *_order(list(was), list(now)),
    ]


def _of_journey(before: Data, after: Data, parts: Words) -> Iterator[str]:
    for part, words in parts.items():
        was, now = before.get(part) or None, after.get(part) or None
        if was != now:
            yield _line(part_words(part), words(was), words(now))


def _of_point(was: Data | None, now: Data | None, known: _Known) -> Iterator[str]:
    if was is None and now is not None:
        yield f"New: {touchpoint_label(now)}, {timing_words(now, known.points)}"
    elif now is None and was is not None:
        yield f"Taken out: {touchpoint_label(was)}"
    elif was is not None and now is not None and was != now:
        said = list(_of_parts(was, now, known))
        name = touchpoint_label(was)
        if touchpoint_label(now) != name:
            said.insert(0, f"now called {touchpoint_label(now)}")
        if said:
            yield f"{name}: {'; '.join(said)}"


def _of_parts(was: Data, now: Data, known: _Known) -> Iterator[str]:
    timing = [part for part in ("anchor", "after", "at") if was.get(part) != now.get(part)]
    if timing:
        yield _timing(was, now, known.points)
    for part, words in known.parts.items():
        if was.get(part) != now.get(part):
            yield _part(part, words(was.get(part)), words(now.get(part)))
    if (was.get("message"), was.get("variants")) != (now.get("message"), now.get("variants")):
        yield _part("message", _texts(was, known.texts), _texts(now, known.texts))


def _timing(was: Data, now: Data, known: Names) -> str:
    """2 days after the parcel is delivered, instead of 1 day; with the whole of both when more than
    the length has changed.
    """
    same = all(was.get(part) == now.get(part) for part in ("anchor", "at"))
    lengths = was.get("after"), now.get("after")
    if same and all(str(length or "0").strip("-0wdhm") for length in lengths):
        return f"{timing_words(now, known)} instead of {length_words(str(lengths[0]).lstrip('-'))}"
    return f"{timing_words(now, known)} instead of {timing_words(was, known)}"


def _part(part: str, was: str, now: str) -> str:
    return _line(part_words(part).lower(), was, now)


def _line(name: str, was: str, now: str) -> str:
    if not was:
        return f"{name}: {now}" if now else f"{name} changed"
    if not now:
        return f"{name}: no longer {was}"
    return f"{name}: {now} instead of {was}" if was != now else f"{name} changed"


def _order(was: list[str], now: list[str]) -> Iterator[str]:
    """Said only when nothing was added or taken out: what stands where follows from that."""
    if was != now and sorted(was) == sorted(now):
        yield "The touchpoints stand in another order"


def _by_key(data: Data) -> dict[str, Data]:
    """The touchpoints by their key, in their order; of two with one key, the first."""
    found: dict[str, Data] = {}
    for point in points_of(data):
        found.setdefault(str(point.get("key")), point)
    return found


def _texts(point: Data, texts: Names) -> str:
    variants = point.get("variants")
    if not variants:
        return message_words(point, texts)
    named = (message_words({"message": one.get("message")}, texts) for one in variants)
    total = sum(int(one.get("weight") or 0) for one in variants) or 1
    shares = (round(100 * int(one.get("weight") or 0) / total) for one in variants)
    return joined(
        [f"{name} for {share} %" for name, share in zip(named, shares, strict=True)], "or"
    )


def _late(value: Any) -> str:
    if not value:
        return ""
    otherwise = "put to review" if value.get("else") == "review" else "skipped"
    return f"{otherwise} when more than {length_words(value.get('within', ''))} late"


def _asked(value: Any) -> str:
    if not value:
        return ""
    wait = length_words(value.get("wait") or "3d")
    return f"“{spaced(str(value.get('question', '')))}”, answered within {wait}"


def _reactions(value: Any, currency: str) -> str:
    return joined([_reaction(one, currency) for one in value or []], "and")


def _reaction(one: Data, currency: str) -> str:
    acts = joined([_act(act) for act in one.get("do") or []], "and")
    condition = condition_words(one.get("if"), currency)
    return f"{acts} if {condition}" if condition else acts


def _act(act: Any) -> str:
    if isinstance(act, Mapping):
        word, value = next(iter(act.items()), ("", ""))
        known = {"hold": "hold marketing", "enrol": f"start {spaced(str(value)).lower()}"}
        return known.get(str(word), f"award {value} points")
    return "open feedback"


def _enters(value: Any, currency: str) -> str:
    if not value:
        return ""
    condition = condition_words(value.get("where"), currency)
    again = value.get("again") or "never"
    often = f"again after {length_words(again['after'])}" if isinstance(again, Mapping) else again
    parts = [f"when {event_clause(str(value.get('on')))}"]
    parts += [f"only if {condition}"] if condition else []
    parts += [{"never": "once", "always": "again each time"}.get(often, often)]
    return ", ".join(parts)


def _events(value: Any) -> str:
    return joined([event_clause(str(kind)) for kind in value or []], "or")


def _goal(value: Any) -> str:
    if not value:
        return ""
    within = length_words(value.get("within") or "60d")
    return f"{anchor_clause(str(value.get('on')), {})} within {within}"


def _plain(value: Any) -> str:
    return str(value or "")


def _journey_words(currency: str) -> Words:
    return {
        "name": _plain,
        "per": lambda value: PER_WORDS.get(str(value or "order"), _plain(value)),
        "enter": lambda value: _enters(value, currency),
        "exit_on": _events,
        "hold_on": _events,
        "resume_on": _events,
        "goal": _goal,
        "holdout": lambda value: f"{100 * value:g} %" if value else "",
        "phases": lambda value: joined([phase_words(phase) for phase in value or []], "and"),
        "map": lambda _value: "",
    }


def _point_words(currency: str) -> Words:
    return {
        "phase": lambda value: phase_words(str(value)) if value else "",
        "stage": lambda value: spaced(str(value)) if value else "",
        "purpose": lambda value: str(value or "marketing"),
        "window": window_words,
        "if": lambda value: condition_words(value, currency),
        "late": _late,
        "repeat": repeat_words,
        "channels": lambda value: channels_words(value).removeprefix("by "),
        "ask": _asked,
        "react": lambda value: _reactions(value, currency),
    }
