"""The only reader of the wall clock. Everything else is handed `now`."""

import time
from datetime import UTC, datetime


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Seconds that never go back, for measuring how long something took."""
    return time.monotonic()


def sleep(seconds: float) -> None:
    """Later."""
    time.sleep(seconds)
