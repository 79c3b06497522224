"""The map of a journey: which stage, about which day, what is measured, where nothing is said."""

import pytest

from db.kinds import Stage
from px import journeys
from px.journeys import MapStage, read_document
from px.journeys.document import Document
from tests.px.journeys.play import journey


def document(points: str, **keys: str) -> Document:
    return read_document(journey(points, **keys))


def stage(text: Document, wanted: Stage) -> MapStage:
    return next(one for one in journeys.map_of(text).stages if one.stage is wanted)


CASES = [
    ("{anchor: order_placed}", Stage.ORDER_CONFIRMATION),
    ("{anchor: order_paid, after: 2h, phase: pre_arrival}", Stage.ORDER_CONFIRMATION),
    ("{anchor: shipped}", Stage.DELIVERY),
    ("{anchor: shipment_delayed, phase: pre_arrival}", Stage.DELIVERY),
    ("{anchor: 'date:shipment.promised_on', after: 1d}", Stage.DELIVERY),
    ("{anchor: delivered, phase: unboxing}", Stage.ONBOARDING),
    ("{anchor: delivered, after: 1d}", Stage.ONBOARDING),
    ("{anchor: delivered, after: 20d}", Stage.SUPPORT),
    ("{anchor: delivered, after: 2d, phase: usage}", Stage.SUPPORT),
    ("{anchor: delivered, after: 2d, phase: care}", Stage.SUPPORT),
    ("{anchor: delivered, after: 60d}", Stage.LOYALTY),
    ("{anchor: order_placed, after: 90d}", Stage.LOYALTY),
    ("{anchor: delivered, after: 2d, phase: renewal}", Stage.LOYALTY),
    ("{anchor: renewal_due, phase: usage}", Stage.LOYALTY),
    ("{anchor: review_posted, after: 1d, phase: usage}", Stage.ADVOCACY),
    ("{anchor: delivered, phase: renewal, stage: advocacy}", Stage.ADVOCACY),
]


@pytest.mark.parametrize(("written", "expected"), CASES, ids=[written for written, _ in CASES])
def test_a_stage_follows_from_anchor_and_phase_unless_it_is_said(
    written: str, expected: Stage
) -> None:
    point = written.replace("{", "{key: a, message: m, ", 1)
    text = document(point)
    assert journeys.stage_of(text.touchpoints[0], text) is expected


def test_what_counts_from_another_touchpoint_stands_where_that_one_leads() -> None:
    text = document(
        """{key: a, message: m, anchor: shipped, ask: {question: q, wait: 3d}}
        {key: b, message: m, anchor: "unanswered:a", after: 1d}
        {key: c, message: m, anchor: "sent:b", after: 2d}"""
    )
    assert journeys.usual_days(text) == {"a": 1.0, "b": 5.0, "c": 7.0}
    assert journeys.stage_of(text.touchpoints[2], text) is Stage.DELIVERY


def test_touchpoints_stand_in_the_order_of_days_with_their_repeats() -> None:
    text = document(
        """{key: late, message: m, anchor: delivered, after: 30d, phase: care}
        {key: soon, message: m, anchor: delivered, after: 8d, phase: care,
           repeat: {every: 10d, times: 3}}""".replace("\n           ", " ")
    )
    support = stage(text, Stage.SUPPORT)
    assert [(touch.key, touch.day) for touch in support.touches] == [("soon", 12), ("late", 34)]
    assert support.gaps == ()


def test_a_stage_without_a_touchpoint_and_a_long_silence_are_gaps() -> None:
    text = document(
        """{key: a, name: First, message: m, anchor: delivered, after: 1d}
        {key: b, name: Second, message: m, anchor: delivered, after: 61d, phase: renewal}"""
    )
    assert stage(text, Stage.LOYALTY).gaps == ("60 days without a word before “Second”.",)
    assert stage(text, Stage.ADVOCACY).gaps == ("Nothing is said here.",)
    assert stage(text, Stage.ONBOARDING).gaps == ()


def test_who_says_that_it_is_on_its_way_should_say_when_it_is_late() -> None:
    text = document("{key: a, message: m, anchor: shipped}")
    assert stage(text, Stage.DELIVERY).gaps == (
        "Nothing is said when the parcel is late.",
        "Nothing is said when nobody was at home.",
        "Nothing is said when it has arrived.",
    )


def test_the_metric_is_the_journeys_own_or_a_usual_one() -> None:
    text = document(
        "{key: a, message: m, anchor: delivered, phase: renewal}",
        goal="{on: order_placed, within: 90d}",
        map="{customer_goal: I want more, stages: {support: {metric: Answers}}}",
    )
    support, loyalty = stage(text, Stage.SUPPORT), stage(text, Stage.LOYALTY)
    assert (support.metric, support.is_own_metric) == ("Answers", True)
    assert (loyalty.metric, loyalty.is_own_metric) == ("Share who buy again within 90 days", False)
    assert journeys.map_of(text).customer_goal == "I want more"


def test_a_milestone_that_is_the_goal_is_what_onboarding_is_measured_by() -> None:
    text = document(
        "{key: a, message: m, anchor: delivered}", goal="{on: 'milestone:first_use', within: 14d}"
    )
    assert stage(text, Stage.ONBOARDING).metric == (
        "Share where the milestone “first use” is reached within 14 days"
    )


@pytest.mark.parametrize("item", journeys.library(), ids=lambda item: item.key)
def test_every_stage_of_a_library_journey_has_a_metric_and_its_touchpoints(item) -> None:
    drawn = journeys.map_of(item.document)
    shown = [touch.key for one in drawn.stages for touch in one.touches]
    assert sorted(shown) == sorted(point.key for point in item.document.touchpoints)
    assert all(one.metric for one in drawn.stages)
    assert all(one.is_own_metric == bool(one.touches) for one in drawn.stages)
