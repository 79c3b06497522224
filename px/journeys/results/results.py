"""What came of a journey, per touchpoint: still to come, sent, and what readers did with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from db.kinds import TouchStatus
from db.models.journeys import Journey, Touch
from px.messages import reactions

_SETTLED = (TouchStatus.SENT, TouchStatus.SKIPPED, TouchStatus.FAILED)
_OF_READERS = ("opened", "prefetched", "clicked", "answered", "unsubscribed")


@dataclass(frozen=True, slots=True)
class Results:
    """How many touches of a touchpoint, or of one of its variants, came to what.

    `planned` are still to come. `opened` is too low where images are blocked and too high where
    machines open; `prefetched` are those that only a machine is known to have fetched.
    """

    planned: int = 0
    sent: int = 0
    opened: int = 0
    prefetched: int = 0
    clicked: int = 0
    answered: int = 0
    unsubscribed: int = 0
    failed: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    by_variant: dict[str, "Results"] = field(default_factory=dict)

    @property
    def left_out(self) -> int:
        """How many were decided not to be sent, for whatever reason."""
        return sum(self.skipped.values())


def touchpoint_results(session: Session, journey_key: str) -> dict[str, Results]:
    """The results of each touchpoint that has touches or messages, removed ones too."""
    touches = _touches(session, journey_key)
    readers = {(row.touchpoint, row.template): row for row in reactions(session, journey_key)}
    variants: dict[str, set[str]] = {key: set() for key, _ in (*touches, *readers)}
    for touchpoint, variant in touches:
        variants[touchpoint] |= {variant} if variant else set()
    found = {}
    for touchpoint, own in variants.items():
        of_touches = [counts for (key, _), counts in touches.items() if key == touchpoint]
        of_readers = [row for (key, _), row in readers.items() if key == touchpoint]
        by_variant = {
            name: _added(
                [touches.get((touchpoint, name), {})],
                [row for row in of_readers if row.template == name],
            )
            for name in sorted(own)
        }
        found[touchpoint] = replace(_added(of_touches, of_readers), by_variant=by_variant)
    return found


def as_figures(results: Mapping[str, Results]) -> dict[str, dict[str, int]]:
    """The same as the timeline shows it: numbers by their names, for each touchpoint."""
    return {
        key: {
            "planned": one.planned,
            "sent": one.sent,
            "opened": one.opened,
            "clicked": one.clicked,
            "answered": one.answered,
            "unsubscribed": one.unsubscribed,
            "skipped": one.left_out,
            "failed": one.failed,
        }
        for key, one in results.items()
    }


def variant_of(session: Session, touch_id: int | None) -> str | None:
    """Which of several texts the touch was given; None where there is only one."""
    if touch_id is None:
        return None
    return session.scalar(select(col(Touch.variant)).where(col(Touch.id) == touch_id))


_Counts = dict[tuple[str, str | None], int]


def _touches(session: Session, journey_key: str) -> dict[tuple[str, str | None], _Counts]:
    by = (col(Touch.touchpoint), col(Touch.variant), col(Touch.status), col(Touch.reason))
    own = select(col(Journey.id)).where(col(Journey.key) == journey_key).scalar_subquery()
    statement = select(*by, func.count()).where(col(Touch.journey_id) == own).group_by(*by)
    found: dict[tuple[str, str | None], _Counts] = {}
    for touchpoint, variant, status, reason, count in session.connection().execute(statement):
        found.setdefault((touchpoint, variant), {})[(status, reason)] = count
    return found


def _added(touches: list[_Counts], readers: list[Any]) -> Results:
    """The sums. What left is known to the outbox a moment before it is known to the journey."""
    status: dict[str, int] = {}
    skipped: dict[str, int] = {}
    for counts in touches:
        for (name, reason), count in counts.items():
            status[name] = status.get(name, 0) + count
            if name == TouchStatus.SKIPPED:
                skipped[reason or ""] = skipped.get(reason or "", 0) + count
    return Results(
        planned=sum(count for name, count in status.items() if name not in _SETTLED),
        sent=max(status.get(TouchStatus.SENT, 0), sum(row.sent for row in readers)),
        failed=status.get(TouchStatus.FAILED, 0),
        skipped=dict(sorted(skipped.items(), key=lambda pair: -pair[1])),
        **{name: sum(getattr(row, name) for row in readers) for name in _OF_READERS},
    )
