"""The pressure map: how many messages each customer gets in each week, from which journeys, what
the cap moves and drops, and what another order of the journeys would change.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from db.kinds import JourneyStatus, Reason, TouchStatus
from db.models.journeys import Enrolment, Journey
from db.models.journeys import Touch as TouchRow
from px.core.bulk import chunks
from px.core.errors import NotFound
from px.core.events import newest_event
from px.core.settings import Settings
from px.journeys.ahead.forecast import DAYS, ExpectedTouch, Forecast, Progress, expected_touches
from px.messages import reprioritise

MOST = 4
_WEEK = 7
_ON = (JourneyStatus.LIVE, JourneyStatus.PAUSED)
Cells = dict[tuple[int, int], int]


@dataclass(frozen=True, slots=True)
class OrderedJourney:
    """A live or paused journey in the order of priority, the first goes first."""

    key: str
    name: str
    status: str


@dataclass(frozen=True, slots=True)
class CustomerWeek:
    """What one customer gets in one week, and what the cap moves or drops of it."""

    customer_id: int
    week: int
    messages: int
    journeys: tuple[str, ...]
    moved: int
    dropped: int


@dataclass(slots=True)
class JourneyPressure:
    """What a journey sends in these days, and what the cap does to it."""

    key: str
    name: str
    sent: int = 0
    moved: int = 0
    dropped: int = 0


@dataclass(slots=True)
class PressureMap:
    """Everything about the coming days. `cells` counts customers by week and number of messages,
    the number at most 4, which stands for 4 and more. `contended` are those with whom journeys
    compete for a place under the cap.
    """

    counted_at: datetime
    first_day: date
    days: int
    customers: int = 0
    messages: int = 0
    cells: Cells = field(default_factory=dict)
    crowded: list[CustomerWeek] = field(default_factory=list)
    by_journey: dict[str, JourneyPressure] = field(default_factory=dict)
    contended: list[int] = field(default_factory=list)
    estimate: Cells = field(default_factory=dict)

    @property
    def weeks(self) -> list[tuple[date, date]]:
        """First and last day of each week from today on; the last may be short."""
        starts = range(0, self.days, _WEEK)
        last = self.first_day + timedelta(days=self.days - 1)
        return [
            (day, min(day + timedelta(days=_WEEK - 1), last))
            for day in (self.first_day + timedelta(days=n) for n in starts)
        ]

    def at_least(self, messages: int, week: int) -> int:
        """How many customers get that many or more in the week."""
        return sum(n for (w, m), n in self.cells.items() if w == week and m >= messages)

    @property
    def moved(self) -> int:
        """Messages that the cap sends later."""
        return sum(one.moved for one in self.by_journey.values())

    @property
    def dropped(self) -> int:
        """Messages that the cap drops."""
        return sum(one.dropped for one in self.by_journey.values())


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a customer gets under another order of the journeys, and instead of what."""

    customer_id: int
    gets: tuple[ExpectedTouch, ...]
    instead_of: tuple[ExpectedTouch, ...]


@dataclass(slots=True)
class OrderEffect:
    """What another order changes: for whom, and by how many messages for each journey."""

    exchanges: list[Exchange] = field(default_factory=list)
    more: Counter[str] = field(default_factory=Counter)
    fewer: Counter[str] = field(default_factory=Counter)
    moved: int = 0


def pressure_map(
    session: Session,
    *,
    days: int = DAYS,
    settings: Settings,
    now: datetime,
    on_progress: Progress | None = None,
) -> PressureMap:
    """The map of the next days, over everybody inside a live journey."""
    zone = ZoneInfo(settings.shop_zone)
    found = PressureMap(now, now.astimezone(zone).date(), days)
    own: list[ExpectedTouch] = []
    touches = expected_touches(
        session, days=days, settings=settings, now=now, on_progress=on_progress
    )
    for touch in touches:
        if own and own[0].customer_id != touch.customer_id:
            _count(found, own, zone)
            own = []
        own.append(touch)
    _count(found, own, zone)
    found.crowded.sort(key=lambda one: (-one.messages, -one.dropped, one.week, one.customer_id))
    found.estimate = _estimate(session, days=days, now=now)
    return found


def effect_of_order(
    session: Session,
    keys: Sequence[str],
    customer_ids: Iterable[int],
    *,
    days: int = DAYS,
    settings: Settings,
    now: datetime,
) -> OrderEffect:
    """What these customers (the contended ones of a map) get instead with the journeys in this
    order.
    """
    today = Forecast(session, settings=settings, days=days, now=now)
    changed = Forecast(session, settings=settings, days=days, now=now, priorities=_priorities(keys))
    effect = OrderEffect()
    for ids in chunks(customer_ids, 500):
        before, after = _sent(today.of_customers(ids)), _sent(changed.of_customers(ids))
        for customer_id in ids:
            _compare(effect, customer_id, before.get(customer_id, {}), after.get(customer_id, {}))
    return effect


def ordered_journeys(session: Session) -> list[OrderedJourney]:
    """The live and paused journeys, that of the highest priority first."""
    rows = session.scalars(
        select(Journey)
        .where(col(Journey.status).in_(_ON))
        .order_by(col(Journey.priority).desc(), col(Journey.went_live_at), col(Journey.id))
    )
    return [OrderedJourney(row.key, row.name, row.status) for row in rows]


def set_order(session: Session, keys: Sequence[str]) -> None:
    """The journeys have priority in this order, the first most, also for what is in the outbox
    already. NotFound when one of them does not run.
    """
    known = {journey.key for journey in ordered_journeys(session)}
    if missing := [key for key in keys if key not in known]:
        raise NotFound(f"There is no live journey {missing[0]!r}: open the page again.")
    priorities = _priorities(keys)
    for key, priority in priorities.items():
        session.connection().execute(
            update(Journey).where(col(Journey.key) == key).values(priority=priority)
        )
    reprioritise(session, priorities)


def data_mark(session: Session) -> tuple[int, ...]:
    """Changes whenever something happened that a map depends on: events, touches, the order."""
    touches = session.scalar(select(func.max(col(TouchRow.id)))) or 0
    rows = session.execute(
        select(col(Journey.live_version_id), col(Journey.priority), col(Journey.status)).order_by(
            col(Journey.id)
        )
    )
    return newest_event(session), touches, hash(tuple(map(tuple, rows)))


def _priorities(keys: Sequence[str]) -> dict[str, int]:
    return {key: len(keys) - place for place, key in enumerate(keys)}


def _count(found: PressureMap, own: Sequence[ExpectedTouch], zone: ZoneInfo) -> None:
    """One customer's touches are in the map."""
    sent: dict[int, list[str]] = {}
    moved: Counter[int] = Counter()
    dropped: Counter[int] = Counter()
    for touch in own:
        if touch.is_message and touch.at is not None:
            _of_journey(found, touch).sent += 1
            sent.setdefault(_week(found, touch.at, zone), []).append(touch.journey)
        if touch.capped_at is not None:
            week = _week(found, touch.capped_at, zone)
            if touch.status is TouchStatus.SKIPPED and touch.reason is Reason.CAPPED:
                _of_journey(found, touch).dropped += 1
                dropped[week] += 1
            elif touch.status in (TouchStatus.SENT, TouchStatus.HELD):
                _of_journey(found, touch).moved += 1
                moved[week] += 1
    if own:
        _add(found, own[0].customer_id, sent, moved, dropped)


def _of_journey(found: PressureMap, touch: ExpectedTouch) -> JourneyPressure:
    fresh = JourneyPressure(touch.journey, touch.journey_name)
    return found.by_journey.setdefault(touch.journey, fresh)


def _add(
    found: PressureMap,
    customer_id: int,
    sent: Mapping[int, Sequence[str]],
    moved: Counter[int],
    dropped: Counter[int],
) -> None:
    if moved or dropped:
        found.contended.append(customer_id)
    found.customers += bool(sent)
    for week in sorted({*sent, *moved, *dropped}):
        journeys = sent.get(week, ())
        number = len(journeys)
        found.messages += number
        if number:
            place = (week, min(number, MOST))
            found.cells[place] = found.cells.get(place, 0) + 1
        if number > 1 or moved[week] or dropped[week]:
            names = tuple(dict.fromkeys(journeys))
            found.crowded.append(
                CustomerWeek(customer_id, week, number, names, moved[week], dropped[week])
            )


def _week(found: PressureMap, at: datetime, zone: ZoneInfo) -> int:
    return (at.astimezone(zone).date() - found.first_day).days // _WEEK


def _estimate(session: Session, *, days: int, now: datetime) -> Cells:
    """What the orders of as many days before brought their customers, week by week since then: a
    stand-in for the orders to come. An estimate, kept apart from the map.
    """
    begin = now - timedelta(days=days)
    rows = session.connection().execute(
        select(col(TouchRow.customer_id), col(TouchRow.settled_at))
        .join(Enrolment, col(Enrolment.id) == col(TouchRow.enrolment_id))
        .where(
            col(Enrolment.entered_at) >= begin,
            col(TouchRow.status) == TouchStatus.SENT,
            col(TouchRow.settled_at) >= begin,
            col(TouchRow.settled_at) <= now,
        )
    )
    numbers: Counter[tuple[int | None, int]] = Counter(
        (customer_id, (settled_at - begin).days // _WEEK)
        for customer_id, settled_at in rows
        if settled_at is not None
    )
    return dict(Counter((week, min(count, MOST)) for (_id, week), count in numbers.items()))


_Sent = Mapping[tuple[int, str, int], ExpectedTouch]


def _sent(touches: Iterable[ExpectedTouch]) -> dict[int, dict[tuple[int, str, int], ExpectedTouch]]:
    found: dict[int, dict[tuple[int, str, int], ExpectedTouch]] = {}
    for touch in touches:
        if touch.is_message:
            key = (touch.enrolment_id, touch.touchpoint, touch.occurrence)
            found.setdefault(touch.customer_id, {})[key] = touch
    return found


def _compare(effect: OrderEffect, customer_id: int, before: _Sent, after: _Sent) -> None:
    gets = tuple(touch for key, touch in after.items() if key not in before)
    instead_of = tuple(touch for key, touch in before.items() if key not in after)
    effect.moved += sum(key in after and after[key].at != one.at for key, one in before.items())
    effect.more.update(touch.journey for touch in gets)
    effect.fewer.update(touch.journey for touch in instead_of)
    if gets or instead_of:
        effect.exchanges.append(Exchange(customer_id, gets, instead_of))
