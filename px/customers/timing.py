"""When a touch is due: local calendars, clock changes, times of day, windows and quiet hours. Pure.

Days are counted on the local calendar, hours and minutes exactly. A local time that does not exist
moves to the first instant after the gap; one that happens twice means the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from px.customers.durations import Duration

DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = timedelta(days=1)


def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which clocks in `zone` show the naive time `wall`."""
    moment = wall.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall:
        return moment
    return _end_of_gap(wall, zone)


def _end_of_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant after the gap in which `wall` lies: found between the readings of both
    offsets.
    """
    low = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    high = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // 2
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """00:00 of that day in `zone`, in UTC."""
    return instant(datetime.combine(day, time()), zone)


def later(base: datetime, after: Duration, zone: ZoneInfo) -> datetime:
    """`base` plus the days on the local calendar, then the minutes exactly."""
    moment = base
    if after.days:
        wall = base.astimezone(zone).replace(tzinfo=None) + timedelta(days=after.days)
        moment = instant(wall, zone)
    return moment + timedelta(minutes=after.minutes) if after.minutes else moment


def nominal_time(base: datetime, after: Duration, at: time | None, zone: ZoneInfo) -> datetime:
    """When a touch is due before windows, quiet hours and the cap: rules 2 and 3 of the format."""
    moment = later(base, after, zone)
    if at is None:
        return moment
    day = moment.astimezone(zone).date()
    chosen = instant(datetime.combine(day, at), zone)
    if chosen < moment and abs(after.exact) < _DAY:
        return instant(datetime.combine(day + _DAY, at), zone)
    return chosen


@dataclass(frozen=True, slots=True)
class Hours:
    """Open hours on some days. From later than to crosses midnight and belongs to the day on which
    it opens.
    """

    opens: time = time()
    closes: time = time()
    days: frozenset[int] | None = None
    any_hour: bool = False

    def is_open(self, wall: datetime) -> bool:
        """Whether it is open at that local time; `opens` is inside, `closes` is not."""
        clock, opens, closes = wall.time(), self.opens, self.closes
        if self.any_hour or opens == closes:
            return self._on(wall)
        if opens < closes:
            return opens <= clock < closes and self._on(wall)
        return (clock >= opens and self._on(wall)) or (clock < closes and self._on(wall - _DAY))

    def next_opening(self, wall: datetime) -> datetime:
        """The next local time, not before `wall`, at which it opens; with days alone the hour is
        kept.
        """
        clock = wall.time() if self.any_hour else self.opens
        for days in range(9):
            opening = datetime.combine(wall.date() + timedelta(days=days), clock)
            if opening >= wall and self._on(opening):
                return opening
        raise ValueError("a window that never opens")

    def _on(self, wall: datetime) -> bool:
        return self.days is None or wall.weekday() in self.days


def open_hours(start: str | None, end: str | None, days: list[str] | None) -> Hours:
    """The window of a touchpoint as written: each part may be missing."""
    chosen = None if not days else frozenset(DAY_NAMES.index(day) for day in days)
    if start is None and end is None:
        return Hours(days=chosen, any_hour=True)
    return Hours(time.fromisoformat(start or "00:00"), time.fromisoformat(end or "00:00"), chosen)


@cache
def outside(quiet: tuple[time, time]) -> Hours:
    """The hours that are not quiet."""
    return Hours(opens=quiet[1], closes=quiet[0])


def first_open(
    moment: datetime, hours: tuple[Hours, ...], zone: ZoneInfo
) -> tuple[datetime, int | None]:
    """The first moment, not before `moment`, at which all `hours` are open, and which of them moved
    it first.

    ValueError when they are never open together.
    """
    moved_by: int | None = None
    for _ in range(40):
        wall = moment.astimezone(zone).replace(tzinfo=None)
        closed = 0
        for part in hours:
            if not part.is_open(wall):
                break
            closed += 1
        else:
            return moment, moved_by
        moved_by = closed if moved_by is None else moved_by
        opens = hours[closed].next_opening(wall)
        opening = instant(opens, zone)
        # Clocks went back across the opening and it is behind us: this is its second pass.
        moment = opening if opening > moment else opens.replace(tzinfo=zone, fold=1).astimezone(UTC)
    raise ValueError("hours that are never open together")


def cap_frees_at(sent: Sequence[datetime], moment: datetime, messages: int, days: int) -> datetime:
    """The first moment, not before `moment`, with fewer than `messages` sent in the `days` of 24
    hours before it.

    `sent` is sorted, oldest first, and may reach past `moment`.
    """
    span = timedelta(days=days)
    while True:
        inside = [at for at in sent if moment - span < at <= moment]
        if len(inside) < messages:
            return moment
        moment = inside[len(inside) - messages] + span
