"""Whether an enrolment has ended or is on hold, and which happening a touchpoint is about. Pure."""

from datetime import datetime
from typing import Any

from db.kinds import EventKind
from px.journeys.engine.compiled import Compiled, Point, Reacting
from px.journeys.engine.facts import BOUGHT_AGAIN, Asked, Facts, Happening


def exit_time(journey: Compiled, facts: Facts, now: datetime) -> datetime | None:
    """The first exit event since entering; the entry event itself is none."""
    entry = journey.document.enter.on
    kinds = (
        {*journey.exit_on, BOUGHT_AGAIN}
        if EventKind.ORDER_PLACED in journey.exit_on
        else journey.exit_on
    )
    times = [
        h.at
        for kind in kinds
        for h in facts.events.get(kind, ())
        if h.at <= now and (h.at > facts.entered_at or (h.at == facts.entered_at and kind != entry))
    ]
    return min(times, default=None)


def is_held(journey: Compiled, facts: Facts, now: datetime) -> bool:
    """Whether the latest word is a hold; a hold and a release at one moment hold."""
    if not journey.hold_on and not journey.holding:
        return False
    held = [h.at for kind in journey.hold_on for h in facts.events.get(kind, ()) if h.at <= now]
    held += [h.at for point in journey.holding for h in _holding_answers(point, facts, now)]
    if not held:
        return False
    resumed = [
        h.at for kind in journey.resume_on for h in facts.events.get(kind, ()) if h.at <= now
    ]
    return not resumed or max(held) >= max(resumed)


def _holding_answers(point: Point, facts: Facts, now: datetime) -> list[Happening]:
    """The answers to this touchpoint's question to which the first matching reaction is a hold."""
    return [
        happening
        for happening in facts.events.get("answered", ())
        if happening.at <= now
        and is_about(happening, point.key, point.question)
        and (reaction := reaction_to(point, facts, happening))
        and reaction.holds
    ]


def reaction_to(point: Point, facts: Facts, answer: Happening) -> Reacting | None:
    """The first reaction of the touchpoint whose condition the answer meets."""
    asked = Asked(facts, answer.at, answer.data.get("answer"), answer.data)
    return next((r for r in point.reacts if r.condition is None or r.condition(asked)), None)


def happening_about(
    happenings: Any, key: str | None, now: datetime, question: str | None
) -> Happening | None:
    """The first happening about touchpoint `key` up to now; with no key, the latest."""
    known = [h for h in happenings if h.at <= now]
    if key is None:
        return known[-1] if known else None
    return next((h for h in known if is_about(h, key, question)), None)


def is_about(happening: Happening, key: str, question: str | None) -> bool:
    """Whether it happened to this touchpoint; an answer may name the question alone."""
    touchpoint = happening.data.get("touchpoint")
    if touchpoint is not None:
        return bool(touchpoint == key)
    return question is not None and happening.data.get("question") == question
