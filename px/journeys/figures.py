"""The figures of a rehearsal: how many, why not, on which days, and what they read. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from px.journeys.rehearsal import RehearsedTouch, sent


@dataclass(frozen=True, slots=True)
class Figures:
    """What a rehearsal comes to.

    `outcomes` counts by status and reason, the most first; `per_touchpoint` by touchpoint and
    status; `per_day` and channel, every day from the first message to the last without a gap in it.
    """

    enrolments: int
    customers: int
    messages: int
    written_to: int
    outcomes: list[tuple[str, str | None, int]]
    per_touchpoint: dict[str, dict[str, int]]
    per_day: list[tuple[date, str, int]]
    busiest: tuple[date, int] | None
    examples: list[RehearsedTouch]


def rehearsal_figures(rows: Sequence[RehearsedTouch], *, zone: str, examples: int = 5) -> Figures:
    """The figures of these rows, days counted in the shop's zone."""
    gone = sent(rows)
    days = _per_day(gone, ZoneInfo(zone))
    busy: Counter[date] = Counter()
    for day, _channel, number in days:
        busy[day] += number
    return Figures(
        enrolments=len({row.enrolment for row in rows}),
        customers=len({row.customer for row in rows}),
        messages=len(gone),
        written_to=len({row.customer for row in gone}),
        outcomes=_outcomes(rows),
        per_touchpoint=_per_touchpoint(rows),
        per_day=days,
        busiest=max(busy.items(), key=lambda entry: (entry[1], entry[0])) if busy else None,
        examples=pick_examples(gone, examples),
    )


def pick_examples(gone: Sequence[RehearsedTouch], count: int) -> list[RehearsedTouch]:
    """Messages to read: one of each touchpoint first, to as many customers as there are."""
    chosen: list[RehearsedTouch] = []
    by_point: dict[str, list[RehearsedTouch]] = {}
    for row in gone:
        by_point.setdefault(row.touch.touchpoint, []).append(row)
    while len(chosen) < count and any(by_point.values()):
        for rows in by_point.values():
            met = {row.customer for row in chosen}
            fresh = [row for row in rows if row.customer not in met] or rows
            if fresh and len(chosen) < count:
                chosen.append(fresh[0])
                rows.remove(chosen[-1])
    return chosen


def _outcomes(rows: Sequence[RehearsedTouch]) -> list[tuple[str, str | None, int]]:
    counts = Counter(
        (str(row.touch.status), str(row.touch.reason) if row.touch.reason else None) for row in rows
    )
    return [(status, reason, number) for (status, reason), number in counts.most_common()]


def _per_touchpoint(rows: Sequence[RehearsedTouch]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for row in rows:
        own = counts.setdefault(row.touch.touchpoint, {})
        own[str(row.touch.status)] = own.get(str(row.touch.status), 0) + 1
    return counts


def _per_day(gone: Sequence[RehearsedTouch], zone: ZoneInfo) -> list[tuple[date, str, int]]:
    counts = Counter(
        (row.touch.settled_at.astimezone(zone).date(), str(row.touch.channel))
        for row in gone
        if row.touch.settled_at
    )
    return sorted((day, channel, number) for (day, channel), number in counts.items())
