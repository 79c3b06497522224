"""What customers get in the next days over all live journeys together, if nothing new happens.

Everybody inside now is played forward (playing.py): repeats, dates, known anchors, the cap, quiet
hours and the priority of each journey. What waits for news (a parcel, an answer) is listed for one
customer as uncertain, with what it depends on.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import or_, select
from sqlmodel import Session, col

from db.kinds import Channel, EnrolmentStatus, EventKind, Reason, TouchStatus
from db.models.journeys import Enrolment
from db.models.journeys import Touch as TouchRow
from px.core.calm import without_collecting
from px.core.settings import Settings
from px.customers.timing import nominal_time
from px.journeys.ahead.playing import Became, Inside, Play
from px.journeys.engine.compiled import Point
from px.journeys.engine.facts import Touch
from px.journeys.plan import choose_channel
from px.journeys.running.subjects import Known, Subject, all_enrolled, by_customer, stored_touches
from px.journeys.running.versions import compiled_versions, running_journeys
from px.journeys.words import anchor_clause
from px.messages import under_way

DAYS = 30
_CUSTOMERS = 500
_MESSAGE_SENT = "message_sent"
_ON_THE_WAY = frozenset(
    {
        EventKind.SHIPPED,
        EventKind.OUT_FOR_DELIVERY,
        EventKind.DELIVERY_ATTEMPTED,
        EventKind.PICKUP_READY,
        EventKind.SHIPMENT_DELAYED,
        EventKind.SHIPMENT_STALLED,
        EventKind.SHIPMENT_LOST,
    }
)


@dataclass(frozen=True, slots=True)
class ExpectedTouch:
    """One touch as it is expected: sent, skipped, held (beyond the days asked for) or waiting.

    `at` is when it goes or is decided against, None when nobody knows. `provided` says what it
    depends on, empty when it comes by itself; `capped_at` is when the cap first stood in its way.
    """

    customer_id: int
    enrolment_id: int
    order_id: int | None
    journey: str
    journey_name: str
    touchpoint: str
    label: str
    occurrence: int
    status: TouchStatus
    reason: Reason | None
    at: datetime | None
    channel: Channel | None
    is_marketing: bool
    capped_at: datetime | None = None
    provided: str = ""

    @property
    def is_message(self) -> bool:
        """Whether the customer gets a message, as far as one can know."""
        return self.status is TouchStatus.SENT


Progress = Callable[[int, int], None]


def next_days(
    session: Session,
    *,
    customer_id: int | None = None,
    days: int = DAYS,
    settings: Settings,
    now: datetime,
) -> list[ExpectedTouch]:
    """What the customer, or everybody, is expected to get, oldest first; for one customer also
    what is uncertain, that without a time last.
    """
    if customer_id is None:
        found = list(expected_touches(session, days=days, settings=settings, now=now))
    else:
        forecast = Forecast(session, settings=settings, days=days, now=now)
        found = forecast.of_customers([customer_id], with_uncertain=True)
    late = datetime.max.replace(tzinfo=UTC)
    return sorted(found, key=lambda one: (one.at or late, one.journey, one.touchpoint))


def expected_touches(
    session: Session,
    *,
    days: int = DAYS,
    settings: Settings,
    now: datetime,
    priorities: Mapping[str, int] | None = None,
    on_progress: Progress | None = None,
) -> Iterator[ExpectedTouch]:
    """What everybody is expected to get, customer by customer; `priorities` by journey instead of
    those that are set. `on_progress` is told how many of how many customers are done.
    """
    forecast = Forecast(session, settings=settings, days=days, now=now, priorities=priorities)
    ids = forecast.customers()
    for start in range(0, len(ids), _CUSTOMERS):
        yield from forecast.of_customers(ids[start : start + _CUSTOMERS])
        if on_progress:
            on_progress(min(start + _CUSTOMERS, len(ids)), len(ids))


class Forecast:
    """The live journeys and the days to look ahead; asked for some hundred customers at a time."""

    def __init__(
        self,
        session: Session,
        *,
        settings: Settings,
        days: int,
        now: datetime,
        priorities: Mapping[str, int] | None = None,
    ) -> None:
        """The journeys are read once."""
        self.session = session
        self.settings = settings
        self.now = now
        self.end = now + timedelta(days=days)
        self.running = running_journeys(session)
        self.priorities = {
            journey.id: (priorities or {}).get(journey.key, journey.priority)
            for journey in self.running.values()
        }
        self._names: dict[int, dict[str, str]] = {}

    def customers(self) -> list[int]:
        """Everybody with something that may happen by itself in these days."""
        live = [j.id for j in self.running.values() if not j.is_paused]
        active = (
            select(col(Enrolment.customer_id))
            .where(
                col(Enrolment.status) == EnrolmentStatus.ACTIVE,
                col(Enrolment.journey_id).in_(live),
                col(Enrolment.customer_id).is_not(None),
            )
            .distinct()
            .order_by(col(Enrolment.customer_id))
        )
        if not self._listens_to_messages():
            awake = select(col(TouchRow.enrolment_id)).where(
                or_(col(TouchRow.wake_at) <= self.end, col(TouchRow.status) == TouchStatus.QUEUED)
            )
            active = active.where(col(Enrolment.id).in_(awake))
        return [id for (id,) in self.session.connection().execute(active) if id]

    def _listens_to_messages(self) -> bool:
        return any(_MESSAGE_SENT in journey.compiled.kinds for journey in self.running.values())

    def of_customers(
        self, customer_ids: Sequence[int], *, with_uncertain: bool = False
    ) -> list[ExpectedTouch]:
        """What these customers are expected to get."""
        with without_collecting():
            found: list[ExpectedTouch] = []
            for play in self._plays(customer_ids):
                play.until(self.end)
                found += [self._told(became) for became in play.became]
                found += self._beyond(play)
                if with_uncertain:
                    found += self._uncertain(play)
        return found

    def _plays(self, customer_ids: Sequence[int]) -> Iterator[Play]:
        session = self.session
        entrants = all_enrolled(session, self._active(customer_ids))
        ids = [entrant.id for entrant in entrants]
        compiled = compiled_versions(session, [e.version_id for e in entrants])
        stored = stored_touches(session, ids)
        known = Known(session, entrants, compiled.values(), self.settings, self.now)
        leaving = under_way(session, _queued(stored))
        for own in by_customer(entrants):
            insides = []
            for entrant in own:
                rows = stored.get(entrant.id, {})
                subject = known.subject(
                    entrant,
                    compiled[entrant.version_id],
                    is_paused=self._is_paused(entrant.journey_id),
                )
                subject.touch_ids = {key: row_id for key, (row_id, _touch) in rows.items()}
                touches = {key: touch for key, (_id, touch) in rows.items()}
                priority = self.priorities.get(entrant.journey_id, 0)
                insides.append(Inside(subject, priority, touches))
            sent = known.sent.get(own[0].customer_id or 0, [])
            yield Play(insides, sent, leaving, self.now)

    def _active(self, customer_ids: Sequence[int]) -> list[int]:
        statement = select(col(Enrolment.id)).where(
            col(Enrolment.customer_id).in_(customer_ids),
            col(Enrolment.status) == EnrolmentStatus.ACTIVE,
        )
        return [id for (id,) in self.session.connection().execute(statement) if id]

    def _is_paused(self, journey_id: int) -> bool:
        journey = self.running.get(journey_id)
        return journey is None or journey.is_paused

    def _told(self, became: Became) -> ExpectedTouch:
        touch = became.touch
        at = touch.settled_at
        return self._expected(became.inside, touch, at=at, capped_at=became.capped_at)

    def _beyond(self, play: Play) -> Iterator[ExpectedTouch]:
        """What the cap moves beyond these days."""
        for inside in play.insides:
            for key, capped_at in inside.capped_at.items():
                touch = inside.touches[key]
                if touch.settled_at is None and touch.status is TouchStatus.HELD:
                    yield self._expected(inside, touch, at=touch.due_at, capped_at=capped_at)

    def _expected(
        self,
        inside: Inside,
        touch: Touch,
        *,
        at: datetime | None,
        capped_at: datetime | None = None,
        provided: str | None = None,
    ) -> ExpectedTouch:
        subject = inside.subject
        point = subject.compiled.by_key[touch.touchpoint]
        journey = self.running.get(subject.journey_id)
        return ExpectedTouch(
            customer_id=subject.customer_id or 0,
            enrolment_id=subject.id,
            order_id=subject.order_id,
            journey=subject.compiled.key,
            journey_name=journey.name if journey else subject.compiled.document.name,
            touchpoint=touch.touchpoint,
            label=self._names_in(subject)[touch.touchpoint],
            occurrence=touch.occurrence,
            status=touch.status,
            reason=touch.reason,
            at=at,
            channel=touch.channel,
            is_marketing=point.is_marketing,
            capped_at=capped_at,
            provided=self._depends_on(subject, point) if provided is None else provided,
        )

    def _names_in(self, subject: Subject) -> dict[str, str]:
        """How the touchpoints of the version are called that the enrolment is in."""
        if subject.version_id not in self._names:
            self._names[subject.version_id] = subject.compiled.document.labels
        return self._names[subject.version_id]

    def _clause(self, subject: Subject, point: Point) -> str:
        word = point.about if point.anchor == "event" else f"{point.anchor}:{point.about}"
        return anchor_clause(word, self._names_in(subject))

    def _depends_on(self, subject: Subject, point: Point) -> str:
        """What a touch depends on whose time is known: that a question stays without an answer."""
        seen = set()
        while point.anchor in ("sent", "unanswered") and point.key not in seen:
            if point.anchor == "unanswered":
                return self._clause(subject, point)
            seen.add(point.key)
            point = subject.compiled.by_key[point.about]
        return ""

    def _uncertain(self, play: Play) -> Iterator[ExpectedTouch]:
        """What waits for news, with the time at which a promised parcel would bring it."""
        for inside in play.insides:
            subject = inside.subject
            if self._is_paused(subject.journey_id):
                continue
            for key, touch in inside.touches.items():
                point = subject.compiled.by_key.get(touch.touchpoint)
                if point is None or touch.status is not TouchStatus.WAITING or touch.wake_at:
                    continue
                if _is_over(subject, point):
                    continue
                at = _if_promised(subject, point, key[1])
                if at is None or self.now <= at <= self.end:
                    channel = choose_channel(
                        point.channels, subject.facts.reach, is_marketing=point.is_marketing
                    )
                    if isinstance(channel, Channel):
                        touch = touch._replace(channel=channel)
                    said = self._clause(subject, point)
                    yield self._expected(inside, touch, at=at, provided=said)


def _queued(stored: Mapping[int, Mapping[tuple[str, int], tuple[int, Touch]]]) -> list[int]:
    return [
        row_id
        for rows in stored.values()
        for row_id, touch in rows.values()
        if touch.status is TouchStatus.QUEUED
    ]


def _is_over(subject: Subject, point: Point) -> bool:
    """Whether it waits for something on the way of a parcel that has arrived."""
    is_on_the_way = point.anchor == "event" and point.about in _ON_THE_WAY
    return is_on_the_way and EventKind.DELIVERED in subject.facts.events


def _if_promised(subject: Subject, point: Point, occurrence: int) -> datetime | None:
    """When it would be due if the parcel arrived at noon of the promised day."""
    promised = ((subject.order or {}).get("shipment") or {}).get("promised_on")
    if point.anchor != "event" or point.about != "delivered" or not promised:
        return None
    day = date.fromisoformat(str(promised)[:10])
    zone = subject.facts.zone
    noon = datetime.combine(day, time(12), zone).astimezone(UTC)
    return nominal_time(noon, point.afters[occurrence - 1], point.at, zone)
