"""The shop's own past as a rehearsal reads it: what happened, and what was known when.

Nothing is used before it was known: consent and the do-not-write list are as they stood then, the
counts of orders grow with each, parcels are where they had been told to be, and the marketing of
other journeys takes its places under the cap. docs/why/rehearsal.md names what is not kept and
therefore as it is today.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from db.kinds import Channel, EventKind
from db.models.journeys import Enrolment, Journey, Touch
from px.core import settings
from px.core.bulk import chunks
from px.core.events import (
    Heard,
    count_events,
    customers_with,
    heard_of,
    last_event_at,
)
from px.core.settings import Settings
from px.customers.profiles import profiles
from px.customers.reach_history import Place, ReachChange, reach_history
from px.journeys.document import Document
from px.journeys.engine.compiled import compile_document
from px.journeys.engine.facts import trait_name
from px.journeys.publishing.drafts import draft_document, journey_row
from px.journeys.rehearsal.rehearsal import Rehearsal
from px.journeys.rehearsal.sim_event import LEARNED, SimEvent
from px.journeys.rehearsal.simulation import Shop
from px.journeys.running.queueing import shop_words
from px.journeys.running.subjects import shop_rules
from px.journeys.running.versions import running_journeys
from px.messages import template_versions
from px.messages.left import Left, marketing_left
from px.orders.profiles import order_profiles
from px.orders.rules import EVENT_OF

_AT_A_TIME = 500
# An order of which px was told later than this was brought by a file, and is played as if it had
# been told at once: what it would have been like is asked, not that nobody was there.
_TOLD_AT_ONCE = timedelta(days=1)
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
# What the fields of orders, customers and parcels follow from.
_LEARNED_FROM = {
    EventKind.ORDER_PLACED,
    EventKind.ORDER_CANCELLED,
    EventKind.ORDER_REFUNDED,
    *EVENT_OF.values(),
}
# As they are today; what they were then follows from the events.
_OF_TODAY = ("orders", "spent_minor")
_OF_TODAY_ORDER = ("shipment", "is_first", "historic", "customer_id")
_PLACES = (
    (Channel.EMAIL, "email"),
    (Channel.SMS, "phone"),
    (Channel.WHATSAPP, "phone"),
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Who is played: whoever entered from `since` to `until`, or of them one customer."""

    since: datetime
    until: datetime | None = None
    customer_id: int | None = None

    def holds(self, at: datetime) -> bool:
        """Whether somebody enters who would enter then."""
        return self.since <= at and (self.until is None or at <= self.until)


def shop_rehearsal(
    session: Session, key: str, *, since: datetime, document: Document | None = None
) -> Rehearsal:
    """A rehearsal of the journey (its draft, or `document`) over what happened since then.

    It is played while the session is open: the past is read little by little.
    """
    document = document or draft_document(session, journey_row(session, key))
    past = Past(session, [document], Scope(since))
    return past.rehearsal(document)


class Past:
    """What happened to the customers in a scope, read in chunks, for one or more documents of one
    journey. Only events of `kinds` matter; `has_cap`: the shop limits how much marketing there is.
    """

    def __init__(self, session: Session, documents: Sequence[Document], scope: Scope) -> None:
        """Finds the customers who may enter; nothing else is read yet."""
        self.session = session
        self.scope = scope
        self.settings: Settings = settings.current(session)
        compiled = [compile_document(document) for document in documents]
        self._journey = documents[0].journey
        self._entries = {document.enter.on for document in documents}
        goals = {document.goal.on for document in documents if document.goal}
        self.kinds = {*_LEARNED_FROM, *self._entries, *goals}.union(
            *(one.kinds | one.history_kinds for one in compiled)
        )
        self.has_cap = shop_rules(self.settings).cap is not None
        running = running_journeys(session).values()
        self._heeds = frozenset().union(*(one.compiled.kinds for one in running))
        if self.has_cap:
            # What is planned for later is looked at anew whenever something is heard.
            self.kinds |= self._heeds
        self.customers = customers_with(
            session,
            self._entries,
            since=scope.since,
            until=scope.until,
            customer_id=scope.customer_id,
        )

    def rehearsal(self, document: Document) -> Rehearsal:
        """The document over this past."""
        templates = template_versions(self.session, document.message_keys)
        return Rehearsal(
            document=document,
            events=[],
            shop=Shop(
                self.settings.shop_zone,
                shop_rules(self.settings),
                tells_reach=True,
                heeds=self._heeds,
            ),
            templates={name: parts for name, (_version, parts) in templates.items()},
            shop_words=shop_words(self.settings),
            people=self.people,
            last_at=lambda: last_event_at(self.session, self.customers, self.kinds),
        )

    def entries(self, *, until: datetime) -> int:
        """How many events there are that may bring somebody in."""
        return count_events(self.session, self._entries, **self._within(until))

    def orders_placed(self, *, until: datetime) -> int:
        """How many orders were placed in the scope."""
        return count_events(self.session, {EventKind.ORDER_PLACED}, **self._within(until))

    def _within(self, until: datetime) -> dict[str, Any]:
        ends = min(until, self.scope.until) if self.scope.until else until
        own = self.scope.customer_id
        return {"since": self.scope.since, "until": ends, "customer_id": own}

    def chunks(self) -> Iterator[Iterator[tuple[str, list[SimEvent]]]]:
        """The customers some hundred at a time, which are read together."""
        for ids in chunks(self.customers, _AT_A_TIME):
            yield _Chunk(self, ids).people()

    def people(self) -> Iterator[tuple[str, list[SimEvent]]]:
        """Each customer with what happened to them, in the order in which it was told."""
        for people in self.chunks():
            yield from people

    def replayed(self, ids: Sequence[int]) -> set[int]:
        """The touches whose place the rehearsal takes: those of who entered in its scope."""
        inside = (
            select(col(Touch.id))
            .join(Enrolment, col(Enrolment.id) == col(Touch.enrolment_id))
            .join(Journey, col(Journey.id) == col(Enrolment.journey_id))
            .where(
                col(Journey.key) == self._journey,
                col(Enrolment.customer_id).in_(ids),
                col(Enrolment.entered_at) >= self.scope.since,
            )
        )
        if self.scope.until is not None:
            inside = inside.where(col(Enrolment.entered_at) <= self.scope.until)
        return {one or 0 for one in self.session.connection().execute(inside).scalars()}

    def is_own(self, event: Heard) -> bool:
        """Whether it was a message of this journey, which the rehearsal sends itself."""
        return (
            event.kind == EventKind.MESSAGE_SENT
            and event.data.get("journey") == self._journey
            and event.at >= self.scope.since
        )


class _Chunk:
    """Everything that is known of a few hundred customers, read in a handful of questions."""

    def __init__(self, past: Past, ids: list[int]) -> None:
        session = past.session
        self.past = past
        self.known = profiles(session, ids)
        self.happened = heard_of(session, self.known, past.kinds)
        self.orders = order_profiles(
            session, {e.order_id for own in self.happened.values() for e in own if e.order_id}
        )
        self.reach = reach_history(
            session,
            {customer_id: self._places(customer_id) for customer_id in self.known},
            key=past.settings.key,
        )
        self.left: dict[int, list[Left]] = {}
        self.replayed: set[int] = set()
        if past.has_cap:
            self.left = marketing_left(session, self.known)
            self.replayed = past.replayed(ids)

    def people(self) -> Iterator[tuple[str, list[SimEvent]]]:
        for customer_id in self.known:
            events = [
                self._person(customer_id),
                *self._changes(customer_id),
                *self._others(customer_id),
                *self._events(customer_id),
            ]
            events.sort(key=_played)
            yield str(customer_id), events

    def _places(self, customer_id: int) -> set[Place]:
        person = self.known[customer_id]
        places = {(str(ch), person[name]) for ch, name in _PLACES if person.get(name)}
        for event in self.happened.get(customer_id, ()):
            email = self.orders.get(event.order_id or 0, {}).get("email")
            if email:
                places.add((str(Channel.EMAIL), email))
        return places

    def _person(self, customer_id: int) -> SimEvent:
        person = {k: v for k, v in self.known[customer_id].items() if k not in _OF_TODAY}
        answered = {
            trait_name(str(event.data["question"]))
            for event in self.happened.get(customer_id, ())
            if event.kind == EventKind.ANSWERED and event.data.get("question")
        }
        person["traits"] = {k: v for k, v in person["traits"].items() if k not in answered}
        return SimEvent(_BEGINNING, LEARNED, str(customer_id), customer=person, heard_at=_BEGINNING)

    def _changes(self, customer_id: int) -> Iterator[SimEvent]:
        for change in self.reach[customer_id]:
            yield _learned(customer_id, change)

    def _others(self, customer_id: int) -> Iterator[SimEvent]:
        """The marketing that left beside what is rehearsed."""
        for at, touch_id in self.left.get(customer_id, ()):
            if touch_id not in self.replayed:
                yield SimEvent(at, LEARNED, str(customer_id), heard_at=at, marketing=True)

    def _events(self, customer_id: int) -> Iterator[SimEvent]:
        own = self.happened.get(customer_id, ())
        at_once = {
            event.order_id: event.heard_at - event.at <= _TOLD_AT_ONCE
            for event in own
            if event.kind == EventKind.ORDER_PLACED
        }
        for event in own:
            if self.past.is_own(event):
                continue
            in_time = event.heard_at - event.at <= _TOLD_AT_ONCE
            told = event.heard_at if at_once.get(event.order_id, in_time) else event.at
            yield SimEvent(
                event.at,
                event.kind,
                str(customer_id),
                str(event.order_id) if event.order_id else None,
                order=self._order(event.order_id),
                data=event.data,
                heard_at=max(event.at, told),
                may_enter=self.past.scope.holds(event.at),
            )

    def _order(self, order_id: int | None) -> dict[str, Any]:
        """The order with the first event that speaks of it."""
        order = self.orders.get(order_id or 0)
        if order is None:
            return {}
        for name in _OF_TODAY_ORDER:
            order.pop(name, None)
        return order


def _learned(customer_id: int, change: ReachChange) -> SimEvent:
    said = {"consent": change.consent, "listed": change.listed}
    return SimEvent(change.at, LEARNED, str(customer_id), customer=said, heard_at=change.at)


def _played(event: SimEvent) -> tuple[datetime, bool, datetime]:
    """What only became known comes before what happened at that moment."""
    return event.played_at, event.kind != LEARNED, event.at
