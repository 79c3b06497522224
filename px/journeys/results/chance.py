"""Whether a difference between two shares may be chance: the arithmetic, without the words.

Shares are k of n. Sources: Newcombe, Statistics in Medicine 17 (1998), method 10, for the interval
of a difference; Robbins' normal mixture for one that may be looked at every day; Fleiss, Levin and
Paik, Statistical Methods for Rates and Proportions, for the size of a trial.
"""

from math import ceil, log, sqrt
from statistics import NormalDist
from typing import NamedTuple

LEVEL = 0.95
POWER = 0.8
# How large a difference in a share usually is, for the interval that may be looked at every day.
_USUAL = 0.03


class Share(NamedTuple):
    """k of n."""

    k: int
    n: int

    @property
    def rate(self) -> float:
        """As a part of one; of none, none."""
        return self.k / self.n if self.n else 0.0


class Interval(NamedTuple):
    """From and to."""

    low: float
    high: float

    @property
    def is_apart(self) -> bool:
        """Whether no difference at all lies outside of it."""
        return self.low > 0 or self.high < 0


def wilson(share: Share, level: float = LEVEL) -> Interval:
    """Where the true share lies (Wilson's score interval); anywhere when n is 0."""
    if not share.n:
        return Interval(0.0, 1.0)
    z, p, n = _z(level), share.rate, share.n
    middle = p + z * z / (2 * n)
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    whole = 1 + z * z / n
    return Interval(max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole))


def difference(one: Share, other: Share, level: float = LEVEL) -> Interval:
    """Where the true difference of the shares lies (Newcombe's hybrid score interval)."""
    first, second = wilson(one, level), wilson(other, level)
    p, q = one.rate, other.rate
    return Interval(
        p - q - sqrt((p - first.low) ** 2 + (second.high - q) ** 2),
        p - q + sqrt((first.high - p) ** 2 + (q - second.low) ** 2),
    )


def difference_at_any_time(one: Share, other: Share, level: float = LEVEL) -> Interval:
    """Where the true difference lies, right with this level however often one looks meanwhile.

    A usual interval that is looked at daily for a quarter is wrong in a third of all cases.
    """
    if not one.n or not other.n:
        return Interval(-1.0, 1.0)
    # With half a case more on each side a share of none still has a spread.
    p, q = ((share.k + 0.5) / (share.n + 1) for share in (one, other))
    spread = p * (1 - p) / one.n + q * (1 - q) / other.n
    usual = _USUAL**2
    widening = (spread + usual) / usual * (2 * log(1 / (1 - level)) + log(1 + usual / spread))
    half, middle = sqrt(spread * widening), one.rate - other.rate
    return Interval(max(-1.0, middle - half), min(1.0, middle + half))


def needed_each(one: float, other: float, level: float = LEVEL, power: float = POWER) -> int:
    """How many on each side to tell such shares apart in four of five trials; 0 for equal ones."""
    if one == other:
        return 0
    mean = (one + other) / 2
    by_chance = _z(level) * sqrt(2 * mean * (1 - mean))
    by_power = NormalDist().inv_cdf(power) * sqrt(one * (1 - one) + other * (1 - other))
    return ceil(((by_chance + by_power) / (one - other)) ** 2)


def _z(level: float) -> float:
    return NormalDist().inv_cdf((1 + level) / 2)
