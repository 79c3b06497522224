"""The map of a journey: at each stage what the customer wants, what is said, what is measured, and
where nothing is said. Pure.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from db.kinds import Phase, Stage
from px.customers.durations import parse_duration
from px.journeys.document import Document, Touchpoint
from px.journeys.roots import root_of
from px.journeys.words import event_clause, length_words, timing_words

LONG_SILENCE = 28
STAGE_WORDS = {
    Stage.ORDER_CONFIRMATION: "Order confirmation",
    Stage.DELIVERY: "Delivery",
    Stage.ONBOARDING: "Onboarding and setup",
    Stage.SUPPORT: "Usage and support",
    Stage.LOYALTY: "Engagement and loyalty",
    Stage.ADVOCACY: "Advocacy and reviews",
}
WANTS = {
    Stage.ORDER_CONFIRMATION: "Did my order go through, and what happens now?",
    Stage.DELIVERY: "Where is it, and when does it come?",
    Stage.ONBOARDING: "How do I begin, and what must I not do wrong?",
    Stage.SUPPORT: "How do I get the most out of it, and who helps me?",
    Stage.LOYALTY: "What do I do when it runs out or I want more?",
    Stage.ADVOCACY: "Does anybody care what I think of it?",
}
_METRICS = {
    Stage.ORDER_CONFIRMATION: "Share of orders confirmed within five minutes",
    Stage.DELIVERY: "Questions about the parcel for each hundred parcels",
    Stage.ONBOARDING: "Share who have begun within a week of delivery",
    Stage.SUPPORT: "Share who answer, and how content they are",
    Stage.LOYALTY: "Share who buy again",
    Stage.ADVOCACY: "Reviews for each hundred delivered orders",
}
# On which day after the order things usually happen: only to put touchpoints in their order.
_USUAL = {
    "order_placed": 0.0,
    "order_paid": 0.0,
    "order_edited": 0.5,
    "order_cancelled": 0.5,
    "subscription_started": 0.0,
    "shipped": 1.0,
    "shipment_delayed": 2.0,
    "shipment_stalled": 4.0,
    "shipment_lost": 10.0,
    "shipment_damaged": 3.0,
    "out_for_delivery": 3.0,
    "delivery_attempted": 3.0,
    "pickup_ready": 3.5,
    "date:shipment.promised_on": 3.0,
    "delivered": 3.5,
    "order_refunded": 14.0,
    "return_requested": 10.0,
    "return_approved": 11.0,
    "return_received": 15.0,
    "return_resolved": 17.0,
    "feedback_received": 25.0,
    "review_posted": 30.0,
    "renewal_due": 27.0,
}
_SOMETIME = 14.0
_CONFIRMS = ("order_placed", "order_paid", "order_edited", "order_cancelled")
_DELIVERS = (
    *("shipped", "out_for_delivery", "delivery_attempted", "pickup_ready", "shipment_delayed"),
    *("shipment_stalled", "date:shipment.promised_on"),
)
_PRAISES = ("review_posted", "feedback_received", "referral_qualified")
_RENEWS = (
    *("renewal_due", "subscription_renewed", "subscription_skipped", "subscription_cancelled"),
    *("points_earned", "tier_changed", "reward_redeemed", "date:subscription.renews_on"),
)
_MOMENTS = {
    "shipment_delayed": "Nothing is said when the parcel is late.",
    "delivery_attempted": "Nothing is said when nobody was at home.",
    "delivered": "Nothing is said when it has arrived.",
}


@dataclass(frozen=True, slots=True)
class MapTouch:
    """A touchpoint on the map; `day` is about how many days after the order it comes."""

    key: str
    name: str
    when: str
    day: int
    channels: tuple[str, ...]
    is_marketing: bool
    asks: bool


@dataclass(frozen=True, slots=True)
class MapStage:
    """A column of the map. `is_own_metric` when the journey names what is measured."""

    stage: Stage
    title: str
    wants: str
    touches: tuple[MapTouch, ...]
    metric: str
    is_own_metric: bool
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MapOfJourney:
    """The whole map; `stages` are all six, in order."""

    name: str
    customer_goal: str
    summary: str
    stages: tuple[MapStage, ...]


def map_of(document: Document) -> MapOfJourney:
    """The map of this journey, with defaults for what it does not say."""
    said = document.map
    days = usual_days(document)
    names = document.labels
    touches: dict[Stage, list[MapTouch]] = {stage: [] for stage in Stage}
    for point in sorted(document.touchpoints, key=lambda point: days[point.key]):
        touches[stage_of(point, document)].append(_touch(point, names, days[point.key]))
    silences = _silences(document, days)
    return MapOfJourney(
        document.name,
        said.customer_goal if said else "",
        (said.summary if said else None) or "",
        tuple(
            _stage(stage, own, document, silences.get(stage, [])) for stage, own in touches.items()
        ),
    )


def stage_of(point: Touchpoint, document: Document) -> Stage:
    """The touchpoint's stage: its own, else what its anchor and its phase say."""
    if point.stage is not None:
        return point.stage
    root, after = root_of(point, {one.key: one for one in document.touchpoints})
    if root in _PRAISES:
        return Stage.ADVOCACY
    if root in _RENEWS or point.phase == Phase.RENEWAL:
        return Stage.LOYALTY
    if point.phase in (Phase.USAGE, Phase.CARE):
        return Stage.SUPPORT
    if root in _DELIVERS:
        return Stage.DELIVERY
    if point.phase == Phase.UNBOXING:
        return Stage.ONBOARDING
    return _by_days(root, after.days)


def goal_stage(document: Document) -> Stage:
    """The stage at which the journey's goal is reached: mostly that of buying again."""
    kind = document.goal.on if document.goal else ""
    if kind.startswith("milestone:"):
        return Stage.ONBOARDING
    if kind in _PRAISES:
        return Stage.ADVOCACY
    if kind == "delivered" or kind in _DELIVERS:
        return Stage.DELIVERY
    return Stage.SUPPORT if kind.startswith(("return_", "conversation_")) else Stage.LOYALTY


def usual_days(document: Document) -> dict[str, float]:
    """About how many days after the order each touchpoint comes, by its key."""
    by_key = {point.key: point for point in document.touchpoints}
    roots = {key: root_of(point, by_key) for key, point in by_key.items()}
    return {
        key: _USUAL.get(root.anchor, _SOMETIME) + root.after / timedelta(days=1)
        for key, root in roots.items()
    }


def days_covered(document: Document) -> int:
    """From the order to the last touchpoint, repeats included, in days."""
    return round(max(day for day, _point in _occurrences(document, usual_days(document))))


def _by_days(root: str, days: int) -> Stage:
    """The stage of a touchpoint that names neither stage nor phase we know."""
    if root in _CONFIRMS and days < 2:
        return Stage.ORDER_CONFIRMATION
    if days < 7:
        return Stage.ONBOARDING
    return Stage.SUPPORT if days < 45 else Stage.LOYALTY


def _occurrences(
    document: Document, days: Mapping[str, float]
) -> Iterator[tuple[float, Touchpoint]]:
    """The touchpoints with the day on which each comes, and comes again."""
    for point in document.touchpoints:
        every, times = timedelta(), 1
        if point.repeat:
            every, times = parse_duration(point.repeat.every).exact, point.repeat.times
        for n in range(times):
            yield days[point.key] + every / timedelta(days=1) * n, point


def _silences(document: Document, days: Mapping[str, float]) -> dict[Stage, list[str]]:
    """The long stretches without a word, at the stage of the touchpoint that ends each."""
    spoken = sorted(_occurrences(document, days), key=lambda one: (one[0], one[1].key))
    found: dict[Stage, list[str]] = {}
    for (before, _), (day, point) in pairwise(spoken):
        # Repeats have a rhythm of their own; only the first of them can end a silence.
        if day - before >= LONG_SILENCE and day == days[point.key]:
            sentence = f"{round(day - before)} days without a word before “{point.label}”."
            found.setdefault(stage_of(point, document), []).append(sentence)
    return found


def _stage(
    stage: Stage, touches: Sequence[MapTouch], document: Document, silences: Sequence[str]
) -> MapStage:
    own = document.map.stages.get(stage) if document.map else None
    gaps = [] if touches else ["Nothing is said here."]
    if stage is Stage.DELIVERY and touches:
        gaps += _unsaid_moments(document)
    return MapStage(
        stage,
        STAGE_WORDS[stage],
        WANTS[stage],
        tuple(touches),
        own.metric if own else _default_metric(stage, document),
        own is not None,
        (*gaps, *silences),
    )


def _unsaid_moments(document: Document) -> Iterator[str]:
    """What a journey that speaks of the parcel leaves out."""
    anchors = {point.anchor for point in document.touchpoints}
    if "shipped" in anchors:
        yield from (said for kind, said in _MOMENTS.items() if kind not in anchors)


def _touch(point: Touchpoint, names: Mapping[str, str], day: float) -> MapTouch:
    data = {"anchor": point.anchor, "after": point.after, "at": point.at}
    return MapTouch(
        point.key,
        point.label,
        timing_words(data, names),
        round(day),
        tuple(str(channel) for channel in point.channels),
        point.purpose == "marketing",
        point.ask is not None,
    )


def _default_metric(stage: Stage, document: Document) -> str:
    goal = document.goal
    if stage is Stage.LOYALTY and goal is not None and goal.on == "order_placed":
        return f"Share who buy again within {length_words(goal.within)}"
    if stage is Stage.ONBOARDING and goal is not None and goal.on.startswith("milestone:"):
        return f"Share where {event_clause(goal.on)} within {length_words(goal.within)}"
    return _METRICS[stage]
