"""What the builder warns of: valid journeys that are still likely a mistake."""

from typing import Any

import pytest

from px.journeys.drawing.warnings import KnownShop, warnings_of
from px.messages import TemplateParts

HELLO = TemplateParts("Hello", "Hello, [read on](https://shop.example/tips).", "Hello", "Hello")


def point(key: str = "tips", **parts: Any) -> dict[str, Any]:
    return {"key": key, "anchor": "delivered", "after": "1d", "message": "hello", **parts}


def journey(*points: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return {
        "format": 1,
        "journey": "care",
        "name": "Care",
        "enter": {"on": "order_placed"},
        "touchpoints": list(points),
        **parts,
    }


def said(
    *points: dict[str, Any],
    text: TemplateParts = HELLO,
    known: KnownShop | None = None,
    **parts: Any,
) -> list[tuple[str | None, str]]:
    found = warnings_of(journey(*points, **parts), texts={"hello": text}, known=known)
    return [(warning.touchpoint, warning.kind) for warning in found]


def sentence(*points: dict[str, Any], known: KnownShop | None = None, **parts: Any) -> str:
    (warning,) = warnings_of(journey(*points, **parts), texts={"hello": HELLO}, known=known)
    return warning.sentence


def test_a_contradiction_about_money_is_told_in_the_shops_currency() -> None:
    total = [field("order.total_minor", "lt", 5000), field("order.total_minor", "gt", 7500)]
    told = sentence(point(**{"if": {"all": total}}), known=KnownShop(currency="EUR"))
    assert told == (
        "Nobody can reach this: order total would have to be two things at once "
        "(order total is less than 50.00 EUR; order total is more than 75.00 EUR)."
    )


def field(name: str, op: str, value: Any = None) -> dict[str, Any]:
    return {"field": name, "op": op, **({} if value is None else {"value": value})}


def test_a_sound_journey_has_no_warning() -> None:
    assert said(point(), point("more", after="9d")) == []


def test_a_touchpoint_for_two_things_at_once_reaches_nobody() -> None:
    both = {"all": [field("order.country", "eq", "NL"), field("order.country", "eq", "DE")]}
    assert sentence(point(**{"if": both})) == (
        "Nobody can reach this: country it ships to would have to be two things at once "
        "(country it ships to is NL; country it ships to is DE)."
    )


def test_what_counts_from_a_touchpoint_nobody_reaches_is_not_reached_either() -> None:
    never = {"if": field("line.sku", "eq", "SERUM-30")}
    assert said(point("first", **never), point("second", anchor="sent:first")) == [
        ("first", "unreachable"),
        ("second", "unreachable"),
    ]


def test_what_counts_from_the_end_of_the_journey_is_never_sent() -> None:
    assert sentence(point(anchor="order_cancelled"), exit_on=["order_cancelled"]) == (
        "Nobody can reach this: the journey ends when the order is cancelled."
    )


def test_an_answer_needs_a_question() -> None:
    asked = {"if": field("answer", "gte", 9)}
    assert said(point(**asked)) == [("tips", "unreachable")]
    assert said(point("survey", ask={"question": "score"}), point(after="9d", **asked)) == []


def test_a_renamed_question_is_told_at_what_depends_on_it() -> None:
    dry = point(after="9d", **{"if": field("customer.traits.skin_type", "eq", "dry")})
    known = KnownShop(
        traits=frozenset({"birthday"}), kinds=frozenset({"order_placed", "delivered"})
    )
    assert said(point("survey", ask={"question": "skin-type"}), dry, known=known) == []
    renamed = point("survey", ask={"question": "skin"})
    found = warnings_of(journey(renamed, dry), texts={"hello": HELLO}, known=known)
    assert [w.sentence for w in found] == [
        "Nobody can reach this: no question asks for “skin type” and no customer has it."
    ]


def test_a_product_that_was_never_sold_is_told() -> None:
    known = KnownShop(skus=frozenset({"serum-30"}))
    gone = field("order.skus", "contains", "SERUM-50")
    assert said(point(**{"if": field("order.skus", "contains", "Serum-30")}), known=known) == []
    assert said(point(**{"if": gone}), known=known) == [("tips", "product_gone")]
    enter = {"on": "order_placed", "where": gone}
    assert said(point(), known=known, enter=enter) == [(None, "product_gone")]


def test_a_text_that_is_gone_is_told_before_it_is_missed() -> None:
    assert said(point(message="goodbye")) == [("tips", "text_gone")]


def test_an_event_that_px_was_never_told_of_is_told() -> None:
    known = KnownShop(kinds=frozenset({"order_placed"}))
    assert sentence(point(), known=known) == (
        "It waits until px is told that the parcel is delivered; it never was so far."
    )


def test_a_journey_that_does_not_exist_cannot_begin() -> None:
    react = [{"do": [{"enrol": "reviews"}]}]
    asks = point(ask={"question": "score"}, react=react)
    assert said(asks, known=KnownShop(journeys=frozenset({"other"}))) == [("tips", "journey_gone")]
    assert said(asks, known=KnownShop(journeys=frozenset({"reviews"}))) == []


@pytest.mark.parametrize("anchor", ["order_placed", "shipped", "sent:thanks"])
def test_a_review_is_not_asked_for_before_the_parcel_is_there(anchor: str) -> None:
    thanks = point("thanks", anchor="order_placed")
    ask = point("review-request", anchor=anchor, after="20d")
    assert said(thanks, ask) == [("review-request", "early_review")]


def test_a_review_after_delivery_is_fine() -> None:
    assert said(point("review-request")) == []
    delivered = {"if": {"did": "delivered"}}
    assert said(point("review-request", anchor="order_placed", after="9d", **delivered)) == []


def test_a_request_in_the_words_counts_as_one_and_the_word_preview_does_not() -> None:
    asks = TemplateParts("Hello", "Would you write a short review?", "", "")
    early = point(anchor="order_placed")
    assert said(early, text=asks) == [("tips", "early_review")]
    shows = TemplateParts("Hello", "A preview of what comes. Please check the address.", "", "")
    assert said(early, text=shows) == []


@pytest.mark.parametrize("words", ["Your coupon: TEN", "15% off your next order", "a voucher"])
def test_a_coupon_does_not_belong_into_a_part_of_the_order(words: str) -> None:
    text = TemplateParts("Hello", words, "", "")
    assert said(point(purpose="transactional"), text=text) == [("tips", "coupon")]
    assert said(point(purpose="marketing"), text=text) == []


def test_the_discount_of_the_order_is_no_coupon() -> None:
    text = TemplateParts("Hello", "Discount: {{ order.discount }}", "", "")
    assert said(point(purpose="transactional"), text=text) == []


def test_links_that_are_not_tracked_are_told() -> None:
    assert said(point(), known=KnownShop(tracks_links=False)) == [("tips", "untracked")]
    order = point(purpose="transactional")
    assert said(order, known=KnownShop(tracks_links=False)) == []


def test_nobody_follows_a_link_that_is_not_there() -> None:
    bare = TemplateParts("Hello", "Hello there", "", "")
    follow = point("more", anchor="clicked:tips")
    assert said(point(), follow) == []
    assert said(point(), follow, text=bare) == [("more", "unreachable")]


def test_the_third_message_within_two_days_is_told() -> None:
    found = warnings_of(
        journey(point("a", after="1d"), point("b", after="2d"), point("c", after="2d12h")),
        texts={"hello": HELLO},
    )
    assert [(w.touchpoint, w.sentence) for w in found] == [
        ("c", "Three messages within two days: “A” and “B” come just before it.")
    ]


def test_messages_of_which_each_customer_gets_one_do_not_crowd() -> None:
    low = {"if": {"all": [field("answer", "lte", 6)]}}
    high = {"if": field("answer", "gte", 9)}
    asks = point("survey", ask={"question": "score"}, anchor="order_placed")
    found = said(asks, point("a"), point("b", after="2d", **low), point("c", after="2d", **high))
    assert found == []


def test_repeats_crowd_too() -> None:
    drip = point("drip", after="0", repeat={"every": "1d", "times": 9})
    assert ("tips", "crowded") not in said(drip, point(after="5d"))
    assert ("tips", "crowded") in said(drip, point("other", after="5d"), point(after="5d1h"))


def test_a_mail_without_words_or_subject_is_told() -> None:
    picture = TemplateParts("", "![](https://shop.example/a.png)", "", "")
    assert {kind for _, kind in said(point(), text=picture)} == {"no_subject", "no_text"}


def test_a_text_message_of_three_parts_is_told_with_its_size() -> None:
    text = TemplateParts("Hello", "Hello", "x" * 400, "")
    found = warnings_of(journey(point(channels=["sms"])), texts={"hello": text})
    assert [w.sentence for w in found] == ["As SMS it takes 3 parts, each paid like one message."]


def test_a_phone_gets_the_words_of_the_mail_only_with_a_warning() -> None:
    text = TemplateParts("Hello", "Hello", "", "")
    assert said(point(channels=["whatsapp", "email"]), text=text) == [("tips", "no_text")]


def test_what_waits_for_good_is_told() -> None:
    assert said(point(), hold_on=["return_requested"]) == [(None, "held_for_good")]


def test_a_touchpoint_that_is_still_being_written_is_left_out() -> None:
    assert said(point(), {"key": "half", "anchor": "delivered"}, point("b", after="oops")) == []
    assert warnings_of({"touchpoints": None}, texts={}) == []
