"""Which text does better, in a sentence a shop owner may act on."""

import pytest

from px.journeys.results.results import Results
from px.journeys.results.verdict import verdict_of

NAMES = {"a": "A", "b": "B", "c": "C"}


def tried(**shares: tuple[int, int]) -> Results:
    """Variants with how many were followed of how many sent; everybody opened A."""
    return Results(
        by_variant={
            key: Results(sent=n, clicked=k, opened=n if key == "a" else 0)
            for key, (k, n) in shares.items()
        }
    )


def sentence(results: Results) -> str:
    verdict = verdict_of(results, NAMES)
    assert verdict is not None
    return verdict.sentence


def test_one_text_has_nobody_to_be_better_than():
    assert verdict_of(Results(sent=9), NAMES) is None
    assert verdict_of(tried(a=(1, 9)), NAMES) is None


def test_with_few_messages_it_is_too_early():
    assert sentence(tried(a=(9, 40), b=(1, 200))) == (
        "Too early to tell: A 40 times and B 200 times sent so far."
    )
    assert sentence(tried(a=(1, 1), b=(0, 0))).startswith("Too early to tell: A 1 time and")
    assert sentence(tried(a=(3, 900), b=(4, 900))).startswith("Too early to tell")


def test_a_small_difference_may_be_chance_and_says_how_long_to_go_on():
    made = tried(a=(94, 1000), b=(121, 1000))
    assert sentence(made) == (
        "B is clicked more: 12.1 % against 9.4 %; this could be chance: keep it running until about"
        " 2,200 more are sent."
    )


def test_a_difference_that_is_likely_says_so_and_is_not_called_sure():
    verdict = verdict_of(tried(a=(92, 1000), b=(122, 1000)), NAMES)
    assert verdict is not None
    assert verdict.word == "leaning"
    assert "keep it running" in verdict.sentence


def test_a_clear_difference_is_called_one():
    verdict = verdict_of(tried(a=(80, 1000), b=(160, 1000)), NAMES)
    assert verdict is not None
    assert (verdict.word, verdict.first, verdict.second) == ("clear", "b", "a")
    assert verdict.sentence == "B is clicked more: 16.0 % against 8.0 %. That is more than chance."


def test_nobody_waits_for_a_difference_that_does_not_matter():
    assert "Take the text that you like better" in sentence(tried(a=(1000, 10000), b=(1010, 10000)))
    assert (
        sentence(tried(a=(100, 1000), b=(100, 1000)))
        == "A and B are clicked equally often: 10.0 %."
    )


def test_openings_decide_nothing():
    verdict = verdict_of(tried(a=(80, 1000), b=(160, 1000)), NAMES)
    assert verdict is not None
    assert verdict.first == "b"
    assert verdict.deed == "clicked"


def test_a_question_is_judged_by_its_answers():
    results = Results(
        by_variant={
            "a": Results(sent=1000, clicked=300, answered=50),
            "b": Results(sent=1000, clicked=100, answered=150),
        }
    )
    verdict = verdict_of(results, NAMES, asks=True)
    assert verdict is not None
    assert verdict.sentence == "B is answered more: 15.0 % against 5.0 %. That is more than chance."


def test_of_three_the_two_best_are_compared_and_must_be_surer():
    two = verdict_of(tried(a=(80, 1000), b=(112, 1000)), NAMES)
    three = verdict_of(tried(a=(80, 1000), b=(112, 1000), c=(10, 1000)), NAMES)
    assert two is not None
    assert three is not None
    assert (three.first, three.second) == ("b", "a")
    assert three.apart.low < two.apart.low
    assert three.apart.high > two.apart.high


@pytest.mark.parametrize("share", [(0, 0), (0, 1000), (1000, 1000), (1, 1)])
def test_any_counts_have_a_sentence(share):
    assert sentence(tried(a=share, b=share))
    assert sentence(tried(a=share, b=(500, 1000)))
