"""Everything the first page says, read at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from db.kinds import JourneyStatus, Reason
from px import customers, journeys, messages, orders
from px.core.lease import Gap, gaps_of, read_lease
from px.core.settings import Settings
from px.journeys import NextTouch
from px.messages import DayCount, Trouble

SHOWN = 6
# Until then a time in which nothing was sent is still news.
LATELY = timedelta(days=3)
# These end by themselves: in the morning, or when the cap frees.
_PASSING = {Reason.QUIET_HOURS, Reason.WINDOW, Reason.CAPPED}


@dataclass(frozen=True, slots=True)
class Figures:
    """How things stand."""

    orders: int
    live_journeys: int
    due_in_day: int
    trouble: list[Trouble]
    days: list[DayCount]
    waiting: dict[tuple[str, str], int]
    upcoming: list[NextTouch]
    names: dict[int, str]
    ticked_at: datetime | None
    down: Gap | None = None
    too_late: int = 0

    def sent(self, days: int) -> int:
        """Messages that went out on the last `days` days, today included."""
        numbers = [one.count for one in self.days if one.status == "sent"]
        return sum(numbers[-days:])

    @property
    def failed(self) -> int:
        """Messages that failed since yesterday."""
        return sum(one.count for one in self.trouble if one.status == "failed")

    @property
    def stuck(self) -> list[Trouble]:
        """What is held and goes no further by itself."""
        return [one for one in self.trouble if one.status == "held" and one.reason not in _PASSING]


def read_figures(session: Any, current: Settings, *, now: datetime) -> Figures:
    """How things stand now, in the shop's days."""
    zone = current.shop_zone
    running = journeys.pressure.ordered_journeys(session)
    upcoming = journeys.next_touches(session, limit=SHOWN)
    tomorrow = now + timedelta(days=1)
    known = customers.known_customers(
        session, [line.customer_id for line in upcoming if line.customer_id]
    )
    lease = read_lease(session, "scheduler")
    gaps = [gap for gap in gaps_of(lease) if gap.ended >= now - LATELY]
    due, _first = messages.waiting(session, until=tomorrow)
    return Figures(
        orders=orders.order_counts(session)["all"],
        live_journeys=sum(one.status == JourneyStatus.LIVE for one in running),
        due_in_day=due + journeys.touches_due(session, until=tomorrow),
        trouble=messages.trouble(session, since=now - timedelta(days=1)),
        days=messages.day_counts(session, zone=zone, days=14, now=now),
        waiting={
            (status, reason): number
            for (status, reason), number in journeys.touches_waiting(session).items()
            if status == "review" or reason not in _PASSING
        },
        upcoming=upcoming,
        names={number: one.name or one.email or "" for number, one in known.items()},
        ticked_at=lease.ticked_at if lease else None,
        down=gaps[-1] if gaps else None,
        too_late=journeys.count_skipped_as_late(session, since=gaps[-1].began) if gaps else 0,
    )
