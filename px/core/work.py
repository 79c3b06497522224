"""Units of work: one session, one transaction. The only place that commits.

    with work() as session: ...       writes; commits at the end, rolls back on an error
    with reading() as session: ...    reads; never blocks a writer on SQLite
    with marking() as session: ...    writes that a power cut may undo (the sender's marks)
    with stamping() as stamp: ...     many of those one after another: with stamp() as session: ...

The database is the one given to `open_database`; tests give their own.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import Lock
from typing import Any

from sqlalchemy.engine import Connection
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError
from sqlmodel import Session

from db.engine import READ_ONLY, Database, connect
from db.errors import StorageProblem
from db.migrate import upgrade
from px.core.errors import DatabaseProblem

_current: list[Database] = []
Stamping = Callable[[], AbstractContextManager[Session]]


class _CoreSession(Session):
    """One connection as a session; the ORM's own transaction costs as much as two statements."""

    def __init__(self, connection: Connection) -> None:
        # Nothing of the ORM is set up: making a Session costs as much as a statement too.
        self._connection = connection

    def connection(self, *_: Any, **__: Any) -> Connection:
        """The connection, in the transaction that is open."""
        return self._connection

    def get_bind(self, *_: Any, **__: Any) -> Connection:
        """The same connection: it knows which database it speaks to."""
        return self._connection


def open_database(url: str) -> Database:
    """From now on every unit of work uses the database at `url`. DatabaseProblem when the address
    is wrong.
    """
    try:
        database = connect(url)
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise DatabaseProblem(
            "PX_DATABASE_URL is not a database address. Use sqlite:///data/px.db or postgresql://user:password@host/name."
        ) from error
    close_database()
    _current.append(database)
    return database


def open_migrated(url: str) -> Database:
    """Like `open_database`, and the database has the tables of this version."""
    database = open_database(url)
    try:
        upgrade(database)
    except StorageProblem as error:
        close_database()
        raise DatabaseProblem(str(error)) from error
    return database


def close_database() -> None:
    """No unit of work is possible until a database is opened again."""
    while _current:
        _current.pop().close()


def database() -> Database:
    """The open database."""
    if not _current:
        raise DatabaseProblem("No database is open.")
    return _current[-1]


@contextmanager
def work() -> Iterator[Session]:
    """A session whose changes are all kept, durably, or none of them."""
    with _session(database().promises) as session:
        yield session
        session.commit()


@contextmanager
def marking() -> Iterator[Session]:
    """Like `work`, but on SQLite a power cut (not a killed process) may undo the last ones."""
    with _session(database().marks) as session:
        yield session
        session.commit()


@contextmanager
def stamping() -> Iterator[Stamping]:
    """Small units of work, one after another: `with stamp() as session`, from any thread.

    Like `marking`, for Core statements alone, and at a third of its cost. On SQLite, which waits by
    polling, they take turns on one connection; on PostgreSQL each has its own.
    """
    if not database().is_sqlite:
        yield lambda: _stamp(database().marks.connect, nullcontext())
        return
    with database().marks.connect() as kept:
        turn = Lock()
        yield lambda: _stamp(lambda: nullcontext(kept), turn)


@contextmanager
def _stamp(
    connect: Callable[[], AbstractContextManager[Connection]], turn: AbstractContextManager[Any]
) -> Iterator[Session]:
    try:
        with turn, connect() as connection, connection.begin():
            yield _CoreSession(connection)
    except OperationalError as error:
        raise DatabaseProblem(_plain(error)) from error


@contextmanager
def reading() -> Iterator[Session]:
    """A session that sees one state of the database and keeps no change."""
    engine = database().promises.execution_options(**READ_ONLY)
    with _session(engine) as session:
        yield session


@contextmanager
def _session(engine: object) -> Iterator[Session]:
    try:
        with Session(engine, expire_on_commit=False) as session:  # type: ignore[arg-type]
            yield session
    except OperationalError as error:
        raise DatabaseProblem(_plain(error)) from error


def _plain(error: OperationalError) -> str:
    text = str(error.orig).strip().splitlines()[0]
    if "full" in text:
        return "The disk is full: free some space; nothing was changed."
    if "locked" in text:
        return "The database is busy with another program. Try again in a moment."
    if "no such table" in text or "does not exist" in text:
        return (
            f"The database is not set up for this version ({text}). "
            "Start the app once, or run: python -m px serve"
        )
    return f"The database could not be used: {text}. Check PX_DATABASE_URL and the disk."
