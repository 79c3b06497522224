"""Brings a database to the version of this code; alembic is only imported when there is work.

A version is the number a file in db/migrations/versions begins with; the chain has no branches.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DBAPIError

from db.engine import READ_ONLY, Database, connect
from db.errors import StorageProblem

FOLDER = Path(__file__).parent / "migrations"
# Any number would do, as long as every process of px asks for the same one.
_LOCK = 7_235_961
_OURS = {"customers", "orders", "messages"}


def upgrade(database: Database) -> None:
    """The database has the tables of this version; StorageProblem when that cannot be."""
    _make_folder(database)
    with _plainly(database):
        found = schema_version(database)
        if found == head_version():
            return
        _refuse_the_unknown(database, found)
        if database.is_sqlite and found:
            _back_up(database, found)
        _migrate(database)


def schema_version(database: Database) -> str | None:
    """The version the database has now, None when it is empty."""
    engine = database.promises.execution_options(**READ_ONLY)
    with _plainly(database), engine.connect() as connection:
        return _version(connection)


def versions() -> list[str]:
    """Every version this code knows, oldest first."""
    return sorted(path.name[:4] for path in (FOLDER / "versions").glob("[0-9]*_*.py"))


def head_version() -> str:
    """The version this code needs."""
    return versions()[-1]


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _refuse_the_unknown(database: Database, found: str | None) -> None:
    if found and found not in versions():
        raise StorageProblem(
            f"The database is of version {found}, this px knows versions up to {head_version()}. "
            "Update px, or restore a backup made with this one."
        )
    if found is None:
        with database.promises.connect() as connection:
            strangers = _OURS & set(inspect(connection).get_table_names())
        # A process that starts beside this one may have made the tables in the meantime.
        if strangers and schema_version(database) is None:
            raise StorageProblem(
                f"The database {_shown(database)} has a table called {min(strangers)} that is not "
                "px's. Give px a database of its own (PX_DATABASE_URL)."
            )


def _back_up(database: Database, found: str) -> None:
    """A copy px-before-0002.db stands beside px.db, made before anything is changed."""
    path = Path(str(make_url(database.url).database))
    copy = path.with_name(f"{path.stem}-before-{head_version()}{path.suffix}")
    passing = path.with_name(f"{copy.name}.{os.getpid()}")
    try:
        with database.promises.connect() as connection:
            # VACUUM cannot run inside a transaction, so it goes past SQLAlchemy's BEGIN.
            _raw(connection, f"VACUUM INTO '{str(passing).replace(chr(39), chr(39) * 2)}'")
        shutil.copymode(path, passing)
        # Another process may have upgraded before our copy began: then its copy is the right one.
        if _version_of_file(passing) == found:
            passing.replace(copy)
    finally:
        passing.unlink(missing_ok=True)


def _version_of_file(path: Path) -> str | None:
    copy = connect(f"sqlite:///{path}")
    try:
        return schema_version(copy)
    finally:
        copy.close()
        for rest in ("-wal", "-shm"):
            path.with_name(path.name + rest).unlink(missing_ok=True)


def _migrate(database: Database) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={})
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    engine = database.promises
    with engine.connect() as connection, _foreign_keys_off(connection), connection.begin():
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        # The lock is ours now; whoever had it before may have done everything.
        if _version(connection) == head_version():
            return
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        _check_foreign_keys(connection)


@contextmanager
def _foreign_keys_off(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by rebuilding it; foreign keys would empty the tables below it."""
    if connection.dialect.name != "sqlite":
        yield
        return
    # The pragma does nothing inside a transaction: it has to come before BEGIN.
    _raw(connection, "PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        _raw(connection, "PRAGMA foreign_keys=ON")


def _check_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.execute(text("PRAGMA foreign_key_check")).fetchone()
    if broken:
        raise StorageProblem(
            f"The upgrade would leave rows of {broken[0]} without their {broken[2]}; nothing was "
            "changed. Please report this with both versions of px."
        )


def _raw(connection: Connection, statement: str) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(statement)


def _make_folder(database: Database) -> None:
    name = make_url(database.url).database
    if not database.is_sqlite or not name:
        return
    folder = Path(name).parent
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageProblem(
            f"The folder {folder} cannot be made: {error.strerror}. "
            "Set PX_DATA_DIR to a folder px may write to."
        ) from error


@contextmanager
def _plainly(database: Database) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise StorageProblem(_sentence(database, error)) from error


def _sentence(database: Database, error: DBAPIError) -> str:
    said = (str(error.orig).strip() or "no answer").splitlines()[0]
    shown = _shown(database)
    if "full" in said:
        return "The disk is full: free some space, then start px again; nothing was changed."
    if "not a database" in said:
        return (
            f"{shown} is not a database file. Set PX_DATABASE_URL or PX_DATA_DIR to another place."
        )
    remedy = "that px may write to it" if database.is_sqlite else "PX_DATABASE_URL and the server"
    return f"The database {shown} cannot be used: {said}. Check {remedy}."


def _shown(database: Database) -> str:
    url = make_url(database.url)
    return str(url.database) if database.is_sqlite else url.render_as_string(hide_password=True)
