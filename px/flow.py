"""What happens when something has happened: which slice answers which event, on one screen.

Rows walk: Payload -> Order + Event -> Enrolment + Touch -> Message -> Delivery -> Event. The
scheduler calls `react`, `advance`, `settle` and px.messages.send_due over and over; each reads one
kind of row, writes the next in one transaction, and has a unique key, so doing it twice changes
nothing.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlmodel import Session

from db.kinds import EventKind
from px import journeys, messages
from px.core import settings
from px.core.calm import without_collecting
from px.core.events import MILESTONE, Event, mark_reacted, unreacted_events
from px.core.settings import Settings
from px.core.work import work

Answer = Callable[..., int]

CHUNK = 1000

# Journeys listen to every kind: any may be an anchor, an entry, an exit or a hold.
ANSWERS: dict[str, tuple[Answer, ...]] = {
    **{kind.value: (journeys.hear,) for kind in EventKind},
    EventKind.ANSWERED.value: (messages.hear_answers, journeys.hear),
}
MILESTONES: tuple[Answer, ...] = (journeys.hear,)


def answers_to(kind: str) -> tuple[Answer, ...]:
    """Who answers an event of this kind, in order."""
    return MILESTONES if kind.startswith(MILESTONE) else ANSWERS.get(kind, ())


def react(*, now: datetime) -> int:
    """The next events that happened by `now` have been answered by every slice; how many."""
    with work() as session, without_collecting():
        events = unreacted_events(session, CHUNK, now=now)
        if events:
            _answer(session, events, settings.current(session), now)
            mark_reacted(session, [event.id for event in events if event.id], now=now)
    return len(events)


def advance(*, now: datetime) -> int:
    """The next touches that wake up by `now` have been planned afresh; how many enrolments."""
    with work() as session, without_collecting():
        return journeys.advance(session, settings=settings.current(session), now=now)


def settle(*, now: datetime) -> int:
    """The next messages that came to an end have settled their touches; how many."""
    with work() as session:
        return journeys.settle(session, settings=settings.current(session), now=now)


def _answer(session: Session, events: Sequence[Event], current: Settings, now: datetime) -> None:
    by_answer: dict[Answer, list[Event]] = {}
    for event in events:
        for answer in answers_to(event.kind):
            by_answer.setdefault(answer, []).append(event)
    for answer, concerned in by_answer.items():
        answer(session, concerned, settings=current, now=now)
