"""What changed between two documents, in words: for versions, before publishing, for a merge. Pure.

Both may be drafts: parts may be missing. A touchpoint is the same by its key.
"""

from collections.abc import Callable, Iterator, Mapping
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
Said = tuple[str, str]


def changes_in_words(before: Data, after: Data, names: Names | None = None) -> list[str]:
    """A sentence for each thing that changed: the journey's, then the touchpoints' in their order.

    `names` are those of the texts by their keys. Nothing changed gives no sentence.
    """
    return [
        *_of_journey(before, after),
        *(line for key in _keys(before, after) for line in _of_point(before, after, key, names)),
        *_order(before, after),
    ]


def _of_journey(before: Data, after: Data) -> Iterator[str]:
    for part, words in _JOURNEY.items():
        was, now = before.get(part) or None, after.get(part) or None
        if was != now:
            yield _line(part_words(part), words(was), words(now))


def _of_point(before: Data, after: Data, key: str, names: Names | None) -> Iterator[str]:
    was, now = _point(before, key), _point(after, key)
    known = {**labels(before), **labels(after)}
    if was is None and now is not None:
        yield f"New: {touchpoint_label(now)}, {timing_words(now, known)}"
    elif now is None and was is not None:
        yield f"Taken out: {touchpoint_label(was)}"
    elif was is not None and now is not None and was != now:
        said = list(_of_parts(was, now, known, names or {}))
        name = touchpoint_label(was)
        if touchpoint_label(now) != name:
            said.insert(0, f"now called {touchpoint_label(now)}")
        if said:
            yield f"{name}: {'; '.join(said)}"


def _of_parts(was: Data, now: Data, known: Names, texts: Names) -> Iterator[str]:
    timing = [part for part in ("anchor", "after", "at") if was.get(part) != now.get(part)]
    if timing:
        yield _timing(was, now, known)
    for part, words in _POINT.items():
        if was.get(part) != now.get(part):
            yield _part(part, words(was.get(part)), words(now.get(part)))
    if (was.get("message"), was.get("variants")) != (now.get("message"), now.get("variants")):
        yield _part("message", _texts(was, texts), _texts(now, texts))


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


def _order(before: Data, after: Data) -> Iterator[str]:
    """Said only when nothing was added or taken out: what stands where follows from that."""
    was = [str(point.get("key")) for point in points_of(before)]
    now = [str(point.get("key")) for point in points_of(after)]
    if was != now and sorted(was) == sorted(now):
        yield "The touchpoints stand in another order"


def _keys(before: Data, after: Data) -> list[str]:
    keys = [str(point.get("key")) for data in (after, before) for point in points_of(data)]
    return list(dict.fromkeys(keys))


def _point(data: Data, key: str) -> Data | None:
    return next((point for point in points_of(data) if str(point.get("key")) == key), None)


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


def _reactions(value: Any) -> str:
    return joined([_reaction(one) for one in value or []], "and")


def _reaction(one: Data) -> str:
    acts = joined([_act(act) for act in one.get("do") or []], "and")
    condition = condition_words(one.get("if"))
    return f"{acts} if {condition}" if condition else acts


def _act(act: Any) -> str:
    if isinstance(act, Mapping):
        word, value = next(iter(act.items()), ("", ""))
        known = {"hold": "hold marketing", "enrol": f"start {spaced(str(value)).lower()}"}
        return known.get(str(word), f"award {value} points")
    return "open feedback"


def _enters(value: Any) -> str:
    if not value:
        return ""
    condition = condition_words(value.get("where"))
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


_JOURNEY: dict[str, Callable[[Any], str]] = {
    "name": _plain,
    "per": lambda value: PER_WORDS.get(str(value or "order"), _plain(value)),
    "enter": _enters,
    "exit_on": _events,
    "hold_on": _events,
    "resume_on": _events,
    "goal": _goal,
    "holdout": lambda value: f"{100 * value:g} %" if value else "",
    "phases": lambda value: joined([phase_words(phase) for phase in value or []], "and"),
    "map": lambda _value: "",
}
_POINT: dict[str, Callable[[Any], str]] = {
    "phase": lambda value: phase_words(str(value)) if value else "",
    "stage": lambda value: spaced(str(value)) if value else "",
    "purpose": lambda value: str(value or "marketing"),
    "window": window_words,
    "if": condition_words,
    "late": _late,
    "repeat": repeat_words,
    "channels": lambda value: channels_words(value).removeprefix("by "),
    "ask": _asked,
    "react": _reactions,
}
