"""Changes to a journey while it is being drawn."""

from typing import Any

import pytest

from px.journeys.drawing.editing import (
    added,
    as_yaml,
    changed,
    duplicated,
    first_draft,
    free_key,
    from_yaml,
    grouped,
    hangs_on,
    key_of,
    moved,
    point_changed,
    problem_sentence,
    problems_of,
    removed,
    with_point,
)
from px.journeys.reading import InvalidJourney, read_document, to_data


def journey(*points: dict[str, Any]) -> dict[str, Any]:
    """A small journey with these touchpoints."""
    return {
        "format": 1,
        "journey": "serum",
        "name": "Serum",
        "enter": {"on": "order_placed"},
        "touchpoints": list(points),
    }


def point(key: str, **parts: Any) -> dict[str, Any]:
    """A touchpoint that is valid."""
    return {"key": key, "phase": "usage", "anchor": "delivered", "message": "text"} | parts


def test_a_new_journey_can_be_saved_at_once() -> None:
    draft = first_draft("Serum ownership", "serum-ownership")
    assert problems_of(draft).count == 0
    assert read_document(draft).touchpoints[0].label == "Thank you"


def test_a_new_touchpoint_lacks_only_its_text() -> None:
    data, place = added(journey(point("a")), "usage")
    assert place == 1
    assert problems_of(data).at == {1: ["Choose the text to send."]}


def test_a_touchpoint_is_added_at_the_end_of_its_phase() -> None:
    data, place = added(journey(point("a", phase="unboxing"), point("b")), "unboxing")
    assert [p["key"] for p in data["touchpoints"]] == ["a", "message", "b"]
    assert place == 1


def test_a_copy_stands_behind_its_original_under_a_key_of_its_own() -> None:
    data, place = duplicated(journey(point("a", name="Care"), point("b")), 0)
    assert [p["key"] for p in data["touchpoints"]] == ["a", "a-2", "b"]
    assert data["touchpoints"][place]["name"] == "Care (copy)"


def test_a_copy_of_a_copy_is_counted_on() -> None:
    assert free_key("a-2", ["a", "a-2", "a-3"]) == "a-4"


def test_touchpoints_move_within_their_phase_only() -> None:
    data = journey(point("a"), point("x", phase="renewal"), point("b"))
    data, place = moved(data, 2, -1)
    assert ([p["key"] for p in data["touchpoints"]], place) == (["b", "x", "a"], 0)
    assert moved(data, 0, -1) == (data, 0)


def test_touchpoints_are_shown_by_phase_and_those_without_one_first() -> None:
    data = journey(point("a"), point("b", phase="pre_arrival"), point("c", phase="unknown"))
    assert grouped(data) == [(None, [2]), ("pre_arrival", [1]), ("usage", [0])]


def test_anchors_follow_a_touchpoint_that_gets_another_key() -> None:
    data = journey(point("a"), point("b", anchor="sent:a"), point("c", anchor="sent:b"))
    data = with_point(data, 0, data["touchpoints"][0] | {"key": "first"})
    assert [p["anchor"] for p in data["touchpoints"]] == ["delivered", "sent:first", "sent:b"]


def test_it_is_known_what_hangs_on_a_touchpoint_before_it_is_deleted() -> None:
    data = journey(point("a"), point("b", anchor="unanswered:a", name="Reminder"))
    assert hangs_on(data, 0) == ["Reminder"]
    assert problems_of(removed(data, 0)).at == {
        0: ["The touchpoint it counts from is gone; choose another."]
    }


def test_nothing_changes_what_it_is_given() -> None:
    data = journey(point("a"), point("b"))
    before = to_data(read_document(data))
    added(data, "usage"), removed(data, 0), moved(data, 0, 1), changed(data, "name", "Other")
    assert to_data(read_document(data)) == before


def test_an_empty_part_is_taken_out_and_the_order_of_the_format_is_kept() -> None:
    assert list(point_changed(point("a"), "at", "09:15")) == [
        *("key", "phase", "anchor", "at", "message"),
    ]
    assert "phase" not in point_changed(point("a"), "phase", None)
    assert "exit_on" not in changed(journey(point("a")) | {"exit_on": ["delivered"]}, "exit_on", [])


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"after": "soon"}, "How long after: 'soon' is not a length of time; allowed: "),
        ({"after": "-2d"}, "Only before a date can it be earlier."),
        ({"at": "25:00"}, "Time of day: '25:00' is not a time of day; allowed: 00:00 to 23:59."),
        ({"channels": ["sms", "sms"]}, "Each channel can stand there once."),
        ({"channels": []}, "Channels: choose at least one."),
        (
            {"message": None, "variants": [{"weight": 1, "message": ""}]},
            "Choose the text to send.",
        ),
        ({"anchor": "answered:a"}, "The touchpoint it counts from asks no question"),
        ({"if": {"field": "answer", "op": "is"}}, "Only if: op: 'is' is not a comparison"),
        ({"phase": "party"}, "Phase: 'party' is not a phase"),
    ],
)
def test_a_problem_stands_at_its_touchpoint_in_words(parts: dict[str, Any], sentence: str) -> None:
    found = problems_of(journey(point("a"), point("b", **parts)))
    assert found.general == []
    assert found.at[1][0].startswith(sentence)


def test_a_problem_of_the_whole_journey_stands_at_none_of_its_touchpoints() -> None:
    found = problems_of(changed(journey(point("a")), "name", ""))
    assert found.general == ["Name: fill this in."]
    assert found.at == {}


def test_a_journey_without_touchpoints_says_what_to_do_first() -> None:
    found = problems_of(journey())
    assert found.general == ["Add the first touchpoint: a journey has at least one."]


def test_a_problem_without_a_known_place_is_still_a_sentence() -> None:
    assert problem_sentence("", "something is wrong") == "Something is wrong."


def test_yaml_and_form_hold_the_same_journey() -> None:
    data = to_data(read_document(journey(point("a", window={"from": "09:00"}))))
    assert from_yaml(as_yaml(data), key="serum") == data


def test_yaml_stands_in_the_order_of_the_format_whatever_was_filled_in_first() -> None:
    data = {"touchpoints": [{"message": "t", "key": "a"}], "name": "S", "journey": "s", "format": 1}
    lines = [line.strip() for line in as_yaml(data).splitlines()]
    assert lines == [
        *("format: 1", "journey: s", "name: S", "touchpoints:", "- key: a", "message: t"),
    ]


def test_the_key_of_a_journey_cannot_be_changed_in_its_yaml() -> None:
    with pytest.raises(InvalidJourney, match="a journey's key never changes"):
        from_yaml(as_yaml(journey(point("a"))), key="another")


def test_texts_do_not_get_lost_in_the_yaml_of_the_editor() -> None:
    with_texts = journey(point("a")) | {"templates": {"text": {"body": "Hello"}}}
    with pytest.raises(InvalidJourney, match="texts are written under Messages"):
        from_yaml(as_yaml(with_texts), key="serum")


def test_a_key_is_made_of_a_name() -> None:
    assert key_of("First use in three steps!") == "first-use-in-three-steps"
    assert key_of("Serum", ["serum"]) == "serum-2"
    assert key_of("!!!") == "journey"
    assert key_of("Größe 2") == "grosse-2"
