"""Two people's changes to one journey brought together: nothing of either is lost unsaid."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from px.journeys.drawing.merging import WHOLE, Conflict, merged, settled, side_words

Data = dict[str, Any]


def point(key: str, **parts: Any) -> Data:
    return {"key": key, "anchor": "delivered", "after": "1d", "message": key, **parts}


def journey(*points: Data, **parts: Any) -> Data:
    return {"format": 1, "journey": "care", "name": "Care", **parts, "touchpoints": list(points)}


BASE = journey(point("thanks"), point("steps"), point("review"))


def keys(data: Data) -> list[str]:
    return [one["key"] for one in data["touchpoints"]]


def test_changes_to_different_touchpoints_are_both_kept() -> None:
    mine = journey(point("thanks", after="2d"), point("steps"), point("review"))
    theirs = journey(point("thanks"), point("steps"), point("review", at="09:15"))
    merge = merged(BASE, mine, theirs)
    assert merge.conflicts == []
    assert merge.data == journey(
        point("thanks", after="2d"), point("steps"), point("review", at="09:15")
    )


def test_changes_to_different_parts_of_one_touchpoint_are_both_kept() -> None:
    mine = journey(point("thanks", name="Many thanks"), point("steps"), point("review"))
    theirs = journey(point("thanks", at="09:15"), point("steps"), point("review"), holdout=0.1)
    merge = merged(BASE, mine, theirs)
    assert merge.conflicts == []
    assert merge.data["touchpoints"][0] == point("thanks", name="Many thanks", at="09:15")
    assert merge.data["holdout"] == 0.1


def test_both_sides_of_a_conflict_are_said_with_amounts_in_the_shops_currency() -> None:
    large = {"field": "order.total_minor", "op": "gte", "value": 5000}
    assert side_words("if", {"if": large}, {}, "EUR") == "order total is at least 50.00 EUR"
    entering = {"enter": {"on": "order_placed", "where": large}}
    assert side_words("per", entering, {}, "EUR") == (
        "on order_placed, where order total is at least 50.00 EUR"
    )


def test_what_both_changed_is_a_conflict_and_mine_stands_until_theirs_is_chosen() -> None:
    mine = journey(point("thanks", after="2d"), point("steps"), point("review"))
    theirs = journey(point("thanks", after="3d"), point("steps"), point("review"))
    merge = merged(BASE, mine, theirs)
    assert merge.conflicts == [
        Conflict(
            "thanks",
            "anchor",
            {"anchor": "delivered", "after": "2d"},
            {"anchor": "delivered", "after": "3d"},
        )
    ]
    assert merge.data == mine
    assert settled(merge, {("thanks", "anchor"): "theirs"}) == theirs
    assert settled(merge, {("thanks", "anchor"): "mine"}) == mine


def test_a_text_and_its_variants_change_hands_together() -> None:
    split = [{"weight": 1, "message": "a"}, {"weight": 1, "message": "b"}]
    varied = {k: v for k, v in point("thanks", variants=split).items() if k != "message"}
    mine = journey(varied, point("steps"), point("review"))
    theirs = journey(point("thanks", message="other"), point("steps"), point("review"))
    merge = merged(BASE, mine, theirs)
    assert merge.conflicts == [
        Conflict("thanks", "message", {"variants": split}, {"message": "other"})
    ]
    assert settled(merge, {("thanks", "message"): "theirs"}) == theirs


def test_a_touchpoint_that_one_took_out_and_the_other_left_alone_is_out() -> None:
    mine = journey(point("thanks"), point("review"))
    theirs = journey(point("thanks", after="2d"), point("steps"), point("review"))
    merge = merged(BASE, mine, theirs)
    assert merge.conflicts == []
    assert keys(merge.data) == ["thanks", "review"]


def test_a_touchpoint_that_one_took_out_and_the_other_changed_stays_until_somebody_decides() -> (
    None
):
    mine = journey(point("thanks"), point("review"))
    theirs = journey(point("thanks"), point("steps", after="2d"), point("review"))
    merge = merged(BASE, mine, theirs)
    assert merge.conflicts == [Conflict("steps", WHOLE, None, point("steps", after="2d"))]
    assert keys(merge.data) == ["thanks", "steps", "review"]
    other = merged(BASE, theirs, mine)
    assert keys(settled(other, {("steps", WHOLE): "theirs"})) == ["thanks", "review"]


def test_two_new_touchpoints_with_one_key_are_two() -> None:
    mine = journey(
        point("thanks"),
        point("steps"),
        point("review"),
        point("message", after="9d"),
        point("later", anchor="sent:message"),
    )
    theirs = journey(point("thanks"), point("message", after="4d"), point("steps"), point("review"))
    merge = merged(BASE, mine, theirs)
    assert merge.conflicts == []
    assert merge.renamed == {"message": "message-2"}
    assert keys(merge.data) == ["thanks", "message", "steps", "review", "message-2", "later"]
    assert merge.data["touchpoints"][4]["after"] == "9d"
    assert merge.data["touchpoints"][5]["anchor"] == "sent:message-2"


def test_the_order_is_that_of_whoever_changed_it() -> None:
    turned = journey(point("review"), point("thanks"), point("steps"))
    grown = journey(point("thanks"), point("new"), point("steps"), point("review"))
    assert keys(merged(BASE, turned, grown).data) == ["review", "thanks", "new", "steps"]
    assert keys(merged(BASE, grown, turned).data) == ["review", "thanks", "new", "steps"]


LENGTHS = st.sampled_from(["0", "1d", "2d", "3d"])
POINTS = st.fixed_dictionaries(
    {"after": LENGTHS}, optional={"at": st.sampled_from(["09:00", "10:00"]), "name": LENGTHS}
)
JOURNEYS = st.builds(
    lambda points, order, head: journey(
        *(point(key, **points[key]) for key in order if key in points), **head
    ),
    st.dictionaries(st.sampled_from("abcdef"), POINTS, max_size=6),
    st.permutations("abcdef"),
    st.fixed_dictionaries({}, optional={"holdout": st.sampled_from([0.1, 0.2])}),
)


@given(JOURNEYS, JOURNEYS)
@settings(deadline=None)
def test_whoever_changed_nothing_takes_the_other_ones_journey(base: Data, other: Data) -> None:
    assert merged(base, other, base).data == other
    assert merged(base, base, other).data == other
    assert merged(base, other, other).data == other
    assert not merged(base, other, base).conflicts
    assert not merged(base, base, other).conflicts


@given(JOURNEYS, JOURNEYS, JOURNEYS)
@settings(deadline=None)
def test_every_part_of_the_result_is_what_one_of_the_two_wrote(
    base: Data, mine: Data, theirs: Data
) -> None:
    merge = merged(base, mine, theirs)
    wrote = {one["key"]: one for data in (theirs, mine) for one in data["touchpoints"]}
    undone = {new: old for old, new in merge.renamed.items()}
    seen = keys(merge.data)
    assert len(seen) == len(set(seen))
    for one in merge.data["touchpoints"]:
        sides = [
            p
            for data in (mine, theirs)
            for p in data["touchpoints"]
            if p["key"] == undone.get(one["key"], one["key"])
        ]
        assert undone.get(one["key"], one["key"]) in wrote
        for part, value in one.items():
            if part not in ("key", "anchor"):
                assert any(side.get(part) == value for side in sides)


@given(JOURNEYS, JOURNEYS, JOURNEYS)
@settings(deadline=None)
def test_what_only_one_of_them_changed_is_in_the_result(
    base: Data, mine: Data, theirs: Data
) -> None:
    merge = merged(base, mine, theirs)
    before, here, there, after = (
        {one["key"]: one for one in data["touchpoints"]}
        for data in (base, mine, theirs, merge.data)
    )
    told = {conflict.touchpoint for conflict in merge.conflicts}
    for key in {*before, *here, *there} - told:
        if here.get(key) == before.get(key):
            assert after.get(key) == there.get(key)
        elif there.get(key) == before.get(key):
            assert after.get(key) == here.get(key)


@given(JOURNEYS, JOURNEYS, JOURNEYS)
@settings(deadline=None)
def test_choosing_theirs_everywhere_leaves_nothing_of_mine_where_both_changed_it(
    base: Data, mine: Data, theirs: Data
) -> None:
    merge = merged(base, mine, theirs)
    data = settled(merge, {(c.touchpoint, c.part): "theirs" for c in merge.conflicts})
    after = {one["key"]: one for one in data["touchpoints"]}
    there = {one["key"]: one for one in theirs["touchpoints"]}
    for conflict in merge.conflicts:
        if conflict.touchpoint is None:
            assert data.get(conflict.part) == theirs.get(conflict.part)
        elif conflict.part == WHOLE:
            assert after.get(conflict.touchpoint) == there.get(conflict.touchpoint)
        else:
            assert after[conflict.touchpoint].get("after") is not None
            chosen = after[conflict.touchpoint].get(conflict.part)
            assert chosen == there[conflict.touchpoint].get(conflict.part)
