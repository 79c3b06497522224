"""Which process holds a message, and whether that process still lives.

A sender holds a lock for as long as it lives: a file's on SQLite, an advisory one on PostgreSQL.
The system frees it when the process dies: what a dead sender held is free at once, not only when
its lease ends.
"""

import hashlib
import logging
import os
import secrets
import socket
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from px.core.work import database

_log = logging.getLogger("px.messages.owner")


class Owner:
    """This process as a sender: a name nobody else has, and its lock."""

    def __init__(self, data_dir: Path) -> None:
        host = "".join(c for c in socket.gethostname() if c.isalnum() or c in "-.")[:30]
        self.name = f"{host}-{os.getpid()}-{secrets.token_hex(4)}"
        self._locks: _Files | _Advisory = (
            _Files(data_dir / "senders") if database().is_sqlite else _Advisory()
        )
        self._locks.hold(self.name)

    def dead_among(self, names: Iterable[str]) -> set[str]:
        """Those of the senders that are certainly dead; one that cannot be asked about is not."""
        return {name for name in names if name != self.name and self._locks.is_free(name)}

    def is_alive(self) -> bool:
        """Whether the lock is still held; a lost connection to the database loses it."""
        return self._locks.is_held()

    def close(self) -> None:
        """The lock is free."""
        self._locks.close()


class _Files:
    """A locked file per sender."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: Any = None

    def hold(self, name: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._held = _locked(self._folder / f"{name}.lock", create=True)

    def is_held(self) -> bool:
        return True

    def is_free(self, name: str) -> bool:
        path = self._folder / f"{name}.lock"
        try:
            file = _locked(path, create=False)
        except OSError:
            return False
        if file is None:
            return False
        path.unlink(missing_ok=True)
        file.close()
        return True

    def close(self) -> None:
        if self._held is not None:
            Path(self._held.name).unlink(missing_ok=True)
            self._held.close()
            self._held = None


class _Advisory:
    """An advisory lock per sender, held by a connection of its own."""

    def __init__(self) -> None:
        engine = database().promises.execution_options(isolation_level="AUTOCOMMIT")
        self._connection: Connection = engine.connect()

    def hold(self, name: str) -> None:
        self._ask("SELECT pg_advisory_lock(:key)", name)

    def is_held(self) -> bool:
        try:
            self._connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            _log.warning("the connection that held the sender's lock is gone")
            return False
        return True

    def is_free(self, name: str) -> bool:
        if not self._ask("SELECT pg_try_advisory_lock(:key)", name):
            return False
        self._ask("SELECT pg_advisory_unlock(:key)", name)
        return True

    def close(self) -> None:
        # Closing a pooled connection would keep the session and with it the lock.
        self._connection.invalidate()
        self._connection.close()

    def _ask(self, statement: str, name: str) -> Any:
        digest = hashlib.blake2b(name.encode(), digest_size=8, person=b"px-sender").digest()
        key = int.from_bytes(digest, signed=True)
        return self._connection.execute(text(statement), {"key": key}).scalar()


def _locked(path: Path, *, create: bool) -> Any:
    """The file, locked until it is closed or the process ends; None when somebody holds it."""
    try:
        import fcntl
    except ImportError:  # Windows: there leases simply run out.
        return None
    file = open(path, "a" if create else "r+")  # noqa: SIM115 - open for as long as we live
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file
