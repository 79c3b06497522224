"""How long a guesser waits, per account and per origin; counted before the password is checked."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

FREE_PER_ACCOUNT = 5
FREE_PER_ORIGIN = 20
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=1)
REMEMBERED = 10_000


@dataclass(slots=True)
class _Tries:
    count: int
    last: datetime


class Attempts:
    """The tries of the last hour, in this process; a restart forgets them."""

    def __init__(self) -> None:
        """Nobody has tried anything yet."""
        self._tries: OrderedDict[str, _Tries] = OrderedDict()
        self._lock = Lock()

    def begin(self, account: str, origin: str, *, now: datetime) -> timedelta:
        """Zero, and the try is counted; or how long this account or origin must wait first."""
        keys = {f"account {account}": FREE_PER_ACCOUNT, f"origin {origin}": FREE_PER_ORIGIN}
        with self._lock:
            waits = [self._wait(key, free, now) for key, free in keys.items()]
            if (longest := max(waits)) > timedelta(0):
                return longest
            for key in keys:
                self._count(key, now)
        return timedelta(0)

    def succeeded(self, account: str, origin: str) -> None:
        """The account's tries are forgotten; of the origin's only this one, it may be guessing."""
        with self._lock:
            self._tries.pop(f"account {account}", None)
            if tries := self._tries.get(f"origin {origin}"):
                tries.count -= 1

    def _wait(self, key: str, free: int, now: datetime) -> timedelta:
        tries = self._tries.get(key)
        if tries is None or now - tries.last > FORGOTTEN_AFTER or tries.count < free:
            return timedelta(0)
        doublings = min(tries.count - free, 10)
        wait = min(LONGEST_WAIT, FIRST_WAIT * (1 << doublings))
        return max(timedelta(0), tries.last + wait - now)

    def _count(self, key: str, now: datetime) -> None:
        tries = self._tries.pop(key, None)
        fresh = tries is None or now - tries.last > FORGOTTEN_AFTER
        self._tries[key] = _Tries(1 if fresh or tries is None else tries.count + 1, now)
        while len(self._tries) > REMEMBERED:
            self._tries.popitem(last=False)
