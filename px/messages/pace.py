"""Keeps to what a provider takes per second, over all workers and across restarts.

The next free moment stands in a lease's row (the generic cell rate algorithm), so that a restart
does not begin with a full bucket.
"""

import math
from datetime import datetime, timedelta
from threading import Lock

from sqlmodel import Session

from px.core import clock
from px.core.lease import note_tick, read_lease, take_lease
from px.core.work import marking

_NEXT = "next"
# A next moment further away than this was written by a clock that has since gone back.
_ABSURD = timedelta(minutes=1)
_BUSY = 0.005


def reserve(
    session: Session, name: str, *, count: int, per_second: float, owner: str, now: datetime
) -> float | None:
    """Seconds until `count` messages may begin to leave, kept for the caller; None: ask again."""
    # The update holds the row until the end of the transaction: nobody reads the same moment twice.
    if not take_lease(session, name, owner=owner, seconds=0, now=now):
        return None
    row = read_lease(session, name)
    told = row.detail.get(_NEXT) if row else None
    free = datetime.fromisoformat(told) if told else now
    if free < now or free > now + _ABSURD + timedelta(seconds=count / per_second):
        free = now
    following = free + timedelta(seconds=count / per_second)
    note_tick(session, name, detail={_NEXT: following.isoformat()}, now=now)
    return (free - now).total_seconds()


class Pace:
    """The share of one process in what a provider takes. Safe to use from several threads."""

    def __init__(self, name: str, per_second: float, owner: str) -> None:
        self._name = f"pace:{name}"
        self._per_second = per_second
        self._owner = owner
        self._lock = Lock()
        self._left = 0
        self._from = 0.0

    def wait(self) -> float:
        """Seconds to wait before the next message may leave; that place is taken."""
        if not self._per_second:
            return 0.0
        with self._lock:
            if not self._left:
                self._refill()
            self._left -= 1
            return max(0.0, self._from - clock.monotonic())

    def _refill(self) -> None:
        # A twentieth of a second's worth at a time: even flow without a write for each message.
        count = max(1, math.floor(self._per_second / 20))
        seconds = None
        while seconds is None:
            # How fast mail flows is a matter of real time, whatever clock the pass was given.
            with marking() as session:
                seconds = reserve(
                    session,
                    self._name,
                    count=count,
                    per_second=self._per_second,
                    owner=self._owner,
                    now=clock.now(),
                )
            if seconds is None:
                clock.sleep(_BUSY)
        self._left, self._from = count, clock.monotonic() + seconds
