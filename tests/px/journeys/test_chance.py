"""The arithmetic of shares, against published figures."""

from random import Random

import pytest

from px.journeys.results.chance import (
    Interval,
    Share,
    difference,
    difference_at_any_time,
    needed_each,
    wilson,
)


def rounded(interval: Interval) -> tuple[float, float]:
    return round(interval.low, 4), round(interval.high, 4)


@pytest.mark.parametrize(
    ("one", "other", "published"),
    [
        # Newcombe 1998, Table II, method 10.
        (Share(56, 70), Share(48, 80), (0.0524, 0.3339)),
        (Share(9, 10), Share(3, 10), (0.1705, 0.8090)),
        (Share(6, 7), Share(2, 7), (0.0582, 0.8062)),
        (Share(5, 56), Share(0, 29), (-0.0381, 0.1926)),
        (Share(0, 10), Share(0, 20), (-0.1611, 0.2775)),
        (Share(0, 10), Share(0, 10), (-0.2775, 0.2775)),
        (Share(10, 10), Share(0, 20), (0.6791, 1.0)),
        (Share(10, 10), Share(0, 10), (0.6075, 1.0)),
    ],
)
def test_the_difference_of_two_shares_lies_where_newcombe_says(one, other, published):
    assert rounded(difference(one, other)) == published


def test_one_share_lies_where_wilson_says():
    # Newcombe 1998, Statistics in Medicine 17, 857-872, Table I.
    assert rounded(wilson(Share(81, 263))) == (0.2553, 0.3662)
    assert rounded(wilson(Share(15, 148))) == (0.0624, 0.1605)
    assert rounded(wilson(Share(0, 20))) == (0.0, 0.1611)
    assert rounded(wilson(Share(1, 29))) == (0.0061, 0.1718)
    assert wilson(Share(0, 0)) == (0.0, 1.0)


def test_the_other_way_round_it_is_the_same_with_the_other_sign():
    there, back = (
        difference(Share(12, 90), Share(30, 110)),
        difference(Share(30, 110), Share(12, 90)),
    )
    assert rounded(there) == (-rounded(back)[1], -rounded(back)[0])


@pytest.mark.parametrize(
    ("one", "other", "each"),
    [(0.20, 0.22, 6510), (0.10, 0.15, 686), (0.5, 0.6, 388), (0.1, 0.1, 0)],
)
def test_how_many_it_takes_to_tell_two_shares_apart(one, other, each):
    assert needed_each(one, other) == each


def test_looking_every_day_is_rarely_wrong_with_the_interval_made_for_it():
    """Two equal texts, looked at on 60 days: the usual interval cries wolf, this one hardly."""
    chance = Random(7)
    usual = lasting = 0
    for _trial in range(200):
        one = other = looks_usual = looks_lasting = 0
        for day in range(1, 61):
            one += sum(chance.random() < 0.1 for _ in range(20))
            other += sum(chance.random() < 0.1 for _ in range(20))
            shares = Share(one, 20 * day), Share(other, 20 * day)
            looks_usual |= difference(*shares).is_apart
            looks_lasting |= difference_at_any_time(*shares).is_apart
        usual += looks_usual
        lasting += looks_lasting
    assert usual > 40
    assert lasting < 10


def test_a_great_difference_is_seen_at_any_time():
    assert difference_at_any_time(Share(400, 2000), Share(200, 2000)).is_apart
    assert not difference_at_any_time(Share(4, 20), Share(2, 20)).is_apart
    assert difference_at_any_time(Share(0, 0), Share(5, 9)) == (-1.0, 1.0)
