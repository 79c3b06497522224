"""plan(document, facts, now) -> touches: the one place that decides when somebody hears from us.

Pure: no database, no clock, no network. Live runs, rehearsal, preview and tests share it. The
rules are those of docs/journey-format.md; the numbers in comments are theirs.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from db.kinds import Channel, Reason, SuppressionScope, TouchStatus
from px.customers.timing import (
    cap_frees_at,
    first_open,
    later,
    nominal_time,
    outside,
    start_of_day,
)
from px.journeys.engine.compiled import Compiled, Point
from px.journeys.engine.facts import Asked, Expected, Facts, Happening, Touch
from px.journeys.engine.holding import exit_time, happening_about, is_held
from px.journeys.engine.parcels import last_delivery

# A hold does not change when a touch was due; window, quiet hours and the cap do.
_NOT_MOVED = (Reason.EXCEPTION, Reason.PAUSED)


def plan(journey: Compiled, facts: Facts, now: datetime) -> list[Touch]:
    """Every touch of the enrolment as it stands at `now`: settled ones unchanged, open ones planned
    afresh.

    One with status queued goes now. Asking again without news gives the same answer; without news
    only the touches in the facts are looked at.
    """
    run = Run(journey, facts, now)
    for entry in sorted(run.due, key=lambda entry: entry[:3]):
        run.decide(entry)
    return list(run.touches.values())


class Due(NamedTuple):
    """A touch whose time has come. Who is due first takes a place under the cap first; then the
    earlier anchor (rule 7).
    """

    nominal: datetime
    base: datetime
    position: int
    point: Point
    occurrence: int


class Run:
    """One call of `plan`: `touches` as they stand, and those on `due` still to be decided."""

    def __init__(self, journey: Compiled, facts: Facts, now: datetime) -> None:
        self.journey = journey
        self.facts = facts
        self.now = now
        self.taken = facts.sent_marketing
        self.bases: dict[tuple[str, str], datetime | Reason | None] = {}
        self.exited_at = exit_time(journey, facts, now)
        self.quiet = outside(facts.rules.quiet_hours) if facts.rules.quiet_hours else None
        self.touches: dict[tuple[str, int], Touch] = {}
        self.due: list[Due] = []
        self._held: bool | None = None
        for point, n in journey.occurrences:
            if not facts.is_without_news or (point.key, n) in facts.touches:
                self.touches[(point.key, n)] = self._look_at(point, n)

    def held(self) -> bool:
        """Whether the enrolment is on hold; asked only when something is due."""
        # By hand: cached_property takes a lock, which a pass over many would pay each time.
        if self._held is None:
            self._held = is_held(self.journey, self.facts, self.now)
        return self._held

    def _look_at(self, point: Point, n: int) -> Touch:
        if self.exited_at is not None:
            return self.settled(point, n) or self.exited(point, n)
        return self.standing(point, n) or self.forecast(point, n)

    def settled(self, point: Point, n: int) -> Touch | None:
        """The touch if it is settled or on its way."""
        touch = self.facts.touches.get((point.key, n))
        return (
            touch
            if touch is not None and (touch.settled_at or touch.status is TouchStatus.QUEUED)
            else None
        )

    def standing(self, point: Point, n: int) -> Touch | None:
        """A touch that stays as it is: settled, or, without news, planned for later."""
        touch = self.facts.touches.get((point.key, n))
        if touch is None or touch.settled_at or touch.status is TouchStatus.QUEUED:
            return touch
        is_later = touch.wake_at is not None and touch.wake_at > self.now
        return touch if is_later and self.facts.is_without_news else None

    def exited(self, point: Point, n: int) -> Touch:
        """The touch of an enrolment that has ended."""
        before = self.facts.touches.get((point.key, n))
        return self._settle(
            point, n, TouchStatus.SKIPPED, Reason.EXITED, before.due_at if before else None
        )

    def forecast(self, point: Point, n: int) -> Touch:
        """The touch while its time has not come; one whose time has come is put on `due`."""
        base = self.base(point)
        if base is None:
            return Touch(point.key, n, TouchStatus.WAITING)
        if isinstance(base, Reason):
            return self._settle(point, n, TouchStatus.SKIPPED, base, None)
        if base > self.now and point.anchor == "unanswered":
            return Touch(point.key, n, TouchStatus.WAITING, wake_at=base)
        nominal, moment, _moved_by = self.expected(point, n, base)
        if nominal <= self.now:
            self.due.append(Due(nominal, base, point.index, point, n))
            return Touch(point.key, n, TouchStatus.WAITING)
        if moment is not None and point.is_marketing:
            moment = self._forecast_cap(point, moment)
        # Looked at when its time comes, even where window, quiet hours or cap make it wait then:
        # what is held says so from that moment on.
        return Touch(point.key, n, TouchStatus.PLANNED, None, moment or nominal, nominal)

    def decide(self, due: Due) -> None:
        """The touch whose time has come goes, is held, is skipped, or waits for somebody's
        review.
        """
        point, n = due.point, due.occurrence
        self.touches[(point.key, n)] = self._decided(point, n, due.base)

    def _decided(self, point: Point, n: int, base: datetime) -> Touch:
        nominal, due, moved_by = self.expected(point, n, base)
        if due is None or self._is_passed_over(point, n, due):
            return self._settle(point, n, TouchStatus.SKIPPED, Reason.LATE, due or nominal)
        if self.facts.is_paused:
            return Touch(point.key, n, TouchStatus.HELD, Reason.PAUSED, due)
        if point.is_marketing and self.held():
            return Touch(point.key, n, TouchStatus.HELD, Reason.EXCEPTION, due)
        if due > self.now:
            return Touch(point.key, n, TouchStatus.HELD, moved_by, due, due)
        go, moved_by = self.slot(point, self.now)
        if go is None or go - due > point.late_by:
            return self._late(point, n, due)
        if go > self.now:
            return Touch(point.key, n, TouchStatus.HELD, moved_by, go, go)
        if self._moves_silently(point, n):
            return self._settle(point, n, TouchStatus.SKIPPED, Reason.LATE, due)
        return self._blocked(point, n, due) or self._go(point, n, due)

    def _is_passed_over(self, point: Point, n: int, due: datetime) -> bool:
        """Whether a move that sends nothing at once has made it due; what was held before stays."""
        before = self.facts.touches.get((point.key, n))
        is_held = before is not None and before.status is TouchStatus.HELD
        return due <= self.now and not is_held and self._moves_silently(point, n)

    def _moves_silently(self, point: Point, n: int) -> bool:
        """Whether it is planned because of a move to another version that sends nothing at once."""
        before = self.facts.touches.get((point.key, n))
        silent = self.facts.not_before
        return silent is not None and before is not None and before.wake_at == silent

    def expected(self, point: Point, n: int, base: datetime) -> Expected:
        """When it is due by its anchor alone, and after window and quiet hours, and which of them
        moved it; remembered with the facts.
        """
        key, memo = (point.index, n, base), self.facts.memo
        if key not in memo:
            nominal = nominal_time(base, point.afters[n - 1], point.at, self.facts.zone)
            memo[key] = (nominal, *self.slot(point, nominal))
        memo[(point.index, n)] = found = memo[key]
        return found

    def base(self, point: Point) -> datetime | Reason | None:
        """Rules 1 and 8: the time of the anchor; None while it has not happened; a reason when it
        never will.
        """
        name = (point.anchor, point.about)
        if name not in self.bases:
            self.bases[name] = self._base(point)
        return self.bases[name]

    def _base(self, point: Point) -> datetime | Reason | None:
        if point.anchor == "event":
            return self._event_time(point.about)
        if point.anchor == "date":
            return self._date_time(point.about)
        if point.anchor == "sent":
            return self._sent_at(point.about)
        if point.anchor == "unanswered":
            return self._unanswered(point.about)
        deeds = self.facts.events.get(point.awaits or "", ())
        found = happening_about(deeds, point.about, self.now, self._question(point.about))
        return found.at if found else None

    def slot(self, point: Point, moment: datetime) -> tuple[datetime | None, Reason | None]:
        """Rules 4 and 6: the first moment inside the window and outside quiet hours, and what
        moved it.
        """
        hours = () if point.hours is None else (point.hours,)
        if self.quiet is not None and point.is_marketing:
            hours = (*hours, self.quiet)
        if not hours:
            return moment, None
        try:
            opened, moved_by = first_open(moment, hours, self.facts.zone)
        except ValueError:
            return None, None
        if moved_by is None:
            return opened, None
        return opened, Reason.WINDOW if hours[moved_by] is point.hours else Reason.QUIET_HOURS

    def _event_time(self, kind: str) -> datetime | None:
        happenings = [h for h in self.facts.events.get(kind, ()) if h.at <= self.now]
        if kind == "delivered":
            return last_delivery(happenings, self.facts.events.get("shipped", ()), self.now)
        return happenings[0].at if happenings else None

    def _date_time(self, name: str) -> datetime | None:
        if name.startswith("customer.traits."):
            value = Asked(self.facts, self.now).field(name)
        else:
            value = self.facts.fields.get(name)
        day = _day(value, self.facts)
        return start_of_day(day, self.facts.zone) if day else None

    def _sent_at(self, key: str) -> datetime | None:
        touch = self.facts.touches.get((key, 1))
        return touch.settled_at if touch is not None and touch.status is TouchStatus.SENT else None

    def _unanswered(self, key: str) -> datetime | Reason | None:
        sent = self._sent_at(key)
        if sent is None:
            return None
        asked = self.journey.by_key[key]
        silence = later(sent, asked.wait_length, self.facts.zone)
        answer = happening_about(
            self.facts.events.get("answered", ()), key, self.now, asked.question
        )
        return Reason.CONDITION if answer and answer.at < silence else silence

    def _question(self, key: str) -> str | None:
        point = self.journey.by_key.get(key)
        return point.question if point else None

    def _forecast_cap(self, point: Point, moment: datetime) -> datetime:
        cap = self.facts.rules.cap
        if cap is None or not self.taken:
            return moment
        frees = cap_frees_at(self.taken, moment, cap.messages, cap.days)
        if frees == moment:
            return moment
        moved, _ = self.slot(point, frees)
        return moved if moved and moved - moment <= point.late_by else moment

    def _late(self, point: Point, n: int, due: datetime) -> Touch:
        status = TouchStatus.REVIEW if point.late_goes_to_review else TouchStatus.SKIPPED
        return self._settle(point, n, status, Reason.LATE, due)

    def _blocked(self, point: Point, n: int, due: datetime) -> Touch | None:
        """Why it does not go although its time has come, None when nothing stands against it."""
        reason = self.refusal(point)
        if reason is None and point.is_marketing and self.facts.rules.cap:
            return self._capped(point, n, due)
        return self._settle(point, n, TouchStatus.SKIPPED, reason, due) if reason else None

    def refusal(self, point: Point) -> Reason | None:
        """What stands against the touchpoint if it were due at `now`; None when nothing does."""
        facts = self.facts
        if facts.is_test:
            return Reason.TEST_ORDER
        if facts.is_historic:
            return Reason.HISTORIC
        if facts.is_holdout and point.is_marketing:
            return Reason.HOLDOUT
        if point.condition is not None and not point.condition(self._asked(point)):
            return Reason.CONDITION
        channel = choose_channel(point.channels, facts.reach, is_marketing=point.is_marketing)
        return channel if isinstance(channel, Reason) else None

    def _asked(self, point: Point) -> Asked:
        about = point.about if point.anchor in ("answered", "unanswered") else None
        answers = self.facts.events.get("answered", ())
        question = self._question(about) if about else None
        answer = happening_about(answers, about, self.now, question)
        event = self._counted_from(point)
        return Asked(
            self.facts,
            self.now,
            answer.data.get("answer") if answer else None,
            event.data if event else {},
        )

    def _counted_from(self, point: Point) -> Happening | None:
        """The event whose data the touchpoint's condition may ask about."""
        happenings = self.facts.events.get(point.awaits or "", ())
        if point.anchor == "event":
            return next((h for h in happenings if h.at <= self.now), None)
        if point.anchor == "unanswered":
            return None
        return happening_about(happenings, point.about, self.now, None)

    def _capped(self, point: Point, n: int, due: datetime) -> Touch | None:
        """Rule 7: held until a place is free, or skipped when that is later than it may be."""
        cap = self.facts.rules.cap
        if cap is None:
            return None
        frees = cap_frees_at(self.taken, self.now, cap.messages, cap.days)
        if frees == self.now:
            return None
        go, _ = self.slot(point, frees)
        if go is None or go - due > point.late_by:
            return self._settle(point, n, TouchStatus.SKIPPED, Reason.CAPPED, due)
        return Touch(point.key, n, TouchStatus.HELD, Reason.CAPPED, go, go)

    def _go(self, point: Point, n: int, due: datetime) -> Touch:
        channel = choose_channel(point.channels, self.facts.reach, is_marketing=point.is_marketing)
        assert isinstance(channel, Channel)
        if point.is_marketing:
            self.taken = sorted([*self.taken, self.now])
        _, variant = point.message_for(self.journey.key, self.facts.customer_key)
        before = self.facts.touches.get((point.key, n))
        if (
            before
            and before.reason not in _NOT_MOVED
            and before.due_at
            and due < before.due_at <= self.now
        ):
            due = before.due_at
        return Touch(point.key, n, TouchStatus.QUEUED, None, due, None, channel, variant)

    def _settle(
        self, point: Point, n: int, status: TouchStatus, reason: Reason | None, due: datetime | None
    ) -> Touch:
        return Touch(point.key, n, status, reason, due, settled_at=self.now)


def choose_channel(
    channels: tuple[Channel, ...], reach: Mapping[Channel, Any], *, is_marketing: bool
) -> Channel | Reason:
    """The first channel on which the customer can be reached and has consented, else why there is
    none.
    """
    why = Reason.UNREACHABLE
    for channel in channels:
        found = reach.get(channel)
        if found is None:
            continue
        if found.suppressed is SuppressionScope.ALL or (found.suppressed and is_marketing):
            why = Reason.SUPPRESSED
        elif is_marketing and not found.consent:
            why = Reason.NO_CONSENT if why is Reason.UNREACHABLE else why
        else:
            return channel
    return why


def _day(value: Any, facts: Facts) -> date | None:
    if isinstance(value, datetime):
        return value.astimezone(facts.zone).date() if value.tzinfo else value.date()
    if isinstance(value, date):
        return value
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return moment.astimezone(facts.zone).date() if moment.tzinfo else moment.date()
