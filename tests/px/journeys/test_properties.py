"""What holds for every journey and every run of events."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from px.journeys.document import Document
from px.journeys.engine.compiled import compile_document
from px.journeys.engine.facts import Touch
from px.journeys.plan import plan
from px.journeys.reading import read_document
from px.journeys.rehearsal.event_file import read_events, read_shop
from px.journeys.rehearsal.simulation import CustomerRun, simulate

KINDS = (
    "order_paid",
    "shipped",
    "delivered",
    "shipment_stalled",
    "order_cancelled",
    "conversation_opened",
    "replied",
)
SHOP = "zone: Europe/Berlin\nquiet_hours: {from: '21:00', to: '08:00'}\n"
CAP = SHOP + "cap: {messages: 2, days: 3}\n"
UNTIL = datetime(2026, 9, 1, tzinfo=UTC)
SETTLED = ("sent", "skipped", "failed", "review")

afters = st.sampled_from(["0", "30m", "5h", "1d", "3d", "1w2d3h"])
windows = st.sampled_from(
    [
        None,
        {"from": "09:00", "to": "17:00"},
        {"days": ["mon", "thu"]},
        {"from": "22:00", "to": "06:00", "days": ["fri"]},
    ]
)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    points: list[dict[str, Any]] = []
    for n in range(draw(st.integers(1, 6))):
        anchors = ["order_placed", "shipped", "delivered", *(f"sent:p{k}" for k in range(n))]
        point: dict[str, Any] = {
            "key": f"p{n}",
            "purpose": draw(st.sampled_from(["marketing", "transactional"])),
            "anchor": draw(st.sampled_from(anchors)),
            "after": draw(afters),
            "message": "m",
        }
        if draw(st.booleans()):
            point["at"] = draw(st.sampled_from(["02:30", "09:15", "23:59"]))
        if window := draw(windows):
            point["window"] = window
        if draw(st.booleans()):
            point["late"] = {
                "within": draw(st.sampled_from(["1h", "3d"])),
                "else": draw(st.sampled_from(["skip", "review"])),
            }
        if draw(st.integers(0, 3)) == 0:
            point["repeat"] = {"every": "10d", "times": 3}
        points.append(point)
    return read_document(
        {
            "format": 1,
            "journey": "j",
            "name": "J",
            "enter": {"on": draw(st.sampled_from(["order_placed", "shipped"]))},
            "exit_on": ["order_cancelled"],
            "hold_on": ["shipment_stalled", "conversation_opened"],
            "resume_on": ["delivered"],
            "touchpoints": points,
        }
    )


@st.composite
def histories(draw: st.DrawFn) -> list[str]:
    customer = {"id": "c1", "email": "c1@example.com", "consent": {"email": True}}
    rows = [
        {
            "at": "2026-03-27T10:00:00Z",
            "kind": "order_placed",
            "customer": customer,
            "order": {"id": "o1"},
        }
    ]
    for hours, kind in draw(
        st.lists(st.tuples(st.integers(0, 900), st.sampled_from(KINDS)), max_size=8)
    ):
        at = datetime(2026, 3, 27, 9, 17, tzinfo=UTC) + timedelta(hours=hours)
        rows.append(
            {"at": at.isoformat(), "kind": kind, "customer": {"id": "c1"}, "order": {"id": "o1"}}
        )
    return [json.dumps(row) for row in rows]


def delivered(at: datetime) -> str:
    return json.dumps(
        {"at": at.isoformat(), "kind": "delivered", "customer": {"id": "c1"}, "order": {"id": "o1"}}
    )


def run_all(
    document: Document, lines: list[str], shop: str = CAP, until: datetime = UNTIL
) -> list[CustomerRun]:
    return list(simulate(compile_document(document), read_shop(shop)[0], read_events(lines), until))


def touches(runs: list[CustomerRun]) -> list[tuple[str, Touch]]:
    return [(e.id, touch) for run in runs for e in run.enrolments for touch in e.touches.values()]


@given(documents(), histories())
def test_every_occurrence_of_every_touchpoint_has_exactly_one_touch(document, lines):
    expected = sorted(
        (p.key, n)
        for p in document.touchpoints
        for n in range(1, (p.repeat.times if p.repeat else 1) + 1)
    )
    for run in run_all(document, lines):
        for enrolment in run.enrolments:
            planned = plan(run.journey, enrolment.facts, UNTIL)
            assert sorted(touch.key for touch in planned) == expected


@given(documents(), histories())
def test_planning_again_without_news_changes_nothing(document, lines):
    for run in run_all(document, lines):
        for enrolment in run.enrolments:
            enrolment.facts.touches = enrolment.touches
            assert plan(run.journey, enrolment.facts, UNTIL) == list(enrolment.touches.values())


@given(documents(), histories(), st.randoms(use_true_random=False))
def test_the_order_in_which_events_are_given_does_not_matter(document, lines, random):
    shuffled = [*lines, *lines[:2]]
    random.shuffle(shuffled)
    assert touches(run_all(document, shuffled)) == touches(run_all(document, lines))


@given(documents(), histories(), st.integers(1, 400))
def test_a_later_delivery_never_makes_a_touch_that_counts_from_it_earlier(document, lines, hours):
    rest = [line for line in lines if '"delivered"' not in line]
    early = datetime(2026, 3, 30, 10, tzinfo=UTC)
    before = {
        t.key: t.due_at for _, t in touches(run_all(document, [*rest, delivered(early)], SHOP))
    }
    later = delivered(early + timedelta(hours=hours))
    after = {t.key: t.due_at for _, t in touches(run_all(document, [*rest, later], SHOP))}
    # Days alone keep the time of day: Sunday noon becomes Monday noon, Monday 00:00 stays.
    counted = {
        p.key
        for p in document.touchpoints
        if p.anchor == "delivered" and not (p.window and p.window.start is None)
    }
    for key, due in after.items():
        if key[0] in counted and due is not None and before.get(key) is not None:
            assert due >= before[key]


@settings(max_examples=60)
@given(documents(), histories(), st.integers(1, 900))
def test_settled_touches_never_change(document, lines, hours):
    middle = datetime(2026, 3, 27, tzinfo=UTC) + timedelta(hours=hours)
    settled = [
        (e, t) for e, t in touches(run_all(document, lines, until=middle)) if t.status in SETTLED
    ]
    at_the_end = touches(run_all(document, lines))
    assert all(pair in at_the_end for pair in settled)
