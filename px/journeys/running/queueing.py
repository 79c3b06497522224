"""From a touch that goes to a message in the outbox, with the values that fill its template."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session, col

from db.kinds import Purpose, Reason, TouchStatus
from db.models.journeys import Touch as TouchRow
from px.core.settings import Settings
from px.journeys.document import Document
from px.journeys.engine.facts import Touch
from px.journeys.running.subjects import Subject
from px.messages import NewMessage, brand_of, make_context, queue_messages, template_versions


@dataclass(frozen=True, slots=True)
class Going:
    """A touch that goes now."""

    subject: Subject
    touch: Touch

    @property
    def template(self) -> str:
        """The key of the template it uses."""
        point = self.subject.compiled.by_key[self.touch.touchpoint]
        return point.message_for(self.subject.compiled.key, self.subject.facts.customer_key)[0]


def queue_going(
    session: Session,
    going: list[Going],
    *,
    settings: Settings,
    priorities: dict[int, int],
    now: datetime,
) -> None:
    """Each has its message in the outbox, once; one whose template is gone has failed."""
    if not going:
        return
    versions = template_versions(session, {g.template for g in going})
    row_ids = _row_ids(session, going)
    context = Context(settings)
    messages = []
    lost = []
    for each in going:
        touch_id = row_ids[(each.subject.id, *each.touch.key)]
        if each.template in versions:
            message = new_message(
                each,
                version_id=versions[each.template][0],
                touch_id=touch_id,
                context=context.of(each),
                priority=priorities.get(each.subject.journey_id, 0),
                now=now,
            )
            messages.append(message)
        else:
            lost.append(touch_id)
    queue_messages(session, messages, settings=settings, now=now)
    _fail(session, lost, now=now)


def shop_words(settings: Settings) -> dict[str, Any]:
    """The shop as templates see it."""
    words: dict[str, Any] = make_context(shop=brand_of(settings))["shop"]
    return words


class Context:
    """The values that fill templates; what is the same for everybody at a touchpoint is made once.

    The one maker of them: of what is queued and of what is only looked at.
    """

    def __init__(self, settings: Settings) -> None:
        """Nothing is made yet."""
        self._shop = shop_words(settings)
        self._common: dict[tuple[int, str], dict[str, Any]] = {}

    def of(self, going: Going) -> dict[str, Any]:
        """The values for the message of this touch."""
        subject, touchpoint = going.subject, going.touch.touchpoint
        place = (subject.version_id, touchpoint)
        if place not in self._common:
            self._common[place] = _said_to_all(
                subject.compiled.document, touchpoint, shop=self._shop
            )
        return self._common[place] | _said_to_one(subject, str(self._shop.get("currency", "")))


def _said_to_all(document: Document, touchpoint: str, *, shop: dict[str, Any]) -> dict[str, Any]:
    """The values that are the same for everybody who gets this touchpoint."""
    point = document.touchpoint(touchpoint)
    return make_context(
        shop=shop,
        journey={"key": document.journey, "name": document.name},
        touchpoint={"key": touchpoint, "name": point.label if point else touchpoint},
    )


def _said_to_one(subject: Subject, currency: str) -> dict[str, Any]:
    """The values of this enrolment alone."""
    answers = subject.facts.events.get("answered", ())
    order = subject.order
    return make_context(
        customer=subject.customer,
        order=order,
        lines=order["lines"] if order else [],
        line=subject.line,
        shipment=order.get("shipment") if order else None,
        answer=answers[-1].data.get("answer") if answers else None,
        zone=str(subject.facts.zone),
        currency=currency,
    )


def new_message(
    going: Going,
    *,
    version_id: int,
    context: dict[str, Any],
    now: datetime,
    touch_id: int | None = None,
    priority: int = 0,
) -> NewMessage:
    """The message of a touch that goes at `now`."""
    subject, touch = going.subject, going.touch
    point = subject.compiled.by_key[touch.touchpoint]
    customer = subject.customer
    assert touch.channel is not None
    return NewMessage(
        key=message_key(subject.compiled.key, subject.key, touch.touchpoint, touch.occurrence),
        customer_id=subject.customer_id,
        order_id=subject.order_id,
        touch_id=touch_id,
        journey_key=subject.compiled.key,
        touchpoint=touch.touchpoint,
        template_version_id=version_id,
        channel=touch.channel,
        purpose=Purpose.MARKETING if point.is_marketing else Purpose.TRANSACTIONAL,
        to_address=subject.addresses.get(touch.channel, ""),
        to_name=f"{customer.get('first_name', '')} {customer.get('last_name', '')}".strip(),
        zone=str(subject.facts.zone),
        context=context,
        due_at=now,
        expires_at=max(touch.due_at or now, now - point.late_by) + point.late_by,
        priority=priority,
    )


def message_key(journey: str, enrolment: str, touchpoint: str, occurrence: int) -> str:
    """The name of a touch's message for ever: known before anybody has entered, so that the links
    that are made of it are the same in a preview.

    `enrolment` is the key of the enrolment (order:12). Short, for it stands in links of SMS; the
    odds of meeting another's among a thousand million are one in a hundred thousand million.
    """
    words = "\0".join((journey, enrolment, touchpoint, str(occurrence)))
    digest = hashlib.blake2b(words.encode(), digest_size=12).digest()
    return f"t:{base64.urlsafe_b64encode(digest).decode()}"


def _row_ids(session: Session, going: list[Going]) -> dict[tuple[int, str, int], int]:
    ids = list({g.subject.id for g in going})
    rows = session.connection().execute(
        select(
            col(TouchRow.enrolment_id),
            col(TouchRow.touchpoint),
            col(TouchRow.occurrence),
            col(TouchRow.id),
        ).where(col(TouchRow.enrolment_id).in_(ids), col(TouchRow.status) == TouchStatus.QUEUED)
    )
    return {(enrolment_id, key, n): row_id or 0 for enrolment_id, key, n, row_id in rows}


def _fail(session: Session, touch_ids: list[int], *, now: datetime) -> None:
    if touch_ids:
        session.connection().execute(
            update(TouchRow)
            .where(col(TouchRow.id).in_(touch_ids))
            .values(status=TouchStatus.FAILED, reason=Reason.TEMPLATE_ERROR, settled_at=now)
        )
