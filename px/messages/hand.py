"""One thread of a sender, with its own connections: takes a message, sends it, takes the next.

It commits once per message: the outcome of the one before together with the intent of the next. A
process that is killed leaves at most one message per hand of which nobody knows what came of it.
"""

import logging
from collections import Counter
from dataclasses import replace

from db.kinds import Reason
from px.channels import Line, OutgoingMessage, Rejected, Result, Sent, Unknown
from px.core.errors import DatabaseProblem
from px.messages.pool import Pool, Shared
from px.messages.rules import Allowed, HoldUntil
from px.messages.send import Attempt, Claimed, begin, record, without_address

_log = logging.getLogger("px.messages.hand")
_TRIES = 3
# After a message that was held or skipped so many must pass before we look ahead again.
_STEADY = 5
Lines = dict[str, Line]


class Hand:
    """Works until the pool is empty or stopped. `counts` says how its messages ended."""

    def __init__(self, shared: Shared, pool: Pool, lines: Lines) -> None:
        self.counts: Counter[str] = Counter()
        self.unrecorded: Attempt | None = None
        self._steady = _STEADY
        self._shared, self._gates = shared, shared.gates
        self._pool = pool
        self._lines = lines

    def work(self) -> None:
        """Every message taken has its outcome recorded, or was given back."""
        try:
            message = self._pool.take()
            while message is not None:
                message = self._one(message)
            self._commit(None)
        except Exception:  # noqa: BLE001 - the edge of a thread
            # What it left behind is recorded or recovered by the next pass.
            _log.exception("a sending thread stopped")

    def _one(self, message: Claimed) -> Claimed | None:
        """Sends one message and answers with the next."""
        gate, line = self._gates[message.channel], self._line(message.channel)
        if gate.breaker.is_shut:
            return self._wait_for_provider(message, gate.breaker.sentence)
        if down := line.ready():
            is_shut = self._gates.note(message.channel, down)
            return self._wait_for_provider(message, down.detail if is_shut else None)
        if (seconds := gate.pace.wait()) > 0:
            self._commit(None)
            if self._shared.stopping.wait(seconds):
                self._pool.give_back(message)
                return None
        if not self._commit(message):
            self._gates.not_tried(message.channel)
            self._steady = 0
            return self._pool.take()
        self._steady += 1
        # An envelope opened for somebody who is not written to after all costs a new connection.
        looks_ahead = line.looks_ahead and self._steady > _STEADY
        following = self._pool.take() if looks_ahead else None
        self._send(line, message, following)
        if following := following or self._pool.take_at_hand():
            return following
        # Claiming more takes a while; until it is recorded nobody knows what came of this one.
        self._commit(None)
        return self._pool.take()

    def _wait_for_provider(self, message: Claimed, sentence: str | None) -> Claimed | None:
        """The message is not touched: another hand takes it, or it waits in the outbox."""
        self._commit(None)
        self._pool.give_back(message)
        if sentence is not None:
            self._pool.drop(message.channel, sentence)
        return self._pool.take()

    def _send(self, line: Line, message: Claimed, following: Claimed | None) -> None:
        outgoing = self._composed(message)
        if isinstance(outgoing, Rejected):
            self._note(message, outgoing, "")
            self._gates.not_tried(message.channel)
            return
        behind = following and following.channel == message.channel and following.to_address
        result = self._offered(line, outgoing, behind or None)
        self._note(message, result, outgoing.subject)
        result = _for_everybody(result, message.to_address)
        if self._gates.note(message.channel, result):
            self._pool.drop(message.channel, result.detail)

    def _note(self, message: Claimed, result: Result, subject: str) -> None:
        provider = self._gates[message.channel].provider.name
        self.unrecorded = Attempt(message, provider, result, subject, self._shared.clock())

    def _composed(self, message: Claimed) -> OutgoingMessage | Rejected:
        try:
            return self._shared.composer.compose(message)
        except Exception:  # noqa: BLE001 - a bug in one message must not stop the others
            _log.exception("message %s could not be composed", message.id)
            sentence = "The template could not be filled in; the log says why."
            return Rejected(detail=sentence, reason=Reason.TEMPLATE_ERROR)

    def _offered(self, line: Line, outgoing: OutgoingMessage, behind: str | None) -> Result:
        try:
            return line.send(outgoing, behind)
        except Exception:  # noqa: BLE001 - as above; and it may have been handed over
            _log.exception("message %s: the channel failed", outgoing.message_id)
            line.close()
            return Unknown(detail="The channel failed while sending; the log says why.")

    def _commit(self, message: Claimed | None) -> bool:
        """The last outcome is recorded and, in the same transaction, `message` begun if it may."""
        if self.unrecorded is None and message is None:
            return False
        for left in reversed(range(_TRIES)):
            try:
                return self._committed(message)
            except DatabaseProblem:
                if not left:
                    raise
        return False

    def _committed(self, message: Claimed | None) -> bool:
        last, now = self.unrecorded, self._shared.clock()
        with self._shared.stamp() as session:
            if last is not None:
                record(session, last, self._shared.desk, now=now)
            verdict = begin(session, message, self._shared.desk, now=now) if message else None
        if last is not None:
            self.counts[_word(last.result)] += 1
            self.unrecorded = None
        if message is not None and verdict is not None and not isinstance(verdict, Allowed):
            self.counts["held" if isinstance(verdict, HoldUntil) else "skipped"] += 1
        return isinstance(verdict, Allowed)

    def _line(self, channel: str) -> Line:
        if channel not in self._lines:
            self._lines[channel] = self._gates[channel].provider.line()
        return self._lines[channel]


def _for_everybody(result: Result, address: str) -> Result:
    """The result as the log and other customers' messages may say it: without the address."""
    if isinstance(result, Sent):
        return result
    return replace(result, detail=without_address(result.detail, address))


def _word(result: Result) -> str:
    """How the count of a pass calls the outcome."""
    if isinstance(result, Rejected):
        return "failed"
    return type(result).__name__.lower() if not isinstance(result, Sent) else "sent"
