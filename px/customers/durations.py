"""Lengths of time as people write them: 30m, 2h, 3d, 1w, summed as 1w2d3h; 0 is at once."""

import re
from dataclasses import dataclass
from datetime import timedelta

_PART = re.compile(r"(\d{1,6})([wdhm])")
_WHOLE = re.compile(r"-?(?:\d{1,6}[wdhm])+")
_MINUTES = {"h": 60, "m": 1}
_DAYS = {"w": 7, "d": 1}
ALLOWED = "30m, 2h, 3d, 1w or sums such as 1w2d3h"
LONGEST_DAYS = 3660


@dataclass(frozen=True, slots=True)
class Duration:
    """Days, counted on the calendar, and minutes, counted exactly. Both have the same sign."""

    days: int = 0
    minutes: int = 0

    @property
    def exact(self) -> timedelta:
        """The same length with days of 24 hours."""
        return timedelta(days=self.days, minutes=self.minutes)

    def times(self, n: int) -> "Duration":
        """This length n times over."""
        return Duration(self.days * n, self.minutes * n)

    def plus(self, other: "Duration") -> "Duration":
        """Both lengths one after the other."""
        return Duration(self.days + other.days, self.minutes + other.minutes)


def parse_duration(text: object) -> Duration:
    """The length of time that `text` says. ValueError says what is allowed."""
    if text in (0, "0"):
        return Duration()
    if not isinstance(text, str) or not _WHOLE.fullmatch(text):
        raise ValueError(f"{text!r} is not a length of time; allowed: {ALLOWED}")
    days = minutes = 0
    for number, unit in _PART.findall(text):
        days += int(number) * _DAYS.get(unit, 0)
        minutes += int(number) * _MINUTES.get(unit, 0)
    if days + minutes / 1440 > LONGEST_DAYS:
        raise ValueError(f"{text!r} is longer than ten years")
    sign = -1 if text.startswith("-") else 1
    return Duration(sign * days, sign * minutes)
