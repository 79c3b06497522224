"""The messages that one process has claimed and not begun, shared by its threads."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Event, RLock

from db.kinds import Channel
from px.core.work import Stamping, reading
from px.messages.compose import Composer
from px.messages.gates import Gates
from px.messages.send import Claimed, Desk, claim, release

BATCH = 50


@dataclass(frozen=True, slots=True)
class Shared:
    """What all threads of a sender work with, under one set of settings."""

    desk: Desk
    gates: Gates
    composer: Composer
    clock: Callable[[], datetime]
    stopping: Event
    stamp: Stamping


class Pool:
    """Claims in batches, hands out one by one, gives back what was not begun."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._lock = RLock()
        self._claimed: deque[Claimed] = deque()

    def fill(self) -> int:
        """More due messages are claimed if there are none at hand; how many are at hand."""
        with self._lock:
            if not self._claimed and not self._shared.stopping.is_set():
                self._claimed.extend(self._claim())
            return len(self._claimed)

    def take(self) -> Claimed | None:
        """The next message to send; None when there is none or no more are wanted."""
        with self._lock:
            if self._shared.stopping.is_set() or not self.fill():
                return None
            return self._claimed.popleft()

    def take_at_hand(self) -> Claimed | None:
        """Like `take`, but nothing is claimed for it."""
        with self._lock:
            if not self._claimed or self._shared.stopping.is_set():
                return None
            return self._claimed.popleft()

    def give_back(self, message: Claimed) -> None:
        """Another thread takes the message next."""
        with self._lock:
            self._claimed.appendleft(message)

    def drop(self, channel: str, detail: str) -> None:
        """The channel's messages wait in the outbox; their rows say for what."""
        with self._lock:
            waiting = [m for m in self._claimed if m.channel == channel]
            self._claimed = deque(m for m in self._claimed if m.channel != channel)
        self._release(waiting, detail)

    def empty(self) -> None:
        """Everything not begun is free for others."""
        with self._lock:
            left = list(self._claimed)
            self._claimed.clear()
        self._release(left, None)

    def _claim(self) -> list[Claimed]:
        batch = self._claim_of(self._shared.gates.open_channels(), BATCH)
        for channel in [] if batch else self._shared.gates.to_probe():
            if probe := self._claim_of([channel], 1):
                self._shared.gates.probe(channel)
                return probe
        return batch

    def _claim_of(self, channels: Sequence[Channel], limit: int) -> list[Claimed]:
        if not channels:
            return []
        owner, now = self._shared.desk.owner, self._shared.clock()
        with self._shared.stamp() as session:
            batch = claim(session, owner=owner, channels=channels, limit=limit, now=now)
        if batch:
            with reading() as session:
                self._shared.composer.load(session, {m.template_version_id for m in batch})
        return batch

    def _release(self, messages: Sequence[Claimed], detail: str | None) -> None:
        if messages:
            with self._shared.stamp() as session:
                ids = [message.id for message in messages]
                release(session, ids, owner=self._shared.desk.owner, detail=detail)
