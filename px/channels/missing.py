"""A channel that nobody carries: every message gets the same answer."""

from dataclasses import dataclass

from px.channels.base import Down, OutgoingMessage, Rejected, Result


@dataclass(frozen=True, slots=True)
class Missing:
    """No provider: messages are refused, because of us and not of the address, or they wait."""

    answer: Rejected | Down
    name: str = "none"
    looks_ahead: bool = False

    def line(self) -> "Missing":
        """Itself: there is nothing to connect to."""
        return self

    def ready(self) -> Down | None:
        """It can refuse at any time; Down says what to do first."""
        return self.answer if isinstance(self.answer, Down) else None

    def send(self, message: OutgoingMessage, following: str | None = None) -> Result:
        """The answer."""
        del message, following
        return self.answer

    def close(self) -> None:
        """Nothing was open."""
