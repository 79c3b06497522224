"""A sender in a process of its own, for px bench crash to kill.

    python -m benchmarks.crash_child URL FOLDER PORT CONNECTIONS

Sends until nothing is due, then ends. SIGTERM drains. PX_FAILPOINT=NAME:N ends it at once, as a
kill would, when it passes the named point for the Nth time; the points are those of POINTS.
"""

import logging
import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.shop import shop_settings
from px.channels import Sent
from px.channels.email import EmailLine
from px.core import clock
from px.core.work import open_database
from px.messages import hand
from px.messages.hand import Hand
from px.messages.pool import Pool
from px.messages.sender import Sender

POINTS = (
    "claim",
    "intent",
    "MAIL",
    "RCPT",
    "DATA",
    "dot",
    "250",
    "before commit",
    "after commit",
)


def run(url: str, folder: str, port: str, connections: str) -> None:
    logging.basicConfig(level=logging.ERROR)
    arm(os.environ.get("PX_FAILPOINT", ""))
    open_database(url)
    settings = shop_settings(Path(folder), int(port))
    sender = Sender(
        clock=clock.now, connections=int(connections), unknown_wait=timedelta(seconds=0)
    )
    told: list[int] = []

    def stop(*_: object) -> None:
        if told:
            os._exit(1)
        told.append(1)
        sender.stop()

    signal.signal(signal.SIGTERM, stop)
    print("ready", flush=True)
    while sender.run(settings) and not told:
        pass
    sender.close()


def arm(failpoint: str) -> None:
    """Hooks around the steps of a sender; none without a failpoint."""
    if not failpoint:
        return
    point, _, nth = failpoint.partition(":")
    left = [int(nth or 1)]

    def passed(name: str) -> None:
        if name == point:
            left[0] -= 1
            if not left[0]:
                os._exit(9)

    after(Pool, "_claim_of", lambda _self, batch: passed("claim") if batch else None)
    after(EmailLine, "_offer", lambda _self, got: passed("250") if isinstance(got, Sent) else None)
    after(hand, "record", lambda *_: passed("before commit"))
    hook_commit(passed)
    hook_write(passed)


def after(owner: Any, name: str, then: Callable[..., object]) -> None:
    inner = getattr(owner, name)

    def hooked(*args: Any, **named: Any) -> Any:
        result = inner(*args, **named)
        then(args[0], result)
        return result

    setattr(owner, name, hooked)


def hook_commit(passed: Callable[[str], None]) -> None:
    inner = Hand._commit

    def commit(self: Hand, message: Any) -> bool:
        had_outcome = self.unrecorded is not None
        begun = inner(self, message)
        if had_outcome and self.unrecorded is None:
            passed("after commit")
        if begun:
            passed("intent")
        return begun

    Hand._commit = commit  # type: ignore[method-assign]


def hook_write(passed: Callable[[str], None]) -> None:
    inner = EmailLine._write

    def write(self: EmailLine, data: bytes) -> None:
        inner(self, data)
        if data.endswith(b"\r\n.\r\n"):
            passed("dot")
        elif data.startswith((b"MAIL", b"RCPT", b"DATA")):
            passed(data[:4].decode())

    EmailLine._write = write  # type: ignore[method-assign]


if __name__ == "__main__":
    run(*sys.argv[1:5])
