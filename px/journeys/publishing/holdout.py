"""What a held-out share can show: the smallest lift that this shop could tell from chance.

With 80 % power, two-sided 5 %. `sentence` is pure; `holdout_sentence` asks the shop.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from db.kinds import EventKind
from px.core.events import events_of, newest_of_kind
from px.core.settings import Settings
from px.customers.durations import parse_duration
from px.journeys.document import Document
from px.journeys.engine.compiled import compile_document
from px.journeys.results.chance import smallest_lift
from px.journeys.running.entering import who_would_enter

QUARTER = timedelta(days=90)
_FEWEST = 50
_ASKED = 1_000


@dataclass(frozen=True, slots=True)
class Entries:
    """How many customers enter in a quarter, and which share of them reaches the goal anyway."""

    customers: int
    base: float


def sentence(held_out: float, entries: Entries) -> str:
    """What to expect of holding out this share, before the launch."""
    if entries.customers < _FEWEST:
        return (
            f"About {entries.customers} customers enter in three months: too few to see from a "
            "held-out share what the journey does."
        )
    who = f"With about {_rounded(entries.customers)} customers in three months"
    usual = f"{who} ({_percent(entries.base)} come back anyway)"
    even = smallest_lift(entries.base, entries.customers, 0.5)
    could = "" if even is None else f" With half of them held out it would be {_points(even)}."
    if not held_out:
        return (
            "Nobody is held out, so nobody can tell what the journey does."
            + (f" {usual} and half of them held out" if could else "")
            + (f", a lift above {_points(even)} would show." if even else "")
        )
    lift = smallest_lift(entries.base, entries.customers, held_out)
    if lift is None:
        return f"{usual} and {_percent(held_out)} held out, no lift would show.{could}"
    shows = f"{usual} and {_percent(held_out)} held out, only a lift above {_points(lift)} shows."
    return shows + (could if even is not None and even < lift * 0.8 else "")


def holdout_sentence(
    session: Session, document: Document, *, settings: Settings, now: datetime
) -> str:
    """What this journey's held-out share can show in this shop."""
    return sentence(document.holdout, entries_of(session, document, settings=settings, now=now))


def entries_of(
    session: Session, document: Document, *, settings: Settings, now: datetime
) -> Entries:
    """Who would have entered in the last quarter, from a sample of the newest entry events, and
    which share of an earlier sample reached the goal within its time without the journey.
    """
    goal_on = document.goal.on if document.goal else EventKind.ORDER_PLACED.value
    within = parse_duration(document.goal.within if document.goal else "60d").exact
    lately = _sample(session, document, since=now - QUARTER, until=now, settings=settings, now=now)
    ended = _sample(
        session,
        document,
        since=now - within - QUARTER,
        until=now - within,
        settings=settings,
        now=now,
    )
    first = _first_of_each(ended.entered)
    reached = events_of(session, first, [goal_on])
    won = sum(
        any(at < happened.at <= at + within for happened in reached.get(customer_id, ()))
        for customer_id, at in first.items()
    )
    return Entries(lately.customers, won / len(first) if first else 0.0)


@dataclass(frozen=True, slots=True)
class _Sample:
    customers: int
    entered: list[tuple[int, datetime]]


def _sample(
    session: Session,
    document: Document,
    *,
    since: datetime,
    until: datetime,
    settings: Settings,
    now: datetime,
) -> _Sample:
    events, total = newest_of_kind(
        session, document.enter.on, since=since, until=until, limit=_ASKED
    )
    entered = who_would_enter(
        session, compile_document(document), events, settings=settings, now=now
    )
    people = len({customer_id for customer_id, _at in entered})
    return _Sample(round(people * total / len(events)) if events else 0, entered)


def _first_of_each(entered: Iterable[tuple[int, datetime]]) -> dict[int, datetime]:
    first: dict[int, datetime] = {}
    for customer_id, at in entered:
        first[customer_id] = min(at, first.get(customer_id, at))
    return first


def _rounded(number: int) -> str:
    return f"{round(number, -2) if number >= 1_000 else round(number, -1):,}"


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %" if share >= 0.01 or not share else f"{share * 100:.1f} %"


def _points(share: float) -> str:
    points = share * 100
    return f"{points:.1f} points" if points < 3 else f"{points:.0f} points"
