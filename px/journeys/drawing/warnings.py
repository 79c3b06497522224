"""What may be saved and is still likely a mistake, said at the touchpoint while it is drawn. Pure.

`warnings_of` reads the document as it is being written: a touchpoint that is not valid yet has its
problems told elsewhere (editing.problems_of) and is left out here. The texts and what the shop
knows are given (known_shop.py asks for them).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from pydantic import ValidationError

from db.kinds import EventKind, Per, Purpose
from px.customers.conditions import OPEN_FIELDS
from px.journeys.document import Touchpoint, split_anchor
from px.journeys.drawing.contradictions import demands, skus_wanted, why_never
from px.journeys.drawing.crowding import crowded
from px.journeys.drawing.text_warnings import asks_for_review, has_link, text_warnings
from px.journeys.engine.facts import trait_name
from px.journeys.roots import Root, root_of
from px.journeys.words import anchor_clause, event_clause, spaced
from px.messages import TemplateParts

Data = Mapping[str, Any]

_TRAIT = OPEN_FIELDS[0]
_BEFORE_DELIVERY = {
    EventKind.ORDER_PLACED,
    EventKind.ORDER_PAID,
    EventKind.ORDER_EDITED,
    EventKind.SHIPPED,
    EventKind.OUT_FOR_DELIVERY,
    EventKind.DELIVERY_ATTEMPTED,
    EventKind.SHIPMENT_DELAYED,
    EventKind.SHIPMENT_STALLED,
}


class JourneyWarning(NamedTuple):
    """Something to look at: at a touchpoint, or (None) in the journey as a whole."""

    touchpoint: str | None
    kind: str
    sentence: str


@dataclass(frozen=True)
class KnownShop:
    """What the shop knows of what a journey speaks of; None where nothing can be said yet."""

    traits: frozenset[str] | None = None
    skus: frozenset[str] | None = None
    kinds: frozenset[str] | None = None
    journeys: frozenset[str] | None = None
    tracks_links: bool = True
    currency: str = ""


@dataclass(frozen=True)
class Written:
    """The document as far as it can be read, with its texts and what the shop knows."""

    data: Data
    points: Sequence[Touchpoint]
    texts: Mapping[str, TemplateParts]
    known: KnownShop

    @cached_property
    def by_key(self) -> dict[str, Touchpoint]:
        """The touchpoints by their key."""
        return {point.key: point for point in self.points}

    @cached_property
    def names(self) -> dict[str, str]:
        """What people call each touchpoint."""
        return {point.key: point.label for point in self.points}

    @cached_property
    def roots(self) -> dict[str, Root]:
        """What each touchpoint counts from in the end."""
        return {point.key: root_of(point, self.by_key) for point in self.points}

    @cached_property
    def questions(self) -> set[str]:
        """The traits that the journey's own questions fill."""
        return {trait_name(point.ask.question) for point in self.points if point.ask}

    def texts_of(self, point: Touchpoint) -> list[TemplateParts]:
        """The texts that the touchpoint may send and that exist."""
        return [self.texts[key] for key in point.messages if key in self.texts]

    @property
    def enter(self) -> Data:
        """Who enters, as far as it is written."""
        enter = self.data.get("enter")
        return enter if isinstance(enter, Mapping) else {}


def warnings_of(
    data: Data, *, texts: Mapping[str, TemplateParts], known: KnownShop | None = None
) -> list[JourneyWarning]:
    """Every warning, those of the journey first, then by touchpoint in order."""
    written = Written(data, _readable(data), texts, known or KnownShop())
    found = [JourneyWarning(None, kind, said) for kind, said in _about_journey(written)]
    for point in written.points:
        for rule in _RULES:
            found += [JourneyWarning(point.key, kind, said) for kind, said in rule(point, written)]
    return found


def _readable(data: Data) -> list[Touchpoint]:
    found = []
    for raw in data.get("touchpoints") or []:
        try:
            found.append(Touchpoint.model_validate(raw))
        except ValidationError:
            continue
    return found


Said = Iterator[tuple[str, str]]


def _about_journey(written: Written) -> Said:
    enter = written.enter
    if isinstance(enter.get("where"), Mapping):
        if reason := _why_never(enter["where"], written):
            yield "unreachable", f"Nobody can enter: {reason}."
        yield from _gone_products(enter["where"], written)
    if enter.get("on") and _is_unheard(str(enter["on"]), written):
        yield (
            "unheard",
            f"Nobody enters until px is told that {event_clause(str(enter['on']))}; "
            "it never was so far.",
        )
    if written.data.get("hold_on") and not written.data.get("resume_on"):
        yield "held_for_good", "Marketing that waits would wait for good: say when it goes on."
    if written.data.get("holdout") == 1:
        yield "unreachable", "Everybody is held out, so no marketing ever goes."


def _unreachable(point: Touchpoint, written: Written) -> Said:
    if reason := _why_unreachable(point, written, ()):
        yield "unreachable", f"Nobody can reach this: {reason}."


def _why_unreachable(point: Touchpoint, written: Written, seen: tuple[str, ...]) -> str | None:
    if point.condition and (reason := _why_never(point.condition, written)):
        return reason
    word, about = split_anchor(point.anchor)
    if word == "event":
        # The event that lets somebody in does not end the journey; the next one of its kind does.
        ends = about in (written.data.get("exit_on") or []) and about != written.enter.get("on")
        return f"the journey ends when {event_clause(about)}" if ends else None
    target = written.by_key.get(about)
    if word == "date" or target is None or target.key in seen:
        return None
    if word in ("opened", "clicked") and (reason := _why_unseen(word, target, written)):
        return reason
    inner = _why_unreachable(target, written, (*seen, point.key))
    return f"{anchor_clause(point.anchor, written.names)} never happens" if inner else None


def _why_unseen(word: str, target: Touchpoint, written: Written) -> str | None:
    if target.purpose is Purpose.TRANSACTIONAL:
        return f"px does not look who opens or follows “{target.label}”, which is part of the order"
    if not written.known.tracks_links:
        return "links are not tracked in this shop (Settings)"
    texts = written.texts_of(target)
    if word == "clicked" and texts and not any(map(has_link, texts)):
        return f"“{target.label}” has no link to follow"
    return None


def _why_never(condition: Data, written: Written) -> str | None:
    return why_never(condition, lambda field: _why_absent(field, written), written.known.currency)


def _why_absent(field: str, written: Written) -> str | None:
    """Why the field has no value for anybody in this journey."""
    per = written.data.get("per") or Per.ORDER
    if field.startswith("line.") and per != Per.ORDER_LINE:
        return "an item is only known in a journey that runs once for each item"
    if field.startswith("subscription.") and per != Per.SUBSCRIPTION:
        return "a subscription is only known in a journey that runs once for each subscription"
    if field == "answer" and not written.questions:
        return "it looks at an answer, and no touchpoint asks a question"
    trait = field.removeprefix(_TRAIT)
    if trait == field or written.known.traits is None:
        return None
    is_known = trait.split(".")[0] in written.known.traits | written.questions
    named = spaced(trait).lower()
    return None if is_known else f"no question asks for “{named}” and no customer has it"


def _unheard(point: Touchpoint, written: Written) -> Said:
    word, about = split_anchor(point.anchor)
    if word == "event" and _is_unheard(about, written):
        yield (
            "unheard",
            f"It waits until px is told that {event_clause(about)}; it never was so far.",
        )


def _is_unheard(kind: str, written: Written) -> bool:
    return written.known.kinds is not None and kind not in written.known.kinds


def _gone_texts(point: Touchpoint, written: Written) -> Said:
    for key in point.messages:
        if key and key not in written.texts:
            yield (
                "text_gone",
                f"The text “{spaced(key)}” is put away or gone: bring it back, or choose another.",
            )


def _gone_products(condition: object, written: Written) -> Said:
    if written.known.skus is None:
        return
    for sku in dict.fromkeys(skus_wanted(condition)):
        if sku.casefold() not in written.known.skus:
            yield "product_gone", f"No product with the SKU {sku} was ever sold here."


def _point_products(point: Touchpoint, written: Written) -> Said:
    yield from _gone_products(point.condition, written)


def _gone_journeys(point: Touchpoint, written: Written) -> Said:
    known = written.known.journeys
    for reaction in point.react or []:
        for act in reaction.do:
            key = getattr(act, "enrol", None)
            if known is not None and key and key not in known | {written.data.get("journey")}:
                yield (
                    "journey_gone",
                    f"An answer would begin the journey “{spaced(key)}”, which does not exist.",
                )


def _early_review(point: Touchpoint, written: Written) -> Said:
    root = written.roots[point.key].anchor
    enters_late = written.enter.get("on") == EventKind.DELIVERED
    if (
        root not in _BEFORE_DELIVERY
        or enters_late
        or demands(point.condition, EventKind.DELIVERED)
        or not asks_for_review(point, written.texts_of(point))
    ):
        return
    yield (
        "early_review",
        f"It asks for a review counted from when {event_clause(root)}: it may come before the "
        "parcel. Count it from the delivery.",
    )


def _crowded(point: Touchpoint, written: Written) -> Said:
    if others := crowded(point, written.points, written.roots):
        named = " and ".join(f"“{other.label}”" for other in others)
        yield "crowded", f"Three messages within two days: {named} come just before it."


def _texts(point: Touchpoint, written: Written) -> Said:
    yield from text_warnings(
        point, written.texts_of(point), tracks_links=written.known.tracks_links
    )


_RULES: tuple[Callable[[Touchpoint, Written], Said], ...] = (
    _unreachable,
    _unheard,
    _gone_texts,
    _point_products,
    _gone_journeys,
    _early_review,
    _crowded,
    _texts,
)
