"""One touchpoint as one customer would get it: the words, what each variable became, and whether
it would go at all.

The values are made by the function that makes them when a touch is queued, the words by the
sender's own composer: nothing here knows how either is done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from db.kinds import Channel, Per, Purpose, Reason, TouchStatus
from px.core.settings import Settings
from px.journeys.ahead.seen import (
    enrolled_as,
    entrant_for,
    going_of,
    is_left_out_of_test,
    may_enter,
    subject_for,
)
from px.journeys.document import Document, Touchpoint
from px.journeys.engine.compiled import compile_document
from px.journeys.engine.facts import Touch
from px.journeys.plan import Run, choose_channel, plan
from px.journeys.reading import template_parts, to_data
from px.journeys.results.story import TouchStory, reason_sentence, touch_sentence
from px.journeys.running.queueing import Context, new_message
from px.journeys.running.subjects import Known, Subject, stored_touches
from px.journeys.words import CHANNEL_WORDS, anchor_clause, condition_words, labels
from px.messages import (
    NewMessage,
    Preview,
    TemplateFailed,
    TemplateParts,
    check_template,
    preview_of,
    template_versions,
)


@dataclass(frozen=True, slots=True)
class TouchpointPreview:
    """What one customer would get. `shown` is None when the text is missing or cannot be filled
    in: `problem` says why.

    `message` is what would be queued, and `channel` the one it would leave by.
    """

    customer_id: int
    name: str
    order_number: str
    template: str
    parts: TemplateParts
    shown: Preview | None
    problem: str
    gets: bool
    verdict: str
    channel: Channel | None
    message: NewMessage


def touchpoint_preview(
    session: Session,
    document: Document,
    touchpoint: Touchpoint,
    customer_id: int,
    order_id: int | None,
    *,
    settings: Settings,
    now: datetime,
    template: str | None = None,
    texts: Mapping[str, TemplateParts] | None = None,
) -> TouchpointPreview:
    """The touchpoint of the document, saved or not, as this customer gets it with this order.

    `template` chooses among the variants; else it is the customer's own. `texts` are words that are
    not saved yet, by the key of their template.
    """
    compiled = compile_document(document)
    entrant = entrant_for(compiled, customer_id, order_id, now=now)
    known = Known(session, [entrant], [compiled], settings, now)
    fresh = subject_for(known, compiled, entrant, now=now)
    there = enrolled_as(session, known, compiled, fresh)
    subject = there or fresh
    stored = stored_touches(session, [subject.id]).get(subject.id, {}) if there else {}
    subject.facts.touches = {key: touch for key, (_row, touch) in stored.items()}
    outside = "" if there else _not_entering(session, subject, now)
    gets, verdict, channel = _verdict(subject, touchpoint, settings, now, outside=outside)
    going = going_of(subject, touchpoint.key, channel or touchpoint.channels[0])
    template = template or going.template
    version, parts = _text(session, document, template, texts or {})
    message = new_message(going, version_id=version, context=Context(settings).of(going), now=now)
    shown, problem = _shown(parts, message, touchpoint.channels, settings, now)
    order: Mapping[str, Any] = subject.order or {}
    name = f"{subject.customer.get('first_name', '')} {subject.customer.get('last_name', '')}"
    return TouchpointPreview(
        customer_id=customer_id,
        name=name.strip(),
        order_number=order.get("number") or "",
        template=template,
        parts=parts,
        shown=shown,
        problem=problem,
        gets=gets,
        verdict=verdict,
        channel=channel,
        message=message,
    )


def texts_of(
    session: Session,
    document: Document,
    touchpoint: Touchpoint,
    texts: Mapping[str, TemplateParts] | None = None,
) -> list[TemplateParts]:
    """The texts the touchpoint may use, those that are written and can be read."""
    found = (_text(session, document, key, texts or {})[1] for key in touchpoint.messages)
    return [parts for parts in found if parts != _BLANK and not check_template(parts)]


def _text(
    session: Session, document: Document, key: str, texts: Mapping[str, TemplateParts]
) -> tuple[int, TemplateParts]:
    if key in texts:
        return 0, texts[key]
    saved = template_versions(session, [key]).get(key)
    own = (document.templates or {}).get(key)
    return saved or (0, template_parts(own) if own else _BLANK)


def _shown(
    parts: TemplateParts,
    message: NewMessage,
    channels: Sequence[Channel],
    settings: Settings,
    now: datetime,
) -> tuple[Preview | None, str]:
    if parts == _BLANK:
        return None, "The text of this touchpoint is not written yet."
    # What is saved has been checked; words that somebody is writing may be anything.
    problems = [] if message.template_version_id else check_template(parts)
    if problems:
        first = problems[0]
        return None, f"{_PARTS[first.part]}, line {first.line}: {first.message}"
    try:
        return preview_of(parts, message, settings, channels=channels, now=now), ""
    except TemplateFailed as problem:
        return None, str(problem)


_BLANK = TemplateParts("")
_PARTS = {"subject": "Subject", "body": "Body", "sms": "SMS", "whatsapp": "WhatsApp"}


def _verdict(
    subject: Subject, touchpoint: Touchpoint, settings: Settings, now: datetime, *, outside: str
) -> tuple[bool, str, Channel | None]:
    """Whether the customer gets it as things stand, in a sentence, and by which channel."""
    compiled, facts = subject.compiled, subject.facts
    point = compiled.by_key[touchpoint.key]
    found = choose_channel(point.channels, facts.reach, is_marketing=point.is_marketing)
    channel = None if isinstance(found, Reason) else found
    if not subject.customer:
        return False, "Does not get it: this customer's data was erased.", None
    before = facts.touches.get((touchpoint.key, 1))
    if before is not None and (before.settled_at or before.status is TouchStatus.QUEUED):
        said = _told(before, subject, touchpoint, settings, now)
        return before.status in (TouchStatus.SENT, TouchStatus.QUEUED), said, before.channel
    if outside:
        return False, f"Does not get it: {outside}.", channel
    refused = Run(compiled, facts, now).refusal(point)
    if refused is not None:
        why = reason_sentence(refused)
        if refused is Reason.CONDITION:
            words = condition_words(touchpoint.condition)
            why = f"it goes only if {words}, and as things stand that is not so"
        return False, f"Does not get it: {why}.", channel
    return True, _when(subject, touchpoint, settings, now, found), channel


def _not_entering(session: Session, subject: Subject, now: datetime) -> str:
    """Why the customer does not enter the journey; nothing when they do."""
    document = subject.compiled.document
    if document.per is Per.SUBSCRIPTION:
        return "the journey is about a subscription, and none is known of this customer"
    if document.per is not Per.CUSTOMER and subject.order is None:
        return "there is no order yet that would bring them into the journey"
    if not may_enter(subject.compiled, subject, now):
        words = condition_words(document.enter.where)
        return f"the journey takes them in only if {words}, and that is not so"
    if is_left_out_of_test(session, subject):
        return "the journey is being tested, and only chosen addresses enter"
    return ""


def _when(
    subject: Subject,
    touchpoint: Touchpoint,
    settings: Settings,
    now: datetime,
    channel: Channel | Reason,
) -> str:
    by = CHANNEL_WORDS.get(str(channel), str(channel))
    touch = next(
        one for one in plan(subject.compiled, subject.facts, now) if one.key == (touchpoint.key, 1)
    )
    names = labels(to_data(subject.compiled.document))
    clause = anchor_clause(touchpoint.anchor, names)
    if touch.status is TouchStatus.WAITING:
        return f"Gets it by {by} once {clause}."
    if touch.status is TouchStatus.QUEUED:
        return f"Gets it by {by}, as things stand at once."
    if touch.reason in (Reason.LATE, Reason.EXITED, Reason.CAPPED):
        why = reason_sentence(touch.reason)
        return f"Would get it by {by}, but not for this order any more: {why}."
    said = _told(touch, subject, touchpoint, settings, now)
    return f"Gets it by {by}. {said}"


def _told(
    touch: Touch, subject: Subject, touchpoint: Touchpoint, settings: Settings, now: datetime
) -> str:
    document = subject.compiled.document
    story = TouchStory(
        id=0,
        journey=document.journey,
        journey_name=document.name,
        label=touchpoint.label,
        occurrence=touch.occurrence,
        status=touch.status,
        reason=touch.reason,
        due_at=touch.due_at,
        settled_at=touch.settled_at,
        channel=touch.channel,
        order_id=subject.order_id,
        waits_for=anchor_clause(touchpoint.anchor, labels(to_data(document))),
        condition=condition_words(touchpoint.condition),
        late_after=touchpoint.late.within
        if touchpoint.late
        else ("24h" if touchpoint.purpose is Purpose.MARKETING else "72h"),
    )
    return touch_sentence(story, now=now, zone=settings.shop_zone)
