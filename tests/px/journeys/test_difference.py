"""Which touches an edit plans again: only those whose time it may move."""

from typing import Any

import pytest

from db.kinds import Purpose
from px.journeys.publishing.difference import Difference, difference
from px.journeys.reading import read_document

BASE: dict[str, Any] = {
    "format": 1,
    "journey": "care",
    "name": "Care",
    "enter": {"on": "order_placed"},
    "exit_on": ["order_cancelled"],
    "hold_on": ["shipment_stalled"],
    "touchpoints": [
        {"key": "asks", "anchor": "delivered", "after": "1d", "message": "m",
         "ask": {"question": "skin", "wait": "3d"}},
        {"key": "silent", "anchor": "unanswered:asks", "message": "m"},
        {"key": "stuck", "anchor": "shipment_stalled", "message": "m"},
    ],
}  # fmt: skip


def found(place: int | None = None, **parts: Any) -> Difference:
    if place is None:
        changed = {**BASE, **parts}
    else:
        points = [dict(point) for point in BASE["touchpoints"]]
        points[place] |= parts
        changed = {**BASE, "touchpoints": points}
    return difference(read_document(BASE), read_document(changed))


NOBODY: list[tuple[int | None, dict[str, Any]]] = [
    (None, {}),
    (None, {"name": "Ownership"}),
    (None, {"holdout": 0.5}),
    (None, {"exit_on": []}),
    (None, {"goal": {"on": "order_placed"}}),
    (0, {"message": "other"}),
    (0, {"name": "A name", "phase": "care"}),
    (0, {"channels": ["sms"]}),
    (0, {"if": {"field": "customer.country", "op": "exists"}}),
]


@pytest.mark.parametrize(("place", "parts"), NOBODY)
def test_what_is_asked_when_a_touch_is_due_plans_nothing_again(
    place: int | None, parts: dict[str, Any]
) -> None:
    assert found(place, **parts).is_nothing


def test_another_day_concerns_that_touchpoint_alone() -> None:
    assert found(0, after="2d") == Difference(retimed=frozenset({"asks"}))
    assert found(0, window={"from": "09:00"}) == Difference(retimed=frozenset({"asks"}))


def test_another_anchor_concerns_those_that_wait_too() -> None:
    assert found(1, anchor="shipped") == Difference(anchored=frozenset({"silent"}))


def test_another_wait_concerns_those_that_count_from_the_answer() -> None:
    assert found(0, ask={"question": "skin", "wait": "5d"}).anchored == {"silent"}


def test_another_purpose_is_kept_with_what_is_open() -> None:
    changed = found(0, purpose="transactional")
    assert (changed.retimed, changed.purposes) == ({"asks"}, (("asks", Purpose.TRANSACTIONAL),))


def test_a_repeat_adds_occurrences() -> None:
    changed = found(2, repeat={"every": "1d", "times": 3})
    assert changed.added == (("stuck", 2), ("stuck", 3))


def test_another_hold_releases_what_is_held_and_what_counts_from_it() -> None:
    changed = found(hold_on=[])
    assert changed.releases
    assert changed.anchored == {"stuck"}


def test_a_new_end_concerns_those_to_whom_it_has_happened() -> None:
    assert found(exit_on=["order_cancelled", "delivered"]).ends == {"delivered"}


def test_what_it_is_about_concerns_everything() -> None:
    assert found(per="customer").everything
