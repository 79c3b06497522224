"""The sender: threads with kept connections that send what is due in the outbox."""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from threading import Event, Thread

from px.core.clock import monotonic
from px.core.settings import Settings
from px.core.work import reading, work
from px.messages.compose import Composer
from px.messages.gates import Gates
from px.messages.hand import Hand, Lines
from px.messages.owner import Owner
from px.messages.pool import BATCH, Pool, writing
from px.messages.rules import UNKNOWN_WAIT
from px.messages.send import Attempt, Desk, record
from px.messages.tidy import holders, recover, wake_held

_log = logging.getLogger("px.messages.sender")
_DRAIN_SECONDS = 8.0
Clock = Callable[[], datetime]


class Sender:
    """Sends what is due, keeping its connections from one pass to the next.

    `clock` says what is due and whether it is quiet hours. One pass at a time; `stop` may be called
    from any thread.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        connections: int | None = None,
        unknown_wait: timedelta = UNKNOWN_WAIT,
    ) -> None:
        self._clock = clock
        self._connections = connections
        self._unknown_wait = unknown_wait
        self._owner: Owner | None = None
        self._settings: Settings | None = None
        self._gates: Gates | None = None
        self._composer: Composer | None = None
        self._pool: Pool | None = None
        self._lines: list[Lines] = []
        self._unrecorded: list[Attempt] = []
        self._stopping = Event()

    @property
    def problems(self) -> dict[str, str]:
        """Why messages wait, by channel, in the provider's or our own words."""
        return self._gates.problems if self._gates else {}

    def run(self, settings: Settings) -> Counter[str]:
        """Nothing is due any more that could be sent; how the messages of this pass ended."""
        pool = self._adopt(settings)
        self._tidy()
        ready = pool.fill()
        if not ready:
            self._close_lines()
            return Counter()
        hands = self._connections or settings.send_connections
        counts = self._work(pool, min(hands, ready) if ready < BATCH else hands)
        pool.empty()
        return counts

    def stop(self) -> None:
        """No message is begun any more; those being sent are finished."""
        self._stopping.set()

    def close(self) -> None:
        """What was claimed is free; connections and the sender's lock are closed."""
        if self._pool is not None:
            self._pool.empty()
        self._close_lines()
        if self._owner is not None:
            self._owner.close()
        self._owner = self._settings = self._pool = self._gates = self._composer = None

    def _adopt(self, settings: Settings) -> Pool:
        """These settings count from now on."""
        if self._owner is not None and not self._owner.is_alive():
            self._owner.close()
            self._owner = self._settings = None
        if self._owner is None:
            self._owner = Owner(settings.data_dir)
            self._recover(self._owner, settings, sending_only=False)
        if self._pool is None or settings != self._settings:
            self._close_lines()
            desk = Desk(self._owner.name, settings, self._unknown_wait)
            self._settings, self._composer = settings, Composer(settings)
            self._gates = Gates(settings, self._owner.name)
            self._pool = Pool(desk, self._gates, self._composer, self._clock, self._stopping)
        return self._pool

    def _tidy(self) -> None:
        assert self._owner is not None
        assert self._settings is not None
        now = self._clock()
        with work() as session:
            wake_held(session, now=now)
        self._recover(self._owner, self._settings, sending_only=True)
        desk = Desk(self._owner.name, self._settings, self._unknown_wait)
        while self._unrecorded:
            with writing() as session:
                record(session, self._unrecorded[-1], desk, now=now)
            self._unrecorded.pop()

    def _recover(self, owner: Owner, settings: Settings, *, sending_only: bool) -> None:
        with reading() as session:
            names = holders(session, sending_only=sending_only)
        if not names:
            return
        desk = Desk(owner.name, settings, self._unknown_wait)
        with work() as session:
            lost = recover(session, owner.dead_among(names), desk, now=self._clock())
        if lost:
            _log.warning("%s messages were being sent by a sender that stopped", lost)

    def _work(self, pool: Pool, count: int) -> Counter[str]:
        assert self._owner is not None
        assert self._settings is not None
        assert self._gates is not None
        assert self._composer is not None
        desk = Desk(self._owner.name, self._settings, self._unknown_wait)
        self._lines += [{} for _ in range(count - len(self._lines))]
        hands = [
            Hand(desk, pool, self._gates, self._composer, lines, self._clock, self._stopping)
            for lines in self._lines[:count]
        ]
        threads = [Thread(target=hand.work, name="px-send", daemon=True) for hand in hands]
        for thread in threads:
            thread.start()
        self._join(threads)
        self._unrecorded += [hand.unrecorded for hand in hands if hand.unrecorded]
        return sum((hand.counts for hand in hands), Counter())

    def _join(self, threads: Sequence[Thread]) -> None:
        """All have ended; when stopping, one that waits for a server is left after a while."""
        deadline: float | None = None
        for thread in threads:
            while thread.is_alive():
                thread.join(0.1)
                if self._stopping.is_set() and deadline is None:
                    deadline = monotonic() + _DRAIN_SECONDS
                if deadline is not None and monotonic() > deadline:
                    _log.warning("a message is still being sent; the next start sees to it")
                    return

    def _close_lines(self) -> None:
        for lines in self._lines:
            for line in lines.values():
                line.close()
        self._lines.clear()


def send_due(
    *, settings: Settings, clock: Clock, connections: int | None = None
) -> tuple[Counter[str], dict[str, str]]:
    """What is due has been sent if it could be: counts, and by channel why messages wait."""
    sender = Sender(clock=clock, connections=connections)
    try:
        return sender.run(settings), sender.problems
    finally:
        sender.close()
