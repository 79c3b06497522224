"""Journeys in plain words."""

import pytest

from db.kinds import EventKind
from px.journeys.deeds import deed_words
from px.journeys.words import (
    condition_words,
    days_words,
    event_clause,
    labels,
    length_words,
    timing_words,
    touchpoint_sentence,
    window_words,
)

NAMES = {"how-to-start": "First use in three steps"}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("1d", "1 day"),
        ("90d", "90 days"),
        ("1w2d3h", "1 week, 2 days and 3 hours"),
        ("30m", "30 minutes"),
        ("-5d", "5 days"),
        ("soon", "soon"),
    ],
)
def test_a_length_is_said_in_words(written: str, said: str) -> None:
    assert length_words(written) == said


@pytest.mark.parametrize(
    ("point", "said"),
    [
        ({"anchor": "delivered", "after": "1d", "at": "09:15"},
         "1 day after the parcel is delivered, at 09:15"),
        ({"anchor": "order_placed"}, "as soon as the order is placed"),
        ({"anchor": "order_placed", "after": "0d"}, "as soon as the order is placed"),
        ({"anchor": "delivered", "after": "10d"}, "10 days after the parcel is delivered"),
        ({"anchor": "unanswered:how-to-start", "after": "1d"},
         "1 day after “First use in three steps” stays without an answer"),
        ({"anchor": "clicked:how-to-start", "after": "0"},
         "as soon as a link in “First use in three steps” is followed"),
        ({"anchor": "sent:gone", "after": "2h"}, "2 hours after another touchpoint is sent"),
        ({"anchor": "date:subscription.renews_on", "after": "-5d"},
         "5 days before the renewal date"),
        ({"anchor": "date:customer.traits.birthday"}, "on the customer's birthday"),
        ({"anchor": "milestone:first_use", "after": "1w"},
         "1 week after the milestone “first use” is reached"),
        ({}, "as soon as something happens"),
    ],
)  # fmt: skip
def test_when_a_touchpoint_is_due_is_a_clause(point: dict[str, str], said: str) -> None:
    assert timing_words(point, NAMES) == said


@pytest.mark.parametrize(
    ("window", "said"),
    [
        (None, ""),
        ({"from": "09:00", "to": "20:00"}, "between 09:00 and 20:00"),
        ({"from": "09:00"}, "from 09:00"),
        ({"to": "12:00"}, "before 12:00"),
        (
            {"from": "09:00", "to": "20:00", "days": ["mon", "tue", "wed", "thu", "fri"]},
            "Mon to Fri between 09:00 and 20:00",
        ),
        ({"days": ["sat", "sun"]}, "Sat and Sun"),
        ({"days": ["fri", "mon", "wed"]}, "Mon, Wed and Fri"),
    ],
)
def test_a_window_is_said_in_words(window: dict[str, object] | None, said: str) -> None:
    assert window_words(window) == said


def test_all_seven_days_are_not_worth_saying() -> None:
    assert days_words(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]) == ""


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (
            {"field": "order.skus", "op": "contains", "value": "SERUM-30"},
            "SKUs in the order include SERUM-30",
        ),
        (
            {"field": "customer.traits.skin_type", "op": "exists"},
            "skin type is known",
        ),
        (
            {"field": "customer.country", "op": "in", "value": ["DE", "AT"]},
            "customer's country is one of DE or AT",
        ),
        ({"field": "order.is_first", "op": "eq", "value": False}, "it is not their first order"),
        ({"field": "order.is_first", "op": "ne", "value": False}, "it is their first order"),
        (
            {"did": "order_placed", "within": "30d", "times": 2},
            "they bought at least 2 times within 30 days",
        ),
        (
            {
                "all": [
                    {"field": "answer", "op": "gte", "value": 9},
                    {"any": [{"did": "delivered"}, {"not": {"did": "shipped"}}]},
                ]
            },
            "the answer is at least 9 and (a parcel was delivered or no parcel was shipped)",
        ),
        (
            {"not": {"did": "order_placed", "within": "90d", "times": 2}},
            "they bought fewer than 2 times within 90 days",
        ),
        (
            {"not": {"any": [{"did": "shipped"}, {"did": "milestone:first_use"}]}},
            "it is not so that (a parcel was shipped or they reached the milestone “first use”)",
        ),
        ("not a condition", ""),
    ],
)
def test_a_condition_is_said_in_words(condition: object, said: str) -> None:
    assert condition_words(condition) == said


@pytest.mark.parametrize(
    ("condition", "currency", "said"),
    [
        ({"field": "order.total_minor", "op": "gte", "value": 5000}, "EUR",
         "order total is at least 50.00 EUR"),
        ({"field": "order.total_minor", "op": "gte", "value": 5000}, "JPY",
         "order total is at least 5,000 JPY"),
        ({"field": "order.total_minor", "op": "gte", "value": 5000}, "KWD",
         "order total is at least 5.000 KWD"),
        ({"field": "order.total_minor", "op": "gte", "value": 5000}, "",
         "order total is at least 50.00"),
        ({"field": "customer.spent_minor", "op": "lt", "value": 123450}, "EUR",
         "spent so far is less than 1,234.50 EUR"),
        ({"field": "customer.spent_minor", "op": "in", "value": [5000, 7050]}, "EUR",
         "spent so far is one of 50.00 EUR or 70.50 EUR"),
        ({"field": "order.total_minor", "op": "eq", "value": "5000"}, "EUR",
         "order total is 50.00 EUR"),
        ({"field": "order.total_minor", "op": "eq", "value": 5000.5}, "EUR",
         "order total is 50.005"),
        ({"field": "order.total_minor", "op": "eq", "value": "a lot"}, "EUR",
         "order total is a lot"),
        ({"field": "order.total_minor", "op": "gte", "value": None}, "EUR",
         "order total is at least …"),
        ({"field": "order.total_minor", "op": "exists"}, "EUR", "order total is known"),
        ({"any": [{"did": "shipped"},
                  {"not": {"all": [{"field": "order.total_minor", "op": "gt", "value": 5000},
                                   {"field": "answer", "op": "gte", "value": 9}]}}]}, "EUR",
         "a parcel was shipped or it is not so that "
         "(order total is more than 50.00 EUR and the answer is at least 9)"),
    ],
)  # fmt: skip
def test_an_amount_in_a_condition_is_said_in_the_shops_currency(
    condition: object, currency: str, said: str
) -> None:
    assert condition_words(condition, currency) == said


def test_a_touchpoint_for_large_orders_says_the_amount_in_its_sentence() -> None:
    point = {
        "anchor": "delivered",
        "if": {"field": "order.total_minor", "op": "gte", "value": 5000},
        "message": "thank-you",
    }
    assert touchpoint_sentence(point, {}, currency="EUR") == (
        "As soon as the parcel is delivered, by email, "
        "only if order total is at least 50.00 EUR: Thank you"
    )


def test_a_whole_touchpoint_is_one_readable_sentence() -> None:
    point = {
        "key": "how-to-start",
        "anchor": "delivered",
        "after": "1d",
        "at": "09:15",
        "window": {"from": "09:00", "to": "20:00", "days": ["mon", "tue", "wed", "thu", "fri"]},
        "channels": ["whatsapp", "sms", "email"],
        "message": "first-use",
    }
    assert touchpoint_sentence(point, {}, {"first-use": "First use in three steps"}) == (
        "1 day after the parcel is delivered, at 09:15, Mon to Fri between 09:00 and 20:00, "
        "by WhatsApp, else SMS, else email: First use in three steps"
    )


def test_a_repeated_touchpoint_with_two_texts_and_a_condition_says_all_of_it() -> None:
    point = {
        "anchor": "delivered",
        "after": "30d",
        "repeat": {"every": "1d", "times": 3},
        "if": {"field": "customer.orders", "op": "gte", "value": 2},
        "variants": [{"weight": 1, "message": "care-a"}, {"weight": 1, "message": "care-b"}],
    }
    assert touchpoint_sentence(point, {}) == (
        "30 days after the parcel is delivered, every day, 3 times, by email, "
        "only if number of orders is at least 2: Care a or Care b"
    )


def test_an_unfinished_touchpoint_can_be_said_too() -> None:
    assert touchpoint_sentence({"anchor": "", "channels": []}, {}) == (
        "As soon as something happens, by email"
    )


def test_touchpoints_are_called_by_their_name_else_by_their_key() -> None:
    document = {"touchpoints": [{"key": "a-b", "name": None}, {"key": "c", "name": "Care"}]}
    assert labels(document) == {"a-b": "A b", "c": "Care"}


def test_every_event_kind_has_a_clause_of_its_own() -> None:
    assert [kind for kind in EventKind if event_clause(kind).endswith(" happens")] == []


def test_every_event_kind_is_a_deed_that_happened_or_did_not() -> None:
    for kind in EventKind:
        assert not deed_words(kind).endswith(" happened"), kind
        assert not deed_words(kind, negated=True).endswith(" did not happen"), kind
    assert deed_words("order_placed") == "they bought"
    assert deed_words("milestone:first_use", negated=True) == (
        "they did not reach the milestone “first use”"
    )
