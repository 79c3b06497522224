"""One touchpoint as one customer would get it: the words, and what each variable became.

Whether it would go at all is said in standing.py. The values are made by the function that makes
them when a touch is queued, the words by the sender's own composer: nothing here knows how either
is done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from db.kinds import Channel
from px.core.settings import Settings
from px.journeys.ahead.seen import enrolled_as, entrant_for, going_of, subject_for
from px.journeys.ahead.standing import standing_of
from px.journeys.document import Document, Touchpoint
from px.journeys.engine.compiled import compile_document
from px.journeys.reading import template_parts
from px.journeys.running.queueing import Context, new_message
from px.journeys.running.subjects import Known, stored_touches
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
    standing = standing_of(
        session, subject, touchpoint, is_inside=there is not None, settings=settings, now=now
    )
    going = going_of(subject, touchpoint.key, standing.channel or touchpoint.channels[0])
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
        gets=standing.gets,
        verdict=standing.verdict,
        channel=standing.channel,
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
