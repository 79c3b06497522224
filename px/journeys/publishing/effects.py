"""What publishing or resuming would do to those inside, counted before. Nothing is written.

Exact for any number inside: what would be planned again is planned, by the same `plan`, in parts of
some thousand enrolments with each customer's together. Most of it is forecast at a glance; only
where a touch is due now is everything known of its enrolment asked for.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from db.kinds import JourneyStatus, Reason
from px.core.calm import without_collecting
from px.core.settings import Settings
from px.journeys.document import Document
from px.journeys.engine.compiled import Point, compile_document
from px.journeys.engine.facts import OPEN, Touch, TouchKey
from px.journeys.publishing.difference import Difference, difference
from px.journeys.publishing.drafts import journey_row
from px.journeys.publishing.fates import FORECAST, Change, Effect, Tally, changes_of
from px.journeys.publishing.glance import Glance, is_enough
from px.journeys.publishing.inside import (
    Inside,
    Step,
    Touches,
    enrolments_inside,
    late_enrolments,
    nobody_affected,
    parts_inside,
    touches_of,
)
from px.journeys.publishing.moving import versions_inside
from px.journeys.running.subjects import Entrant, Known, Subject
from px.journeys.running.together import plan_together

Progress = Callable[[int, int], None]
Found = dict[int, list[Change]]


def effect_of_publishing(
    session: Session,
    key: str,
    document: Document,
    *,
    settings: Settings,
    now: datetime,
    on_progress: Progress | None = None,
) -> Effect:
    """What publishing this document does to those inside, if they move to it.

    `on_progress` is told again and again how many enrolments of how many are counted; what it
    raises ends the counting.
    """
    row = journey_row(session, key)
    to = compile_document(document)
    resumes = row.status != JourneyStatus.LIVE
    steps = {
        version_id: Step(to, difference(old, document), resumes)
        for version_id, old in versions_inside(session, row.id or 0).items()
    }
    count = _Count(session, steps, settings, now)
    return count.of(row.id or 0, on_progress)


def effect_of_resuming(
    session: Session,
    key: str,
    *,
    settings: Settings,
    now: datetime,
    on_progress: Progress | None = None,
) -> Effect:
    """What resuming the paused journey does with what it has held."""
    row = journey_row(session, key)
    steps = {
        version_id: Step(compile_document(document), Difference(), resumes=True)
        for version_id, document in versions_inside(session, row.id or 0).items()
    }
    count = _Count(session, steps, settings, now)
    return count.of(row.id or 0, on_progress)


class _Count:
    """One counting: how a step changes the touches of those in each version."""

    def __init__(
        self, session: Session, steps: Mapping[int, Step], settings: Settings, now: datetime
    ) -> None:
        self.session = session
        self.steps = steps
        self.settings = settings
        self.now = now
        self.at_once = Tally()
        self.quietly = Tally()
        self.held = 0
        self.late: set[int] = set()

    def of(self, journey_id: int, on_progress: Progress | None) -> Effect:
        if all(step.is_nothing for step in self.steps.values()):
            return nobody_affected(self.session, journey_id)
        total = enrolments_inside(self.session, journey_id)
        self.late = late_enrolments(self.session, journey_id, now=self.now)
        done = 0
        with without_collecting():
            for part in parts_inside(self.session, journey_id):
                self._count(part)
                done += sum(map(len, part))
                if on_progress is not None:
                    on_progress(done, total)
        return self.at_once.effect(held=self.held, quietly=self.quietly.effect(held=self.held))

    def _count(self, part: Sequence[Sequence[Inside]]) -> None:
        by_version: dict[int, list[Inside]] = defaultdict(list)
        for own in part:
            for entrant in own:
                by_version[entrant.version_id].append(entrant)
        found: Found = {}
        quiet: Found = {}
        due: set[int] = set()
        for version_id, entrants in by_version.items():
            step = self.steps[version_id]
            if not step.is_nothing:
                due |= self._at_a_glance(entrants, step, found, quiet)
        if due:
            self._in_full([[e for e in own if e.id in due] for own in part], found, quiet)
        for tally, changes in ((self.at_once, found), (self.quietly, quiet)):
            for own in part:
                tally.add(own[0].customer_id, [c for e in own for c in changes.get(e.id, ())])

    def _at_a_glance(
        self, entrants: list[Inside], step: Step, found: Found, quiet: Found
    ) -> set[int]:
        """The enrolments that have to be looked at in full; what happens to the others is found."""
        read = touches_of(self.session, entrants, step, whole=False, now=self.now)
        concerned = [e for e in entrants if e.id in read and read[e.id].stands]
        self.held += sum(_paused(read[e.id]) for e in concerned) if step.resumes else 0
        points = _points(step, (read[e.id] for e in concerned))
        if not is_enough(step.to, points):
            return {e.id for e in concerned}
        glance = Glance(
            self.session,
            concerned,
            step.to,
            points,
            self.settings,
            self.now,
            ends=step.found.ends,
        )
        due = set()
        for entrant in concerned:
            awake, stands = read[entrant.id]
            if entrant.id in self.late:
                due.add(entrant.id)
                continue
            facts = glance.facts(entrant, awake)
            planned = glance.planned(facts)
            if planned is None:
                due.add(entrant.id)
                continue
            found[entrant.id] = quiet[entrant.id] = _compared(step, entrant, stands, planned)
            if any(touch.status not in FORECAST for touch in planned.values()):
                facts.not_before = self.now
                planned = glance.planned(facts) or {}
                quiet[entrant.id] = _compared(step, entrant, stands, planned)
        return due

    def _in_full(self, people: Iterable[list[Inside]], found: Found, quiet: Found) -> None:
        entrants = [e for own in people for e in own]
        steps = {e.version_id: self.steps[e.version_id] for e in entrants}
        journeys = [step.to for step in steps.values()]
        about = {e.id: _entrant(e) for e in entrants}
        known = Known(self.session, list(about.values()), journeys, self.settings, self.now)
        read: dict[int, Touches] = {}
        for version_id, step in steps.items():
            own = [e for e in entrants if e.version_id == version_id]
            read |= touches_of(self.session, own, step, whole=True, now=self.now)
        for own in people:
            if own:
                for kept, not_before in ((found, None), (quiet, self.now)):
                    subjects = [
                        known.subject(about[e.id], self.steps[e.version_id].to, is_paused=False)
                        for e in own
                    ]
                    kept |= self._planned(own, subjects, read, not_before)

    def _planned(
        self,
        own: list[Inside],
        subjects: list[Subject],
        read: Mapping[int, Touches],
        not_before: datetime | None,
    ) -> Found:
        """What happens to the touches of one person's enrolments, planned together."""
        parts = []
        for subject in subjects:
            facts = subject.facts
            facts.touches = _awake(read[subject.id], self.now)
            facts.is_without_news, facts.not_before = True, not_before
            parts.append((subject.compiled, facts, 0))
        found = {}
        for entrant, planned in zip(own, plan_together(parts, self.now), strict=True):
            step = self.steps[entrant.version_id]
            stands: Mapping[TouchKey, Touch | None] = read[entrant.id].stands
            after = {touch.key: touch for touch in planned}
            if any(touch.reason is Reason.EXITED for touch in planned):
                stands, after = _exited(step, read[entrant.id], after)
            found[entrant.id] = _compared(step, entrant, stands, after)
        return found


def _entrant(each: Inside) -> Entrant:
    about = (each.customer_id, each.order_id, each.line_id, each.entered_at, each.is_holdout)
    return Entrant(0, each.version_id, "", *about, each.id)


def _paused(touches: Touches) -> int:
    held = (touch for touch in touches.stands.values() if touch is not None)
    return sum(1 for touch in held if touch.reason is Reason.PAUSED)


def _points(step: Step, read: Iterable[Touches]) -> list[Point]:
    """The touchpoints of all these touches, as the new document has them."""
    keys = {key for touches in read for key, _n in touches.awake}
    return [point for point in step.to.points if point.key in keys]


def _awake(touches: Touches, now: datetime) -> dict[TouchKey, Touch]:
    """What a pass would look at: what is planned for later stays out of it."""
    return {
        key: touch
        for key, touch in touches.awake.items()
        if touch.settled_at or (touch.wake_at is not None and touch.wake_at <= now)
    }


def _exited(
    step: Step, touches: Touches, after: Mapping[TouchKey, Touch]
) -> tuple[dict[TouchKey, Touch | None], dict[TouchKey, Touch]]:
    """An enrolment that is over ends with everything that is open."""
    left = next(touch for touch in after.values() if touch.reason is Reason.EXITED)
    before = {
        key: touches.stands.get(key, touch)
        for key, touch in touches.awake.items()
        if touch.status in OPEN
    }
    known = {(point.key, n) for point, n in step.to.occurrences}
    return before, dict.fromkeys(before.keys() & known, left)


def _compared(
    step: Step,
    entrant: Inside,
    stands: Mapping[TouchKey, Touch | None],
    after: Mapping[TouchKey, Touch],
) -> list[Change]:
    found: list[Change] = []
    for key, before in stands.items():
        point = step.to.by_key.get(key[0])
        is_held_out = entrant.is_holdout and point is not None and point.is_marketing
        found += changes_of(before, after.get(key), is_held_out=is_held_out)
    return found
