"""What the variants of a touchpoint say about which text is better, in a plain sentence.

They are compared by what a person did, answered or followed a link, never by openings: machines
open too. A verdict is only called clear when it stays right however often one looks at it.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from px.journeys.results.chance import (
    Interval,
    Share,
    difference,
    difference_at_any_time,
    needed_each,
    wilson,
)
from px.journeys.results.results import Results

# With fewer a rate is a story about single people.
FEWEST_SENT = 50
FEWEST_DEEDS = 10
# Beyond so many no shop waits: the texts do the same for all that matters.
_MOST_MORE = 50_000
Word = Literal["clear", "leaning", "cannot tell yet"]


class Verdict(NamedTuple):
    """Which variant does better at what, how sure that is, and the sentence that says so.

    `apart` is where the true difference of the first to the second lies.
    """

    word: Word
    deed: str
    first: str
    second: str
    apart: Interval
    sentence: str


def verdict_of(results: Results, names: Mapping[str, str], *, asks: bool = False) -> Verdict | None:
    """The two variants with the highest shares against each other; None for fewer than two.

    A touchpoint that asks something is judged by its answers, every other by its clicks. `names`
    are what people call the variants.
    """
    if len(results.by_variant) < 2:
        return None
    deed = "answered" if asks else "clicked"
    shares = {key: Share(getattr(one, deed), one.sent) for key, one in results.by_variant.items()}
    first, second = sorted(shares, key=lambda key: (-shares[key].rate, key))[:2]
    # The best of many is often best by chance: each pair must be surer.
    level = 1 - 0.05 / (len(shares) - 1)
    apart = difference(shares[first], shares[second], level)
    called = (names.get(first, first), names.get(second, second))
    word, sentence = _said(called, deed, (shares[first], shares[second]), apart, level)
    return Verdict(word, deed, first, second, apart, sentence)


def _said(
    called: tuple[str, str], deed: str, shares: tuple[Share, Share], apart: Interval, level: float
) -> tuple[Word, str]:
    first, second = shares
    if min(first.n, second.n) < FEWEST_SENT or first.k + second.k < FEWEST_DEEDS:
        return "cannot tell yet", _too_early(called, shares)
    if first.rate == second.rate:
        return "cannot tell yet", (
            f"{called[0]} and {called[1]} are {deed} equally often: {percent(first.rate)}."
        )
    rates = f"{called[0]} is {deed} more: {percent(first.rate)} against {percent(second.rate)}"
    if difference_at_any_time(first, second, level).is_apart:
        return "clear", f"{rates}. That is more than chance."
    more = 2 * needed_each(first.rate, second.rate, level) - first.n - second.n
    if apart.is_apart:
        until = f" About {_rounded(more)} more would make it sure." if more > 0 else ""
        return "leaning", (
            f"{rates}. That may be more than chance, but whoever looks often sees such a"
            f" difference now and then: keep it running.{until}"
        )
    if more > _MOST_MORE:
        return "cannot tell yet", (
            f"{rates}; this could be chance, and a difference so small would take more than"
            f" {_MOST_MORE:,} more to be sure of. Take the text that you like better."
        )
    until = f" until about {_rounded(more)} more are sent" if more > 0 else ""
    return "cannot tell yet", f"{rates}; this could be chance: keep it running{until}."


def _too_early(called: tuple[str, str], shares: tuple[Share, Share]) -> str:
    sent = " and ".join(
        f"{name} {share.n:,} {'time' if share.n == 1 else 'times'}"
        for name, share in zip(called, shares, strict=True)
    )
    return f"Too early to tell: {sent} sent so far."


def likely_share(k: int, n: int) -> Interval:
    """Where the true share lies of which k of n were seen, in 95 of 100 cases."""
    return wilson(Share(k, n))


def percent(rate: float) -> str:
    """A share as people read it: 12.1 %."""
    return f"{100 * rate:.1f} %"


def _rounded(number: int) -> str:
    """With two digits that say something: nobody knows it better."""
    step = 10 ** max(0, len(str(number)) - 2)
    return f"{-(-number // step) * step:,}"
