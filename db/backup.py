"""Copies of the whole database: made while px runs, put back while it does not.

SQLite copies itself in one transaction; PostgreSQL has pg_dump and pg_restore for it.
"""

import os
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import URL, make_url

from db import migrate
from db.engine import Database, connect
from db.errors import StorageProblem

_SQLITE = b"SQLite format 3\0"
_POSTGRES = b"PGDMP"


def back_up(database: Database, to: Path) -> None:
    """`to` is a whole copy of the database as it was at one moment, for its owner's eyes only."""
    if database.is_sqlite and not Path(str(make_url(database.url).database)).exists():
        raise StorageProblem(f"There is no database at {make_url(database.url).database} yet.")
    if to.exists():
        raise StorageProblem(f"{to} exists already. Give the copy a name of its own.")
    if not to.parent.is_dir():
        raise StorageProblem(f"There is no folder {to.parent}.")
    passing = to.with_name(f".{to.name}.{os.getpid()}")
    try:
        os.close(os.open(passing, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        if database.is_sqlite:
            _copy_sqlite(database, passing)
        else:
            _dump_postgres(database, passing)
        passing.replace(to)
    except OSError as error:
        raise StorageProblem(f"{to} cannot be written: {error.strerror}.") from error
    finally:
        passing.unlink(missing_ok=True)


def restore(url: str, copy: Path, *, stamp: str) -> str:
    """The database at `url` is what `copy` holds; answers where the one before it was kept.

    Refused, with nothing changed, when `copy` is none of a px database or somebody is connected.
    """
    try:
        with copy.open("rb") as file:
            beginning = file.read(len(_SQLITE))
    except OSError as error:
        raise StorageProblem(f"{copy} cannot be read: {error.strerror}.") from error
    if make_url(url).get_backend_name() == "sqlite":
        if beginning != _SQLITE:
            raise StorageProblem(f"{copy} is not a copy of a px database on SQLite.")
        return _restore_sqlite(Path(str(make_url(url).database)), copy, stamp)
    if not beginning.startswith(_POSTGRES):
        raise StorageProblem(f"{copy} is not a copy of a px database on PostgreSQL.")
    return _restore_postgres(url, copy, stamp)


def _copy_sqlite(database: Database, to: Path) -> None:
    with database.promises.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        try:
            # VACUUM cannot run inside a transaction, so it goes past SQLAlchemy's BEGIN.
            driver.execute("VACUUM INTO ?", [str(to)])
        except sqlite3.Error as error:
            raise StorageProblem(f"The copy could not be made: {error}.") from error
    _check_sqlite(to)


def _check_sqlite(copy: Path) -> None:
    """The file is whole and of a version this px knows."""
    try:
        connection = sqlite3.connect(f"{copy.absolute().as_uri()}?immutable=1", uri=True)
        try:
            (whole,) = connection.execute("PRAGMA quick_check").fetchone()
            (version,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        finally:
            connection.close()
    except (sqlite3.Error, TypeError) as error:
        raise StorageProblem(f"{copy} is not a copy of a px database ({error}).") from error
    if whole != "ok":
        raise StorageProblem(f"{copy} is damaged: {whole}.")
    if version not in migrate.versions():
        raise StorageProblem(
            f"{copy} is of version {version}, this px knows versions up to "
            f"{migrate.head_version()}. Update px first."
        )


def _restore_sqlite(path: Path, copy: Path, stamp: str) -> str:
    _check_sqlite(copy)
    arriving = path.with_name(f".{path.name}.{os.getpid()}")
    aside = path.with_name(f"{path.stem}-until-{stamp}{path.suffix}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(copy, arriving)
        arriving.chmod(0o600)
        if not path.exists():
            arriving.replace(path)
            return ""
        alone = _alone_with(path)
        try:
            path.rename(aside)
            arriving.rename(path)
        finally:
            alone.close()
    except OSError as error:
        raise StorageProblem(f"{path} cannot be replaced: {error.strerror}.") from error
    finally:
        arriving.unlink(missing_ok=True)
    return str(aside)


def _alone_with(path: Path) -> sqlite3.Connection:
    """A connection beside which there is no other, and will be none until it is closed."""
    connection = sqlite3.connect(path, timeout=1, isolation_level=None)
    try:
        # Leaving WAL needs the file to itself, and writes the rest of the log into it.
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        connection.close()
        raise StorageProblem(
            f"{path} is in use. Stop px (the app and every worker) and try again."
        ) from error
    return connection


def _dump_postgres(database: Database, to: Path) -> None:
    # What an earlier restore kept aside is not part of the shop's data any more.
    _run("pg_dump", database.url, "--format=custom", "--exclude-schema=until_*", f"--file={to}")


def _restore_postgres(url: str, copy: Path, stamp: str) -> str:
    _check_dump(copy)
    aside = f"until_{stamp}"
    plain, password = _for_libpq(url)
    try:
        with psycopg.connect(plain, password=password, autocommit=True) as connection:
            _refuse_company(connection)
            connection.execute(f"ALTER SCHEMA public RENAME TO {aside}")
            try:
                connection.execute("CREATE SCHEMA public")
                _run("pg_restore", url, "--no-owner", "--exit-on-error", str(copy))
                _check_version(url)
            except BaseException:
                connection.execute("DROP SCHEMA IF EXISTS public CASCADE")
                connection.execute(f"ALTER SCHEMA {aside} RENAME TO public")
                raise
    except psycopg.Error as error:
        said = str(error).strip().splitlines()[0]
        raise StorageProblem(f"The database could not be restored: {said}.") from error
    return f"the schema {aside} of the same database"


def _check_dump(copy: Path) -> None:
    program = _program("pg_restore")
    listed = subprocess.run(  # noqa: S603
        [program, "--list", str(copy)], capture_output=True, text=True, check=False
    )
    if " alembic_version " not in listed.stdout:
        raise StorageProblem(f"{copy} is not a copy of a px database on PostgreSQL.")


def _check_version(url: str) -> None:
    database = connect(url)
    try:
        version = migrate.schema_version(database)
    finally:
        database.close()
    if version not in migrate.versions():
        raise StorageProblem(f"The copy is of version {version}. Update px first.")


def _refuse_company(connection: psycopg.Connection[Any]) -> None:
    others = connection.execute(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    ).fetchone()
    if others and others[0]:
        raise StorageProblem(
            f"The database is in use by {others[0]} other connections. "
            "Stop px (the app and every worker) and try again."
        )


def _program(name: str) -> str:
    found = shutil.which(name)
    if not found:
        raise StorageProblem(
            f"{name} is not installed here. It comes with PostgreSQL's client programs (Debian: "
            "apt install postgresql-client); or use the copies your database's provider makes."
        )
    return found


def _run(name: str, url: str, *words: str) -> None:
    plain, password = _for_libpq(url)
    done = subprocess.run(  # noqa: S603
        [_program(name), f"--dbname={plain}", *words],
        # A password on the command line could be read by every user of the machine.
        env=os.environ | ({"PGPASSWORD": password} if password else {}),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr.strip() or "no reason given").splitlines()[0]
        raise StorageProblem(f"{said}. Nothing was changed.")


def _for_libpq(url: str) -> tuple[str, str | None]:
    given = make_url(url)
    plain = URL.create(
        "postgresql", given.username, None, given.host, given.port, given.database, given.query
    )
    return plain.render_as_string(hide_password=False), given.password or None
