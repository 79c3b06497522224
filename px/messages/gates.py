"""One gate per channel: who carries it, whether they answer, how fast they take messages."""

import logging
from dataclasses import dataclass
from threading import Lock

from db.kinds import Channel
from px.channels import Down, Later, Provider, Rejected, Result, Unknown, provider_of
from px.core.clock import monotonic
from px.core.settings import Settings
from px.messages.breaker import Breaker
from px.messages.pace import Pace

_log = logging.getLogger("px.messages.gates")
# What a new try within seconds cannot mend; trying on may lock the account.
_HOPELESS = {"settings", "auth", "tls", "dns", "disk", "535", "534", "530", "538"}


@dataclass(slots=True)
class Gate:
    """What stands between the outbox and one channel."""

    provider: Provider
    pace: Pace
    breaker: Breaker


class Gates:
    """The gates of all channels under one set of settings. Safe to use from several threads."""

    def __init__(self, settings: Settings, owner: str) -> None:
        self._lock = Lock()
        self._gates: dict[Channel, Gate] = {}
        for channel in Channel:
            provider = provider_of(channel, settings)
            pace = Pace(provider.name, settings.send_per_second, owner)
            self._gates[channel] = Gate(provider, pace, Breaker())

    def __getitem__(self, channel: str) -> Gate:
        return self._gates[Channel(channel)]

    @property
    def problems(self) -> dict[str, str]:
        """Why messages wait, by channel: what a provider says that refuses us all."""
        return {c.value: g.breaker.sentence for c, g in self._gates.items() if g.breaker.is_open}

    def open_channels(self) -> list[Channel]:
        """The channels whose messages may pass."""
        return [c for c, g in self._gates.items() if g.breaker.room(monotonic()) is None]

    def to_probe(self) -> list[Channel]:
        """The channels that one message may try."""
        return [c for c, g in self._gates.items() if g.breaker.room(monotonic()) == 1]

    def probe(self, channel: Channel) -> None:
        """One message of the channel is on its way."""
        with self._lock:
            self._gates[channel].breaker.is_probing = True

    def nobody_tries(self) -> None:
        """No message is on its way: whoever was to try a channel may have ended before it did."""
        for gate in self._gates.values():
            gate.breaker.is_probing = False

    def not_tried(self, channel: str) -> None:
        """The message that was to try the channel did not leave; another one may."""
        self[channel].breaker.is_probing = False

    def note(self, channel: str, result: Result) -> bool:
        """The provider's answer counts; whether the channel's messages wait from now on."""
        breaker = self[channel].breaker
        if not _is_fault(result):
            if breaker.failures:
                with self._lock:
                    breaker.succeeded()
            return False
        with self._lock:
            hopeless = isinstance(result, Down) and result.code in _HOPELESS
            is_shut = breaker.failed(monotonic(), result.detail, at_once=hopeless)
        if is_shut:
            _log.warning("%s waits: %s", channel, result.detail)
        return is_shut


def _is_fault(result: Result) -> bool:
    return isinstance(result, Later | Rejected | Down | Unknown) and result.is_provider
