"""A channel for which nobody is set up yet: every message is refused with one sentence."""

from dataclasses import dataclass

from db.kinds import Reason
from px.channels.base import Down, OutgoingMessage, Rejected, Result


@dataclass(frozen=True, slots=True)
class Missing:
    """No provider."""

    sentence: str
    name: str = "none"
    looks_ahead: bool = False

    def line(self) -> "Missing":
        """Itself: there is nothing to connect to."""
        return self

    def ready(self) -> Down | None:
        """It can refuse at any time."""
        return None

    def send(self, message: OutgoingMessage, following: str | None = None) -> Result:
        """Refused, because of us and not of the address."""
        del message, following
        return Rejected(detail=self.sentence, reason=Reason.CHANNEL_ERROR)

    def close(self) -> None:
        """Nothing was open."""


@dataclass(frozen=True, slots=True)
class Unready:
    """A provider that is not set up right: messages wait until it is."""

    sentence: str
    name: str = "none"
    looks_ahead: bool = False

    def line(self) -> "Unready":
        """Itself: there is nothing to connect to."""
        return self

    def ready(self) -> Down | None:
        """Never; the sentence says what to do."""
        return Down("settings", self.sentence)

    def send(self, message: OutgoingMessage, following: str | None = None) -> Result:
        """Not possible; the message waits."""
        del message, following
        return Down("settings", self.sentence)

    def close(self) -> None:
        """Nothing was open."""
