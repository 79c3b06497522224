"""The sender: threads with kept connections that send what is due in the outbox."""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from threading import Event, Thread

from px.core.clock import monotonic
from px.core.settings import Settings
from px.core.work import reading, stamping, work
from px.messages.compose import Composer
from px.messages.gates import Gates
from px.messages.hand import Hand, Lines
from px.messages.owner import Owner
from px.messages.pool import BATCH, Pool, Shared
from px.messages.rules import UNKNOWN_WAIT
from px.messages.send import Attempt, Desk, record
from px.messages.tidy import holders, recover, wake_held

_log = logging.getLogger("px.messages.sender")
_DRAIN_SECONDS = 8.0
# Connections that nobody needed for so long are given back to the mail server.
_IDLE_SECONDS = 60.0
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
        self._stopping = Event()
        self._post: _Post | None = None
        self._unrecorded: list[Attempt] = []

    @property
    def problems(self) -> dict[str, str]:
        """Why messages wait, by channel, in the provider's or our own words."""
        return self._post.shared.gates.problems if self._post else {}

    def run(self, settings: Settings) -> Counter[str]:
        """Nothing is due any more that could be sent; how the messages of this pass ended."""
        post = self._at_post(settings)
        self._tidy(post)
        post.shared.gates.nobody_tries()
        ready = post.pool.fill()
        if not ready:
            post.rest()
            return Counter()
        hands = self._connections or settings.send_connections
        counts = self._work(post, min(hands, ready) if ready < BATCH else hands)
        post.pool.empty()
        return counts

    def stop(self) -> None:
        """No message is begun any more; those being sent are finished."""
        self._stopping.set()

    def close(self) -> None:
        """What was claimed is free; connections and the sender's lock are closed."""
        if self._post is not None:
            self._post.close()
            self._post = None

    def _at_post(self, settings: Settings) -> "_Post":
        """These settings count from now on, under the name of a living sender."""
        post = self._post
        if post and post.shared.desk.settings == settings and post.owner.is_alive():
            return post
        self.close()
        self._post = post = _Post(settings, self._clock, self._stopping, self._unknown_wait)
        self._recover(post, sending_only=False)
        return post

    def _tidy(self, post: "_Post") -> None:
        now = self._clock()
        with work() as session:
            wake_held(session, now=now)
        self._recover(post, sending_only=True)
        while self._unrecorded:
            with post.shared.stamp() as session:
                record(session, self._unrecorded[-1], post.shared.desk, now=now)
            self._unrecorded.pop()

    def _recover(self, post: "_Post", *, sending_only: bool) -> None:
        with reading() as session:
            names = holders(session, sending_only=sending_only)
        if not names:
            return
        with work() as session:
            lost = recover(
                session, post.owner.dead_among(names), post.shared.desk, now=self._clock()
            )
        if lost:
            _log.warning("%s messages were being sent by a sender that stopped", lost)

    def _work(self, post: "_Post", count: int) -> Counter[str]:
        hands = post.hands(count)
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


class _Post:
    """What a sender works with under one set of settings."""

    def __init__(
        self, settings: Settings, clock: Clock, stopping: Event, unknown_wait: timedelta
    ) -> None:
        self.owner = Owner(settings.data_dir)
        self._stack = ExitStack()
        self.shared = Shared(
            desk=Desk(self.owner.name, settings, unknown_wait),
            gates=Gates(settings, self.owner.name),
            composer=Composer(settings),
            clock=clock,
            stopping=stopping,
            stamp=self._stack.enter_context(stamping()),
        )
        self.pool = Pool(self.shared)
        self._lines: list[Lines] = []
        self._used_at = monotonic()

    def hands(self, count: int) -> list[Hand]:
        """As many hands, with the connections that are open already."""
        self._used_at = monotonic()
        self._lines += [{} for _ in range(count - len(self._lines))]
        return [Hand(self.shared, self.pool, lines) for lines in self._lines[:count]]

    def rest(self) -> None:
        """Connections that nobody needed for a while are closed."""
        if monotonic() - self._used_at > _IDLE_SECONDS:
            self._close_lines()

    def close(self) -> None:
        """What was claimed is free, everything is closed."""
        self.pool.empty()
        self._close_lines()
        self._stack.close()
        self.owner.close()

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
