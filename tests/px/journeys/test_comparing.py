"""Two rehearsals beside each other."""

from px.journeys.rehearsal.comparing import PointDifference, compare_figures, cost_of
from px.journeys.rehearsal.figures import Figures, PointFigures


def figures(messages: int, customers: int, points: dict[str, int], capped: int = 0) -> Figures:
    return Figures(
        messages=messages,
        written_to=customers,
        outcomes=[("sent", None, messages), ("skipped", "capped", capped)],
        held={"quiet_hours": messages // 10},
        per_touchpoint={key: PointFigures(sent=sent) for key, sent in points.items()},
        parts={"email": messages},
    )


def test_more_and_fewer_are_told_with_their_sign():
    found = compare_figures(
        figures(112, 47, {"tips": 100, "care": 12}, capped=3), figures(100, 50, {"tips": 100})
    )
    assert (found.messages, found.customers) == (12, -3)
    assert (found.held, found.stopped, found.parts) == (
        {"quiet_hours": 1},
        {"capped": 3},
        {"email": 12},
    )


def test_a_touchpoint_that_is_new_or_gone_has_nothing_on_the_other_side():
    found = compare_figures(figures(10, 5, {"new": 10}), figures(4, 4, {"old": 4}))
    assert found.touchpoints == [
        PointDifference("new", None, 10),
        PointDifference("old", 4, None),
    ]
    assert [point.more for point in found.touchpoints] == [10, -4]


def test_the_same_figures_differ_in_nothing():
    same = figures(10, 5, {"tips": 10})
    assert compare_figures(same, same).is_none
    moved = figures(10, 5, {"tips": 9, "care": 1})
    assert not compare_figures(moved, same).is_none


def test_what_it_costs_is_the_sum_of_its_parts():
    assert cost_of({"email": 1000, "sms": 20}, {"email": 0.001, "sms": 0.05}) == 2.0
    assert cost_of({"webchat": 7}, {"email": 0.001}) == 0
