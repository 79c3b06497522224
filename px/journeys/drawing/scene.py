"""A journey as the timeline draws it: lanes, cards, bands and lines, as plain JSON data. Pure.

A lane is an anchor, since the days of different anchors share no axis; what counts from another
touchpoint stands in a lane below the one of what it follows. A document may be unfinished: what
cannot be read yet stands at day 0.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from typing import Any

from px.customers.durations import parse_duration
from px.journeys.document import ANCHOR_WORDS, MAX_OCCURRENCES, split_anchor
from px.journeys.drawing import editing
from px.journeys.drawing.placing import DAY, clock_minutes, minutes_of
from px.journeys.drawing.scene_words import card_words, lane_words, offer_words
from px.journeys.drawing.warnings import JourneyWarning
from px.journeys.engine.facts import trait_name
from px.journeys.words import CLAUSES, labels, phase_words

Data = Mapping[str, Any]
_MAIN = (
    *("order_placed", "order_paid", "shipped", "out_for_delivery", "delivered"),
    *("subscription_started", "subscription_renewed"),
)
_ALWAYS = {
    "order": ("order_placed", "shipped", "delivered"),
    "order_line": ("order_placed", "shipped", "delivered"),
    "subscription": ("subscription_started", "date:subscription.renews_on"),
}
_OFFERED = (
    *("order_placed", "shipped", "out_for_delivery", "delivered", "shipment_delayed"),
    *("return_resolved", "subscription_started"),
    *("date:shipment.promised_on", "date:subscription.renews_on"),
)
_FIGURES = (
    *("planned", "sent", "opened", "clicked", "answered", "unsubscribed"),
    *("held", "review", "failed", "skipped", "waiting"),
)


def scene_of(
    data: Data,
    *,
    problems: editing.Problems,
    warnings: Sequence[JourneyWarning] = (),
    figures: Mapping[str, Mapping[str, int]] | None = None,
    names: Mapping[str, str] | None = None,
    quiet: tuple[time, time] | None = None,
    currency: str = "",
) -> dict[str, Any]:
    """All that the timeline shows of a document; `names` are those of the texts, by key."""
    points = [_readable(point) for point in editing.points_of(data)]
    known = labels(data)
    phases = editing.phases_of(data)
    lanes = _lanes(data, points, known)
    cards = [
        _card(point, index, phases)
        | card_words(point, known, names or {}, currency)
        | {
            "problems": problems.at.get(index, []),
            "warnings": [w.sentence for w in warnings if w.touchpoint == point.get("key")],
            "figures": _figures((figures or {}).get(str(point.get("key")), {})),
        }
        for index, point in enumerate(points)
    ]
    return {
        "journey": str(data.get("journey") or ""),
        "name": str(data.get("name") or ""),
        "phases": [{"key": phase, "word": phase_words(phase)} for phase in phases],
        "lanes": [lane | {"bands": _bands(lane["anchor"], cards, len(phases))} for lane in lanes],
        "cards": cards,
        "links": list(_links(points)),
        "offers": _offers(lanes),
        "quiet": [clock.strftime("%H:%M") for clock in quiet] if quiet else None,
    }


def _readable(point: Data) -> Data:
    """The touchpoint without the parts whose shape nothing can be said of."""
    repeat = point.get("repeat")
    if isinstance(repeat, Mapping) and not isinstance(repeat.get("times"), int):
        repeat = None
    parts = {"repeat": repeat, **{name: point.get(name) for name in ("window", "if", "ask")}}
    return {**point, **{k: v if isinstance(v, Mapping) else None for k, v in parts.items()}}


def _card(point: Data, index: int, phases: Sequence[str]) -> dict[str, Any]:
    phase = point.get("phase")
    return {
        "key": str(point.get("key") or ""),
        "index": index,
        "lane": str(point.get("anchor") or ""),
        "minutes": minutes_of(point),
        "at": clock_minutes(point.get("at")),
        "dots": _dots(point),
        "phase": phases.index(phase) if phase in phases else None,
        "marketing": point.get("purpose") != "transactional",
        "channels": [str(channel) for channel in point.get("channels") or ["email"]],
        "texts": len(point.get("variants") or [1]),
        "asks": bool(point.get("ask")),
        "window": _window(point["window"]),
    }


def _window(window: Data | None) -> dict[str, Any] | None:
    if not window:
        return None
    days = [str(day) for day in window.get("days") or []]
    start, end = clock_minutes(window.get("from")), clock_minutes(window.get("to"))
    return {"from": start, "to": end, "days": days}


def _dots(point: Data) -> list[int]:
    """The minutes of the occurrences after the first."""
    repeat = point["repeat"] or {}
    try:
        every = parse_duration(repeat.get("every"))
    except ValueError:
        return []
    first, step = minutes_of(point), every.days * DAY + every.minutes
    count = min(repeat["times"], MAX_OCCURRENCES) if step > 0 else 0
    return [first + step * n for n in range(1, count)]


def _figures(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {"kind": kind, "count": counts[kind], "unsure": kind == "opened"}
        for kind in _FIGURES
        if counts.get(kind)
    ]


def _lanes(data: Data, points: Sequence[Data], known: Mapping[str, str]) -> list[dict[str, Any]]:
    """The lanes in their order, each followed by those of what counts from its touchpoints."""
    anchors = dict.fromkeys(str(p.get("anchor") or "") for p in points)
    children: dict[str, list[str]] = {}
    roots = [*_always(data)]
    for anchor in anchors:
        word, about = split_anchor(anchor)
        if word in ANCHOR_WORDS and about in known:
            children.setdefault(about, []).append(anchor)
        else:
            roots.append(anchor)
    ordered = sorted(dict.fromkeys(roots), key=_rank)
    by_lane: dict[str, list[str]] = {}
    for point in sorted(points, key=minutes_of):
        by_lane.setdefault(str(point.get("anchor") or ""), []).append(str(point.get("key")))
    drawn: dict[str, int] = {}

    def draw(anchor: str, depth: int) -> None:
        if anchor in drawn:
            return
        drawn[anchor] = depth
        for key in by_lane.get(anchor, []):
            for child in sorted(children.get(key, [])):
                draw(child, depth + 1)

    for anchor in [*ordered, *anchors]:
        draw(anchor, 0)
    return [_lane(anchor, depth, known) for anchor, depth in drawn.items()]


def _lane(anchor: str, depth: int, known: Mapping[str, str]) -> dict[str, Any]:
    word, about = split_anchor(anchor)
    return {
        "anchor": anchor,
        "depth": depth,
        "parent": about if word in ANCHOR_WORDS and about in known else None,
        "ahead": word == "date",
        **lane_words(anchor, known),
    }


def _always(data: Data) -> tuple[str, ...]:
    enter = data.get("enter")
    entered = str(enter.get("on") or "") if isinstance(enter, Mapping) else ""
    usual = _ALWAYS.get(str(data.get("per") or "order"), ())
    return usual if entered in usual or not entered else (entered, *usual)


def _rank(anchor: str) -> tuple[int, int, str]:
    word, about = split_anchor(anchor)
    if word == "date":
        return 1, 0, anchor
    if word != "event":
        return 3, 0, anchor
    if about in _MAIN:
        return 0, _MAIN.index(about), anchor
    kinds = list(CLAUSES)
    return 2, kinds.index(about) if about in CLAUSES else len(kinds), anchor


def _offers(lanes: Sequence[Data]) -> list[dict[str, str]]:
    drawn = {lane["anchor"] for lane in lanes}
    return [{"anchor": a, "word": offer_words(a)} for a in _OFFERED if a not in drawn]


def _bands(anchor: str, cards: Sequence[Data], phases: int) -> list[dict[str, int]]:
    """From which minute on which phase: in their order, with the fewest cards in another's band."""
    days: dict[int, list[int]] = {}
    for card in cards:
        if card["lane"] == anchor and card["phase"] is not None:
            days.setdefault(card["minutes"] // DAY, []).append(card["phase"])
    if not days:
        return []
    # best[p]: the fewest misfits up to this day when it stands in phase p, and the phases so far.
    best: list[tuple[int, list[int]]] = [(0, []) for _ in range(phases)]
    for day in sorted(days):
        now, low = [], best[0]
        for phase in range(phases):
            low = min(low, best[phase], key=lambda known: known[0])
            misfits = sum(phase != own for own in days[day])
            now.append((low[0] + misfits, [*low[1], phase]))
        best = now
    chosen = min(best, key=lambda known: known[0])[1]
    bands: list[dict[str, int]] = []
    for day, phase in zip(sorted(days), chosen, strict=True):
        if not bands or bands[-1]["phase"] != phase:
            bands.append({"phase": phase, "from": day * DAY})
    return bands


def _links(points: Sequence[Data]) -> Iterator[dict[str, str]]:
    """From what a touchpoint counts from, and from the question whose answer it looks at."""
    keys = {str(point.get("key")) for point in points}
    asked: dict[str, list[str]] = {}
    for point in points:
        if point["ask"]:
            trait = trait_name(str(point["ask"].get("question") or ""))
            asked.setdefault(trait, []).append(str(point.get("key")))
    for point in points:
        key = str(point.get("key"))
        word, about = split_anchor(str(point.get("anchor") or ""))
        if word in ANCHOR_WORDS and about in keys and about != key:
            yield {"from": about, "to": key, "why": "anchor"}
        sources = _looked_at(point.get("if"), asked, about if word in ANCHOR_WORDS else None)
        for source in dict.fromkeys(sources):
            if source != key and source != about:
                yield {"from": source, "to": key, "why": "condition"}


def _looked_at(raw: Any, asked: Mapping[str, Sequence[str]], about: str | None) -> Iterator[str]:
    """The touchpoints whose answers a condition looks at."""
    if isinstance(raw, list):
        for part in raw:
            yield from _looked_at(part, asked, about)
    elif isinstance(raw, Mapping):
        name = str(raw.get("field") or "")
        if name == "answer" and about is None:
            yield from (key for keys in asked.values() for key in keys)
        elif name.startswith("customer.traits."):
            yield from asked.get(trait_name(name.removeprefix("customer.traits.")), ())
        for part in raw.values():
            if isinstance(part, list | Mapping):
                yield from _looked_at(part, asked, about)
