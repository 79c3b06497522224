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


def people_needed(
    base: float, lift: float, held_out: float, level: float = LEVEL, power: float = POWER
) -> float:
    """How many people two groups need together to tell shares of `base` and `base + lift` apart,
    with the part `held_out` of them in the first.
    """
    treated = base + lift
    pooled = held_out * base + (1 - held_out) * treated
    by_chance = sqrt(pooled * (1 - pooled) * (1 / held_out + 1 / (1 - held_out)))
    by_itself = sqrt(base * (1 - base) / held_out + treated * (1 - treated) / (1 - held_out))
    normal = NormalDist().inv_cdf(power)
    return float(((_z(level) * by_chance + normal * by_itself) / lift) ** 2)


def needed_each(one: float, other: float, level: float = LEVEL, power: float = POWER) -> int:
    """How many on each side to tell such shares apart in four of five trials; 0 for equal ones."""
    if one == other:
        return 0
    return ceil(people_needed(one, other - one, 0.5, level, power) / 2)


def smallest_lift(base: float, people: int, held_out: float) -> float | None:
    """The smallest lift, as a share, that so many people could show; None when not even the
    largest could.
    """
    low, high = 0.0, 1 - base
    if high <= 0 or people_needed(base, high - 1e-9, held_out) > people:
        return None
    for _ in range(50):
        middle = (low + high) / 2
        if people_needed(base, middle, held_out) <= people:
            high = middle
        else:
            low = middle
    return high


def _z(level: float) -> float:
    return NormalDist().inv_cdf((1 + level) / 2)
