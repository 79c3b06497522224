"""One run of the crash benchmark: an outbox, a server, senders to kill, and what came of it all."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from benchmarks.report import say
from benchmarks.shop import fill, shop_settings
from db.kinds import Purpose
from db.migrate import upgrade
from db.models.messages import Message
from px.core.work import close_database, database, open_database, reading

ROOT = Path(__file__).resolve().parents[1]
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
_PATIENCE = 60.0
Child = subprocess.Popen[str]


class Run:
    """A filled outbox and a server that writes down what it takes. The database is open inside."""

    def __init__(
        self, count: int, purpose: Purpose, postgres: bool, *, pipelining: bool = True
    ) -> None:
        self.is_postgres = postgres
        self.sending_at_kills: list[set[str]] = []
        self.restarts: list[float] = []
        self.unsound: list[str] = []
        self._count, self._purpose, self._pipelining = count, purpose, pipelining
        self._stack = ExitStack()

    def __enter__(self) -> "Run":
        self.folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="px-")))
        self.url = self._database()
        self.record = self.folder / "taken"
        self.record.touch()
        words = ["0", str(self.record), *([] if self._pipelining else ["--no-pipelining"])]
        server = self._process("benchmarks.sink", *words)
        self.port = _line(server)
        self._stack.callback(_end, server)
        upgrade(open_database(self.url))
        self._stack.callback(close_database)
        fill(shop_settings(self.folder, 25), self._count, purpose=self._purpose, now=NOW)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def kill_again_and_again(self, kills: int, connections: int, draw: random.Random) -> None:
        """Senders are killed, each some time after its first message; then all is sent."""
        for _ in range(kills):
            before = self._taken()
            started = time.time()
            children = [self._child(connections) for _ in range(2 if self.is_postgres else 1)]
            if not self._wait_for_more(before, children):
                break
            self.restarts.append(self._first_after(before) - started)
            time.sleep(draw.uniform(0.0, 0.45))
            for child in children:
                child.kill()
                child.wait()
            self._look()
        self.finish(connections)

    def finish(self, connections: int) -> None:
        """Everything that can be sent is sent."""
        for _ in range(2):
            _wait(self._child(connections))

    def drain(self, connections: int) -> float:
        """SIGTERM in the middle; seconds until the sender ended."""
        child = self._child(connections)
        self._wait_for_more(20, [child])
        started = time.monotonic()
        child.send_signal(signal.SIGTERM)
        _wait(child)
        return time.monotonic() - started

    def stop_twice(self, connections: int) -> float:
        """Two SIGTERMs, one right after the other; seconds from the second to the end."""
        child = self._child(connections)
        self._wait_for_more(self._taken(), [child])
        child.send_signal(signal.SIGTERM)
        time.sleep(0.01)
        started = time.monotonic()
        child.send_signal(signal.SIGTERM)
        _wait(child)
        return time.monotonic() - started

    def fail_at(self, point: str) -> None:
        """A sender ended itself when it passed the point for the fifth time, once for `claim`."""
        nth = 1 if point == "claim" else 5
        child = self._child(1, PX_FAILPOINT=f"{point}:{nth}")
        _wait(child)
        if child.returncode != 9:
            raise SystemExit(f"the sender never passed '{point}'")

    def copies(self) -> Counter[str]:
        """How often a message arrived beyond the first time."""
        return Counter({key: n - 1 for key, n in self._arrived().items() if n > 1})

    def lost(self) -> set[str]:
        """Messages that never arrived and of whose row nothing says why."""
        arrived = self._arrived().keys()
        return {
            key for key, status, _ in self._rows() if key not in arrived and status == "sent"
        } | {key for key, status, reason in self._rows() if status not in ("sent",) and not reason}

    def missing(self) -> set[str]:
        """Messages that never arrived."""
        return {key for key, _, _ in self._rows()} - self._arrived().keys()

    def unknown(self) -> set[str]:
        """Messages of which nobody knows whether they arrived."""
        return {key for key, _, reason in self._rows() if reason == "unknown_outcome"}

    def lines(self) -> list[list[str]]:
        """What the server wrote down: start, connection, Message-ID, Date, To, hash."""
        return [line.split("\t") for line in self.record.read_text().splitlines()]

    def _arrived(self) -> Counter[str]:
        return Counter(line[2] for line in self.lines())

    def _taken(self) -> int:
        return len(self.record.read_bytes().splitlines())

    def _first_after(self, before: int) -> float:
        return float(self.lines()[before][0])

    def _wait_for_more(self, before: int, children: list[Child]) -> bool:
        deadline = time.monotonic() + _PATIENCE
        while self._taken() <= before:
            if all(child.poll() is not None for child in children) or time.monotonic() > deadline:
                return False
            time.sleep(0.005)
        return True

    def _look(self) -> None:
        """What was being sent at the kill, and whether the database is sound."""
        rows = self._rows()
        self.sending_at_kills.append({key for key, status, _ in rows if status == "sending"})
        if not database().is_sqlite:
            return
        with reading() as session:
            for check in ("integrity_check", "foreign_key_check"):
                found = [
                    tuple(row) for row in session.connection().execute(text(f"PRAGMA {check}"))
                ]
                if found not in ([], [("ok",)]):
                    self.unsound.append(f"{check}: {found[:3]}")

    def _rows(self) -> list[tuple[str, str, str | None]]:
        columns = (col(Message.header_id), col(Message.status), col(Message.reason))
        with reading() as session:
            return [tuple(row) for row in session.connection().execute(select(*columns))]  # type: ignore[misc]

    def _database(self) -> str:
        if not self.is_postgres:
            return f"sqlite:///{self.folder / 'px.db'}"
        from tests.postgres import Postgres

        server = self._stack.enter_context(Postgres())
        return server.url(server.new())

    def _child(self, connections: int, **more: str) -> Child:
        words = (self.url, str(self.folder), self.port, str(connections))
        child = self._process("benchmarks.crash_child", *words, **more)
        self._stack.callback(_end, child)
        return child

    def _process(self, module: str, *words: str, **more: str) -> Child:
        return subprocess.Popen(
            [sys.executable, "-m", module, *words],
            cwd=ROOT,
            env={**os.environ, **more},
            stdout=subprocess.PIPE,
            text=True,
        )


class Invariants:
    """What must hold; `ok` while it did. Each is said with its figures."""

    def __init__(self) -> None:
        self.ok = True

    def say(self, fine: bool, what: str) -> None:
        """One invariant, and whether it holds."""
        self.ok &= fine
        say(f"  {'holds ' if fine else 'BROKEN'}  {what}")

    def nothing_lost(self, run: Run) -> None:
        """I1: every message arrived, or its row says why not."""
        lost, missing = run.lost(), run.missing()
        detail = f"I1 {len(lost)} lost, {len(missing)} not arrived (none)"
        self.say(not lost and not missing, detail)

    def copies_were_being_sent(self, run: Run, most: int) -> None:
        """I2: what arrived twice was being sent at a kill, and not more often than that."""
        copies, being_sent = run.copies(), Counter[str]()
        for keys in run.sending_at_kills:
            being_sent.update(keys)
        total, allowed = sum(copies.values()), being_sent.total()
        strays = [key for key, count in copies.items() if count > being_sent[key]]
        self.say(
            not strays and total <= allowed <= most,
            f"I2 {total} copies of {allowed} being sent at {len(run.sending_at_kills)} kills"
            f" (at most {most}); {len(strays)} were not being sent (none)",
        )

    def no_copies(self, run: Run) -> None:
        """I3: nothing arrived twice."""
        self.say(not run.copies(), f"I3 {sum(run.copies().values())} copies (none)")

    def lost_are_listed_as_unknown(self, run: Run, most: int) -> None:
        """I3: whatever did not arrive stands before a person as unknown."""
        unknown, missing = run.unknown(), run.missing()
        self.say(
            missing <= unknown and len(unknown) <= most,
            f"I3 {len(missing)} not arrived, all among {len(unknown)} unknown (at most {most})",
        )

    def copies_are_equal(self, run: Run) -> None:
        """I4: all copies of a message have the same Message-ID, Date, To and body."""
        seen: dict[str, set[tuple[str, ...]]] = {}
        for line in run.lines():
            seen.setdefault(line[2], set()).add(tuple(line[3:]))
        different = [key for key, kinds in seen.items() if len(kinds) > 1]
        self.say(not different, f"I4 {len(different)} copies differ from their first (none)")

    def restarts_are_quick(self, run: Run, most: float) -> None:
        """I8: the first message of a new sender begins within `most` seconds of its start."""
        slowest = max(run.restarts, default=0.0)
        detail = f"I8 first message {slowest:.2f} s after the start (at most {most:g} s)"
        self.say(slowest <= most, detail)

    def database_is_sound(self, run: Run) -> None:
        """I9: SQLite's own checks find nothing after any kill."""
        if not run.is_postgres:
            checked = len(run.sending_at_kills)
            self.say(not run.unsound, f"I9 the database is sound after {checked} kills")


def _line(process: Child) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def _wait(process: Child) -> None:
    try:
        process.communicate(timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        raise SystemExit("a sender did not end") from None


def _end(process: Any) -> None:
    if process.poll() is None:
        process.kill()
    process.wait()
    if process.stdout is not None:
        process.stdout.close()
