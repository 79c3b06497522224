"""Rehearsal: what a journey would do to past orders, message by message, with nothing sent."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from px.journeys.document import Document
from px.journeys.engine.compiled import Compiled, compile_document
from px.journeys.engine.facts import Touch
from px.journeys.rehearsal.sim_event import SimEvent
from px.journeys.rehearsal.simulation import CustomerRun, People, Shop, SimEnrolment, people_of
from px.messages import (
    TemplateFailed,
    TemplateParts,
    check_template,
    make_context,
    render_text,
)

RUNS_ON = timedelta(days=400)


@dataclass(frozen=True)
class Rehearsal:
    """What is rehearsed: a journey, the shop's rules and words, and the events it meets.

    `people` gives the events customer by customer instead, and `last_at` the last one's time.
    """

    document: Document
    events: list[SimEvent]
    shop: Shop = field(default_factory=Shop)
    templates: Mapping[str, TemplateParts] = field(default_factory=dict)
    shop_words: Mapping[str, Any] = field(default_factory=dict)
    until: datetime | None = None
    people: Callable[[], People] | None = None
    last_at: Callable[[], datetime | None] | None = None

    @property
    def ends_at(self) -> datetime | None:
        """The clock's end: as asked, else 400 days after the last event."""
        if self.until is not None:
            return self.until
        if self.last_at is not None:
            last = self.last_at()
        else:
            last = self.events[-1].at if self.events else None
        return last + RUNS_ON if last else None

    def ending(self, until: datetime | None) -> "Rehearsal":
        """The same with this as its clock's end; None leaves it."""
        return self if until is None else replace(self, until=until)


class Words(NamedTuple):
    """What a message would have said, and which of its variables had no value."""

    subject: str
    text: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RehearsedTouch:
    """One touch of one enrolment at the clock's end."""

    enrolment: str
    customer: str
    touch: Touch
    subject: str | None = None
    text: str | None = None

    def line(self) -> dict[str, Any]:
        """The touch in the words of `px rehearse`."""
        touch = self.touch
        return {
            "enrolment": self.enrolment,
            "customer": self.customer,
            "touchpoint": touch.touchpoint,
            "occurrence": touch.occurrence,
            "due_at": _utc(touch.due_at),
            "status": str(touch.status),
            "reason": str(touch.reason) if touch.reason else None,
            "channel": str(touch.channel) if touch.channel else None,
            "variant": touch.variant,
            "subject": self.subject,
            "text": self.text,
        }


Said = dict[tuple[int, str, int], Words]


def rehearse(rehearsal: Rehearsal) -> list[RehearsedTouch]:
    """Every touch of every enrolment, in order of time; those without a time last."""
    ends_at = rehearsal.ends_at
    if ends_at is None:
        return []
    player = Player(rehearsal, ends_at)
    people = rehearsal.people() if rehearsal.people else people_of(rehearsal.events)
    rows: list[RehearsedTouch] = []
    for customer_id, events in people:
        run, words = player.play(customer_id, events)
        for enrolment in run.enrolments:
            for touch in enrolment.touches.values():
                said = words.get((enrolment.index, *touch.key))
                subject, text = (said.subject, said.text) if said else (None, None)
                rows.append(RehearsedTouch(enrolment.id, run.id, touch, subject, text))
    return sorted(rows, key=_by_time)


class Player:
    """Plays one customer after another; nothing of them is kept."""

    def __init__(
        self, rehearsal: Rehearsal, ends_at: datetime, *, pulse: Callable[[], None] | None = None
    ) -> None:
        """`pulse` is called often, and may end it all by raising."""
        self.journey = compile_document(rehearsal.document)
        self._shop = rehearsal.shop
        self._ends_at = ends_at
        self._renderer = Renderer(self.journey, rehearsal.templates, rehearsal.shop_words)
        self._pulse = pulse

    def play(self, customer_id: str, events: Sequence[SimEvent]) -> tuple[CustomerRun, Said]:
        """What became of every touch of the customer, and what their messages would have said."""
        run = CustomerRun(self.journey, self._shop, customer_id, self._renderer, self._pulse)
        run.play(events, self._ends_at)
        return run, self._renderer.taken()


class Renderer:
    """Fills a message in at the moment it would leave, and keeps its words until they are taken."""

    def __init__(
        self, journey: Compiled, templates: Mapping[str, TemplateParts], shop: Mapping[str, Any]
    ) -> None:
        self.journey = journey
        self.templates = templates
        # Saving such a template is refused, so a message with it could never leave.
        self.broken = {key for key, parts in templates.items() if check_template(parts)}
        document = journey.document
        self.same_for_all = make_context(
            shop=shop, journey={"key": document.journey, "name": document.name}
        )
        self.currency = {"currency": shop["currency"]} if shop.get("currency") else None
        self.words: Said = {}
        self.names = {
            point.key: {"key": point.key, "name": point.label}
            for point in journey.document.touchpoints
        }
        self.customer = ""
        self.contexts: dict[int, tuple[int, dict[str, Any]]] = {}
        self.made: dict[int, tuple[dict[str, Any], dict[str, Any]]] = {}
        self.missing: list[str] = []

    def __call__(self, run: CustomerRun, enrolment: SimEnrolment, touch: Touch) -> bool:
        """Whether the template could be filled in; one that is not given renders as its key."""
        point = self.journey.by_key[touch.touchpoint]
        key, _ = point.message_for(self.journey.key, run.id)
        if key in self.broken:
            return False
        parts = self.templates.get(key)
        said = Words(key, key)
        if parts is not None:
            self.missing = []
            context = self._context(run, enrolment, touch)
            try:
                words = render_text(parts, context, touch.channel, self._shown)
            except TemplateFailed:
                return False
            said = Words(*words, tuple(dict.fromkeys(self.missing)))
        self.words[(enrolment.index, *touch.key)] = said
        return True

    def taken(self) -> Said:
        """The words of the customer played last; they are not kept any longer."""
        words, self.words = self.words, {}
        return words

    def _shown(self, name: str, value: Any) -> None:
        if value is None or value == "":
            self.missing.append(name)

    def _context(self, run: CustomerRun, enrolment: SimEnrolment, touch: Touch) -> dict[str, Any]:
        """The values for this touch; what does not depend on it is made once between two events."""
        if self.customer != run.id:
            self.customer, self.contexts, self.made = run.id, {}, {}
        known, context = self.contexts.get(enrolment.index, (-1, {}))
        if known != enrolment.known:
            context = self._enrolment_context(run, enrolment)
            self.contexts[enrolment.index] = (enrolment.known, context)
        return context | {"touchpoint": self.names[touch.touchpoint]}

    def _enrolment_context(self, run: CustomerRun, enrolment: SimEnrolment) -> dict[str, Any]:
        fields = enrolment.facts.fields
        answers = enrolment.facts.events.get("answered", ())
        order, zone = fields.noun("order"), str(enrolment.facts.zone)
        given: dict[str, Any] = {
            "customer": fields.noun("customer") | {"id": run.id, "traits": dict(run.traits)},
            "order": order or None,
            "lines": order.get("lines") or [],
            "line": enrolment.line,
            "subscription": fields.noun("subscription") or None,
            "answer": answers[-1].data.get("answer") if answers else None,
            "zone": zone,
        }
        before, own = self.made.get(enrolment.index, ({}, {}))
        if given != before:
            # Where a parcel is says nothing new of the customer and the order.
            own = make_context(**given, shop=self.currency)
            self.made[enrolment.index] = (given, own)
        shipment = fields.noun("shipment")
        if shipment:
            own = own | make_context(shipment=shipment, zone=zone)
        return own | self.same_for_all


def _by_time(row: RehearsedTouch) -> tuple[bool, float, str, str, int]:
    due = row.touch.due_at
    return (
        due is None,
        due.timestamp() if due else 0.0,
        row.enrolment,
        row.touch.touchpoint,
        row.touch.occurrence,
    )


def _utc(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None
