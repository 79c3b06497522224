"""The one place where a database address becomes engines, with the pragmas and BEGINs that SQLite
needs.

SQLite's driver opens no transaction for a SELECT and lets DDL and savepoints escape a rollback, so
the driver's own handling is switched off and BEGIN is sent here: IMMEDIATE for writers, plain for
readers.
"""

import sqlite3
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import OperationalError

READ_ONLY = {"px_read_only": True}


def _dump(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


def _load(text: Any) -> Any:
    # SQLite makes a number of a text in a JSON column that looks like one.
    return text if isinstance(text, int | float) else orjson.loads(text)


# Every event, order and message holds JSON; the standard library's reader is four times as slow.
_JSON: dict[str, Any] = {"json_serializer": _dump, "json_deserializer": _load}


@dataclass(frozen=True)
class Database:
    """A database in its two manners: `promises` survive a power cut, `marks` a killed process only.

    Losing a mark sends a message twice at worst; losing a promise loses an order. PostgreSQL keeps
    both.
    """

    url: str
    promises: Engine
    marks: Engine

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.promises.dialect.name == "sqlite"

    def close(self) -> None:
        """No connection is open afterwards."""
        self.promises.dispose()
        self.marks.dispose()


def connect(url: str) -> Database:
    """The database at `url`; nothing is opened yet. Raises sqlalchemy.exc.ArgumentError for a
    wrong address.
    """
    if make_url(url).get_backend_name() == "sqlite":
        return Database(url, _sqlite(url, "FULL"), _sqlite(url, "NORMAL"))
    engine = create_engine(
        url,
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=20,
        connect_args={"connect_timeout": 10},
        **_JSON,
    )
    return Database(url, engine, engine)


def _sqlite(url: str, synchronous: str) -> Engine:
    engine = create_engine(
        url, pool_size=10, max_overflow=20, connect_args={"timeout": 30}, **_JSON
    )

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            "busy_timeout=30000",
            "foreign_keys=ON",
            "temp_store=MEMORY",
            "cache_size=-64000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("px_read_only")
        begin = "BEGIN" if reading else "BEGIN IMMEDIATE"
        try:
            # Straight to the driver: by way of SQLAlchemy it costs as much as a statement.
            connection.connection.driver_connection.execute(begin)  # type: ignore[union-attr]
        except sqlite3.OperationalError as error:
            raise OperationalError(begin, None, error) from error

    return engine
