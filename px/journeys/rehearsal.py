"""Rehearsal: what a journey would do to past orders, message by message, with nothing sent."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from db.kinds import TouchStatus
from px.journeys.compiled import Compiled, compile_document
from px.journeys.document import Document, TemplateText
from px.journeys.facts import Touch
from px.journeys.simulation import CustomerRun, Shop, SimEnrolment, SimEvent, simulate
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
    """What is rehearsed: a journey, the shop's rules and words, and the events it meets."""

    document: Document
    events: list[SimEvent]
    shop: Shop = field(default_factory=Shop)
    templates: Mapping[str, TemplateParts] = field(default_factory=dict)
    shop_words: Mapping[str, Any] = field(default_factory=dict)
    until: datetime | None = None

    @property
    def ends_at(self) -> datetime | None:
        """The clock's end: as asked, else 400 days after the last event."""
        if self.until is not None or not self.events:
            return self.until
        return self.events[-1].at + RUNS_ON


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


def rehearse(
    rehearsal: Rehearsal, *, on_customer: Callable[[int], None] | None = None
) -> list[RehearsedTouch]:
    """Every touch of every enrolment, in order of time; those without a time last."""
    ends_at = rehearsal.ends_at
    if ends_at is None:
        return []
    rows: list[RehearsedTouch] = []
    for played, row in enumerate(_runs(rehearsal, ends_at), 1):
        rows.extend(row)
        if on_customer:
            on_customer(played)
    return sorted(rows, key=_by_time)


def _runs(rehearsal: Rehearsal, ends_at: datetime) -> Iterator[Iterable[RehearsedTouch]]:
    journey = compile_document(rehearsal.document)
    renderer = _Renderer(journey, rehearsal.templates, rehearsal.shop_words)
    for run in simulate(journey, rehearsal.shop, rehearsal.events, ends_at, renderer):
        yield [
            RehearsedTouch(
                enrolment.id,
                run.id,
                touch,
                *renderer.words.pop((id(enrolment), touch.key), (None, None)),
            )
            for enrolment in run.enrolments
            for touch in enrolment.touches.values()
        ]


def template_parts(text: TemplateText) -> TemplateParts:
    """A file's template text as the templates slice has it."""
    return TemplateParts(subject=text.subject, body=text.body, sms=text.sms, whatsapp=text.whatsapp)


class _Renderer:
    """Fills a message in at the moment it would leave, and keeps its words."""

    def __init__(
        self, journey: Compiled, templates: Mapping[str, TemplateParts], shop: Mapping[str, Any]
    ) -> None:
        self.journey = journey
        self.templates = templates
        # Saving such a template is refused, so a message with it could never leave.
        self.broken = {key for key, parts in templates.items() if check_template(parts)}
        self.shop = shop
        self.words: dict[tuple[int, tuple[str, int]], tuple[str, str]] = {}
        self.names = {
            point.key: {"key": point.key, "name": point.label}
            for point in journey.document.touchpoints
        }
        self.customer = ""
        self.contexts: dict[int, tuple[int, dict[str, Any]]] = {}

    def __call__(self, run: CustomerRun, enrolment: SimEnrolment, touch: Touch) -> bool:
        """Whether the template could be filled in; one that is not given renders as its key."""
        point = self.journey.by_key[touch.touchpoint]
        key, _ = point.message_for(self.journey.key, run.id)
        if key in self.broken:
            return False
        parts = self.templates.get(key)
        words = (key, key)
        if parts is not None:
            try:
                words = render_text(parts, self._context(run, enrolment, touch), touch.channel)
            except TemplateFailed:
                return False
        self.words[(id(enrolment), touch.key)] = words
        return True

    def _context(self, run: CustomerRun, enrolment: SimEnrolment, touch: Touch) -> dict[str, Any]:
        """The values for this touch; what does not depend on it is made once between two events."""
        news, context = self.contexts.get(enrolment.index, (-1, {}))
        if news != enrolment.news or self.customer != run.id:
            if self.customer != run.id:
                self.customer, self.contexts = run.id, {}
            context = self._enrolment_context(run, enrolment)
            self.contexts[enrolment.index] = (enrolment.news, context)
        return context | {"touchpoint": self.names[touch.touchpoint]}

    def _enrolment_context(self, run: CustomerRun, enrolment: SimEnrolment) -> dict[str, Any]:
        fields = enrolment.facts.fields
        document = self.journey.document
        answers = enrolment.facts.events.get("answered", ())
        return make_context(
            customer=fields.noun("customer") | {"id": run.id, "traits": run.traits},
            order=fields.noun("order") or None,
            lines=fields.noun("order").get("lines") or [],
            line=enrolment.line,
            shipment=fields.noun("shipment") or None,
            subscription=fields.noun("subscription") or None,
            answer=answers[-1].data.get("answer") if answers else None,
            event=None,
            shop=self.shop,
            journey={"key": document.journey, "name": document.name},
            touchpoint={},
        )


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


def sent(rows: Iterable[RehearsedTouch]) -> list[RehearsedTouch]:
    """Those that would have left."""
    return [row for row in rows if row.touch.status is TouchStatus.SENT]
