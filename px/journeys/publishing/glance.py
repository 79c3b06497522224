"""As much of many enrolments as says when their touches are due: enough until one of them is due.

Who can be reached, what a condition asks and what a message says is left out; `subjects.Known` has
it all, at five times the cost.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from db.kinds import Per, Reason, TouchStatus
from px.core.events import events_of
from px.core.settings import Settings
from px.customers.profiles import homes
from px.customers.zones import find_zone, zone_of
from px.journeys.engine.compiled import Compiled, Point, kinds_awaited
from px.journeys.engine.facts import OPEN, Expected, Facts, Touch, TouchKey
from px.journeys.plan import Run
from px.journeys.publishing.inside import Inside
from px.journeys.running.subjects import concerning, shop_rules
from px.messages import sent_marketing
from px.orders.profiles import order_profiles


class Glance:
    """What is known at a glance of these enrolments, all in one version."""

    def __init__(
        self,
        session: Session,
        entrants: Sequence[Inside],
        journey: Compiled,
        points: Sequence[Point],
        settings: Settings,
        now: datetime,
        *,
        ends: frozenset[str] = frozenset(),
    ) -> None:
        """At most four questions per thousand enrolments; `points` are those to be forecast, `ends`
        the events that end an enrolment anew.
        """
        self.ends = ends
        keys = {point.key for point in points}
        looked_at = tuple(each for each in journey.occurrences if each[0].key in keys)
        self.journey = replace(journey, occurrences=looked_at)
        self.now = now
        self.rules = shop_rules(settings)
        ids = [e.customer_id for e in entrants if e.customer_id is not None]
        self.shop_zone = settings.shop_zone
        self.homes = homes(session, ids)
        self.countries = self._countries(session, entrants)
        self.happened = events_of(session, ids, _kinds(journey, points))
        self.sent: dict[int, list[datetime]] = {}
        if self.rules.cap and any(point.is_marketing for point in points):
            since = now - timedelta(days=self.rules.cap.days)
            self.sent = sent_marketing(session, ids, since=since)
        self.asks_to_hold = bool(journey.holding)
        self.memo: dict[ZoneInfo, dict[tuple[object, ...], Expected]] = {}

    def _countries(self, session: Session, entrants: Iterable[Inside]) -> dict[int, str | None]:
        """The countries of the orders of those of whom no country is known."""
        unknown = [
            e.order_id
            for e in entrants
            if e.order_id and not self._home(e)[1] and not find_zone(self._home(e)[0])
        ]
        return {key: order["country"] for key, order in order_profiles(session, unknown).items()}

    def _home(self, entrant: Inside) -> tuple[str | None, str | None]:
        return self.homes.get(entrant.customer_id or 0, (None, None))

    def facts(self, entrant: Inside, touches: dict[TouchKey, Touch]) -> Facts:
        """The facts of one enrolment, as far as they are known at a glance."""
        zone, country = self._home(entrant)
        local = zone_of(zone, country or self.countries.get(entrant.order_id or 0), self.shop_zone)
        customer_id = entrant.customer_id or 0
        return Facts(
            journey=self.journey.key,
            customer_key=str(customer_id),
            entered_at=entrant.entered_at,
            zone=local,
            rules=self.rules,
            events=concerning(self.journey, entrant, None, self.happened.get(customer_id, ())),
            touches=touches,
            sent_marketing=self.sent.get(customer_id, []),
            is_without_news=True,
            memo=self.memo.setdefault(local, {}),
        )

    def planned(self, facts: Facts) -> dict[TouchKey, Touch] | None:
        """The touches as planned; None when one would go, or the enrolment is over by what was an
        end before: to say what that does, all has to be known.
        """
        run = Run(self.journey, facts, self.now)
        if run.exited_at is not None:
            # Whom a new end concerns, of those all that is open is planned again.
            return run.touches if self.ends & facts.events.keys() else None
        if run.due and self.asks_to_hold:
            return None
        for due in run.due:
            run.decide(due)
        return run.touches if all(map(_is_sure, run.touches.values())) else None


def _is_sure(touch: Touch) -> bool:
    """Whether it can be said at a glance: it waits, or comes too late, whatever else is known."""
    return touch.status in OPEN or touch.reason is Reason.LATE or touch.status is TouchStatus.SENT


def is_enough(journey: Compiled, points: Iterable[Point]) -> bool:
    """Whether a glance tells when these touchpoints are due: not by fields or lines of an order."""
    by_line = journey.document.per is Per.ORDER_LINE
    return not by_line and all(point.anchor != "date" for point in points)


def _kinds(journey: Compiled, points: Iterable[Point]) -> set[str]:
    return kinds_awaited(points) | journey.exit_on | journey.hold_on | journey.resume_on
