"""Everything that is known of many enrolments, read in a few questions and handed to `plan` as
Facts.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol, cast

from sqlalchemy import and_, or_, select
from sqlmodel import Session, col

from db.kinds import Channel, EnrolmentStatus, Reason, TouchStatus
from db.models.journeys import Enrolment
from db.models.journeys import Touch as TouchRow
from db.types import moment
from px.core.bulk import chunks
from px.core.events import Happened, events_of
from px.core.settings import Settings
from px.customers import reach
from px.customers.profiles import profiles
from px.customers.zones import zone_of
from px.journeys.engine.compiled import Compiled
from px.journeys.engine.concerns import About, concerned_as
from px.journeys.engine.facts import Cap, Facts, Happening, Reach, ShopRules, Touch
from px.journeys.engine.fields import Fields
from px.messages import sent_marketing
from px.orders.profiles import order_profiles

_STATUS = {status.value: status for status in TouchStatus}
_REASON = {reason.value: reason for reason in Reason}
_CHANNEL = {channel.value: channel for channel in Channel}


@dataclass(slots=True)
class Subject:
    """One enrolment with what is known of it. `touch_ids` are the rows of its touches."""

    id: int
    journey_id: int
    version_id: int
    key: str
    customer_id: int | None
    order_id: int | None
    status: str
    compiled: Compiled
    facts: Facts
    customer: dict[str, Any]
    order: dict[str, Any] | None
    line: dict[str, Any] | None
    addresses: dict[Channel, str]
    touch_ids: dict[tuple[str, int], int] = field(default_factory=dict)

    @property
    def entered_at(self) -> datetime:
        """When it began."""
        return self.facts.entered_at


@dataclass(frozen=True, slots=True)
class Entrant:
    """Somebody who may enter, or has entered: what an enrolment will be about."""

    journey_id: int
    version_id: int
    key: str
    customer_id: int | None
    order_id: int | None
    line_id: int | None
    entered_at: datetime
    is_holdout: bool = False
    id: int = 0
    status: str = "active"
    not_before: datetime | None = None


class Entered(Protocol):
    """As much of an enrolment as says which events concern it."""

    @property
    def order_id(self) -> int | None:
        """The order it is about."""

    @property
    def entered_at(self) -> datetime:
        """When it began."""


class Known:
    """What is known of a set of customers and orders, read at once."""

    def __init__(
        self,
        session: Session,
        entrants: Sequence[Entrant],
        journeys: Iterable[Compiled],
        settings: Settings,
        now: datetime,
    ) -> None:
        """A few questions per thousand enrolments, whatever their number of touches."""
        journeys = list(journeys)
        customer_ids = [e.customer_id for e in entrants if e.customer_id is not None]
        self.settings = settings
        self.rules = shop_rules(settings)
        self.customers = profiles(session, customer_ids)
        self.orders = order_profiles(
            session, [e.order_id for e in entrants if e.order_id is not None]
        )
        channels = {c for journey in journeys for point in journey.points for c in point.channels}
        self.reach = reach(session, customer_ids, key=settings.key, channels=channels)
        history = set().union(*(journey.history_kinds for journey in journeys))
        kinds = history.union(*(journey.kinds for journey in journeys))
        self.happened = events_of(session, customer_ids, kinds)
        since = now - timedelta(days=self.rules.cap.days) if self.rules.cap else now
        self.sent = sent_marketing(session, customer_ids, since=since) if self.rules.cap else {}

    def subject(self, entrant: Entrant, journey: Compiled, *, is_paused: bool) -> Subject:
        """The enrolment with its facts."""
        customer = self.customers.get(entrant.customer_id or 0, {})
        order = self.orders.get(entrant.order_id or 0)
        line = next(
            (item for item in (order or {}).get("lines", ()) if item["id"] == entrant.line_id), None
        )
        shipment = (order or {}).get("shipment")
        happened = self.happened.get(entrant.customer_id or 0, [])
        reached = self.reach.get(entrant.customer_id or 0, {})
        addresses = {channel: found.address for channel, found in reached.items() if found.address}
        if order and order["email"] and Channel.EMAIL in addresses:
            # The address given with the order is the one the customer expects to hear on.
            addresses[Channel.EMAIL] = order["email"]
        facts = Facts(
            journey=journey.key,
            customer_key=str(entrant.customer_id),
            entered_at=entrant.entered_at,
            zone=zone_of(
                customer.get("zone"),
                customer.get("country") or (order or {}).get("country"),
                self.settings.shop_zone,
            ),
            rules=self.rules,
            fields=Fields(customer, order, line, shipment),
            traits=customer.get("traits") or {},
            events=concerning(journey, entrant, line, happened),
            history=_history(journey, happened),
            reach={
                channel: Reach(reached[channel].suppressed, reached[channel].marketing_consent)
                for channel in addresses
            },
            sent_marketing=self.sent.get(entrant.customer_id or 0, []),
            is_holdout=entrant.is_holdout,
            is_test=bool(order and order["test"]),
            is_paused=is_paused,
            not_before=entrant.not_before,
        )
        return Subject(
            entrant.id,
            entrant.journey_id,
            entrant.version_id,
            entrant.key,
            entrant.customer_id,
            entrant.order_id,
            entrant.status,
            journey,
            facts,
            customer,
            order,
            line,
            addresses,
        )


def shop_rules(settings: Settings) -> ShopRules:
    """The shop's quiet hours and cap; a cap of no messages is none."""
    cap = Cap(settings.cap_messages, settings.cap_days) if settings.cap_messages else None
    return ShopRules(settings.quiet_hours, cap)


def enrolled(session: Session, enrolment_ids: Sequence[int]) -> list[Entrant]:
    """These enrolments, the active ones only."""
    entrants = all_enrolled(session, enrolment_ids)
    return [entrant for entrant in entrants if entrant.status == EnrolmentStatus.ACTIVE]


def all_enrolled(session: Session, enrolment_ids: Sequence[int]) -> list[Entrant]:
    """These enrolments, ended ones too."""
    columns = (
        col(Enrolment.journey_id),
        col(Enrolment.version_id),
        col(Enrolment.key),
        col(Enrolment.customer_id),
        col(Enrolment.order_id),
        col(Enrolment.line_id),
        moment(col(Enrolment.entered_at)),
        col(Enrolment.is_holdout),
        col(Enrolment.id),
        col(Enrolment.status),
        col(Enrolment.not_before),
    )
    return [
        Entrant(*cast("tuple[Any, ...]", row))
        for chunk in chunks(enrolment_ids)
        for row in session.connection()
        .execute(select(*columns).where(col(Enrolment.id).in_(chunk)))
        .all()
    ]


def by_customer(entrants: Iterable[Entrant]) -> Iterable[list[Entrant]]:
    """The enrolments of each customer together, those of nobody each alone, oldest first."""
    own: dict[tuple[int, int], list[Entrant]] = {}
    for entrant in sorted(entrants, key=lambda e: e.id):
        nobody = entrant.id if entrant.customer_id is None else 0
        own.setdefault((entrant.customer_id or 0, nobody), []).append(entrant)
    return own.values()


def whole_chunks(people: Iterable[list[Entrant]], size: int) -> Iterator[list[list[Entrant]]]:
    """The same in chunks of about `size` enrolments, nobody's apart from each other."""
    chunk: list[list[Entrant]] = []
    length = 0
    for own in people:
        chunk.append(own)
        length += len(own)
        if length >= size:
            yield chunk
            chunk, length = [], 0
    if chunk:
        yield chunk


def stored_touches(
    session: Session,
    enrolment_ids: Sequence[int],
    *,
    awake: tuple[datetime, Collection[str]] | None = None,
) -> dict[int, dict[tuple[str, int], tuple[int, Touch]]]:
    """The touches of each enrolment as they stand, with the numbers of their rows.

    With `awake`, a moment and touchpoints: only those that wake up by then, and of these
    touchpoints those that were sent.
    """
    found: dict[int, dict[tuple[str, int], tuple[int, Touch]]] = {}
    columns = (
        col(TouchRow.enrolment_id),
        col(TouchRow.id),
        col(TouchRow.touchpoint),
        col(TouchRow.occurrence),
        col(TouchRow.status),
        col(TouchRow.reason),
        moment(col(TouchRow.due_at)),
        moment(col(TouchRow.wake_at)),
        col(TouchRow.channel),
        col(TouchRow.variant),
        moment(col(TouchRow.settled_at)),
    )
    statement = select(*columns).where(col(TouchRow.enrolment_id).in_(enrolment_ids))
    if awake is not None:
        now, counted_from = awake
        is_sent = col(TouchRow.status) == TouchStatus.SENT
        anchors = and_(is_sent, col(TouchRow.touchpoint).in_(counted_from))
        statement = statement.where(or_(col(TouchRow.wake_at) <= now, anchors))
    rows = session.connection().execute(statement)
    for (
        enrolment_id,
        row_id,
        key,
        n,
        status,
        reason,
        due,
        wake,
        channel,
        variant,
        settled,
    ) in rows.all():
        touch = Touch(
            key,
            n,
            _STATUS[status],
            _REASON[reason] if reason else None,
            due,
            wake,
            _CHANNEL[channel] if channel else None,
            variant,
            settled,
        )
        found.setdefault(enrolment_id, {})[(key, n)] = (row_id or 0, touch)
    return found


def about_of(journey: Compiled, entrant: Entered, line: Mapping[str, Any] | None) -> About:
    """What the enrolment is about: its order or item, or its customer alone."""
    order_id = None if journey.document.per == "customer" else entrant.order_id
    return About(entrant.entered_at, order_id, line, line["position"] if line else 0)


def concerning(
    journey: Compiled,
    entrant: Entered,
    line: Mapping[str, Any] | None,
    happened: Sequence[Happened],
) -> dict[str, list[Happening]]:
    """What has happened that concerns the enrolment, by kind."""
    about = about_of(journey, entrant, line)
    events: dict[str, list[Happening]] = {}
    for kind, at, order_id, data in happened:
        known_as = concerned_as(journey, about, kind, at, order_id, data)
        if known_as is not None:
            events.setdefault(known_as, []).append(Happening(at, data))
    return events


def _history(journey: Compiled, happened: Sequence[Happened]) -> dict[str, list[datetime]]:
    times: dict[str, list[datetime]] = {}
    for kind, at, _order_id, _data in happened:
        if kind in journey.history_kinds:
            times.setdefault(kind, []).append(at)
    return times
