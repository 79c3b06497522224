"""Stops asking a provider that refuses everybody, then asks again with one message.

Times are monotonic seconds.
"""

from dataclasses import dataclass

_FAILURES = 5
_FIRST_PAUSE = 30.0
_LONGEST_PAUSE = 300.0


@dataclass(slots=True)
class Breaker:
    """Closed: all may pass. Open: none. After the pause one may, and what becomes of it decides."""

    failures: int = 0
    opened_at: float | None = None
    pause: float = _FIRST_PAUSE
    is_probing: bool = False
    sentence: str = ""

    def room(self, at: float) -> int | None:
        """How many messages may be tried now; None when there is no limit."""
        if self.opened_at is None:
            return None
        return 0 if self.is_probing or at < self.opened_at + self.pause else 1

    @property
    def is_open(self) -> bool:
        """Whether messages wait because of the provider."""
        return self.opened_at is not None

    @property
    def is_shut(self) -> bool:
        """Whether nobody but the one that tries it may pass."""
        return self.is_open and not self.is_probing

    def succeeded(self) -> None:
        """The provider answers as it should."""
        self.failures, self.opened_at, self.pause = 0, None, _FIRST_PAUSE
        self.is_probing, self.sentence = False, ""

    def failed(self, at: float, sentence: str, *, at_once: bool = False) -> bool:
        """One more failure that is the provider's; whether nobody may pass from now on.

        `at_once` when trying again cannot help, as with a wrong password.
        """
        if self.opened_at is not None and not self.is_probing:
            # Somebody who was on the way when it opened.
            return True
        self.failures += 1
        self.sentence = sentence
        if self.opened_at is not None:
            self.pause = min(self.pause * 2, _LONGEST_PAUSE)
        elif not at_once and self.failures < _FAILURES:
            return False
        self.opened_at, self.is_probing = at, False
        return True
