"""Migrations make the tables of the models, once, safely, and say plainly what is wrong."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from db import migrate
from db.engine import Database, connect
from db.errors import StorageProblem
from db.models import SQLModel


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/new.db"


@pytest.fixture(params=["sqlite_url", pytest.param("postgres_url", marks=pytest.mark.postgres)])
def fresh(request: pytest.FixtureRequest) -> Iterator[Database]:
    database = connect(request.getfixturevalue(request.param))
    yield database
    database.close()


def described(database: Database) -> dict[str, Any]:
    """What the database says of each table: columns, keys, checks and indexes."""
    inspector = inspect(database.promises)
    tables = {}
    for name in inspector.get_table_names():
        if name == "alembic_version":
            continue
        tables[name] = {
            "columns": {
                column["name"]: column | {"type": repr(column["type"])}
                for column in inspector.get_columns(name)
            },
            "primary key": inspector.get_pk_constraint(name),
            "foreign keys": _by_name(inspector.get_foreign_keys(name)),
            "unique": _by_name(inspector.get_unique_constraints(name)),
            "checks": _by_name(inspector.get_check_constraints(name)),
            "indexes": _by_name(inspector.get_indexes(name)),
        }
    return tables


def _by_name(things: list[Any]) -> dict[str, Any]:
    return {thing["name"]: {key: _plain(thing[key]) for key in thing} for thing in things}


def _plain(value: Any) -> Any:
    """The value, and the WHERE of a partial index as its text."""
    if isinstance(value, dict):
        return {key: _plain(value[key]) for key in value}
    return str(value)


def test_migrations_from_nothing_make_the_tables_of_the_models(
    fresh: Database, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if fresh.is_sqlite:
        other = connect(f"sqlite:///{tmp_path}/models.db")
    else:
        server = request.getfixturevalue("postgres")
        other = connect(server.url(server.new()))
    SQLModel.metadata.create_all(other.promises)
    migrate.upgrade(fresh)
    assert described(fresh) == described(other)
    with fresh.promises.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, SQLModel.metadata) == []
    other.close()


def test_upgrading_again_changes_nothing_and_does_not_import_alembic(fresh: Database) -> None:
    migrate.upgrade(fresh)
    script = (
        "import sys\nfrom db.engine import connect\nfrom db.migrate import upgrade\n"
        f"upgrade(connect({fresh.promises.url.render_as_string(hide_password=False)!r}))\n"
        "assert 'alembic' not in sys.modules"
    )
    assert _python(script).wait() == 0
    assert migrate.schema_version(fresh) == migrate.head_version()


def test_two_processes_that_start_at_once_both_end_with_the_tables(fresh: Database) -> None:
    url = fresh.promises.url.render_as_string(hide_password=False)
    script = (
        f"from db.engine import connect\nfrom db.migrate import upgrade\nupgrade(connect({url!r}))"
    )
    assert [process.wait() for process in [_python(script) for _ in range(4)]] == [0, 0, 0, 0]
    assert migrate.schema_version(fresh) == migrate.head_version()


def test_every_version_is_named_by_its_number_and_follows_the_one_before() -> None:
    before = None
    for path in sorted((migrate.FOLDER / "versions").glob("[0-9]*_*.py")):
        scope: dict[str, Any] = {}
        exec(path.read_text(), scope)
        assert scope["revision"] == path.name[:4]
        assert scope["down_revision"] == before
        before = scope["revision"]
    assert before == migrate.head_version()


def test_a_database_of_a_newer_px_is_refused_with_both_versions(fresh: Database) -> None:
    migrate.upgrade(fresh)
    with fresh.promises.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageProblem, match=r"version 9999, this px knows .* Update px"):
        migrate.upgrade(fresh)


def test_a_database_of_somebody_else_is_left_alone(fresh: Database) -> None:
    with fresh.promises.begin() as connection:
        connection.execute(text("CREATE TABLE customers (name TEXT)"))
    with pytest.raises(StorageProblem, match="has a table called customers that is not px's"):
        migrate.upgrade(fresh)
    assert inspect(fresh.promises).get_table_names() == ["customers"]


def test_an_unreachable_server_is_named_without_its_password() -> None:
    database = connect("postgresql://ann:hidden@127.0.0.1:1/px")
    with pytest.raises(StorageProblem) as caught:
        migrate.upgrade(database)
    assert "postgresql://ann:***@127.0.0.1:1/px cannot be used" in str(caught.value)
    assert "hidden" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Not a database at all, only a long line of words.\n" * 50)
    with pytest.raises(StorageProblem, match=r"notes\.txt is not a database file"):
        migrate.upgrade(connect(f"sqlite:///{path}"))


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageProblem, match=r"The folder .*file/data cannot be made: .*PX_DATA"):
        migrate.upgrade(connect(f"sqlite:///{tmp_path}/file/data/px.db"))


class TestANextVersion:
    """A second version that rebuilds customers, the parent of nearly everything."""

    @pytest.fixture
    def old(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
        database = connect(f"sqlite:///{tmp_path}/it's px.db")
        migrate.upgrade(database)
        with database.promises.begin() as connection:
            for statement in (
                "INSERT INTO customers (id, first_name, last_name, tags, traits, created_at,"
                " updated_at, orders, spent_minor) VALUES"
                " (1, 'Ada', 'Lovelace', '[]', '{}', '2026-05-04 12:00:00.000000',"
                " '2026-05-04 12:00:00.000000', 0, 0)",
                "INSERT INTO addresses (customer_id, kind, value, is_primary, created_at) VALUES"
                " (1, 'email', 'ada@example.com', 1, '2026-05-04 12:00:00.000000')",
            ):
                connection.execute(text(statement))
        folder = tmp_path / "migrations"
        (folder / "versions").mkdir(parents=True)
        for path in migrate.FOLDER.rglob("*.py"):
            (folder / path.relative_to(migrate.FOLDER)).write_text(path.read_text())
        monkeypatch.setattr(migrate, "FOLDER", folder)
        yield database
        database.close()

    def next_version(self, lines: str) -> str:
        number = f"{int(migrate.head_version()) + 1:04d}"
        (migrate.FOLDER / "versions" / f"{number}_next.py").write_text(
            "import sqlalchemy as sa\nfrom alembic import op\n"
            f"revision = {number!r}\ndown_revision = {migrate.head_version()!r}\n"
            f"def upgrade():\n{lines}"
        )
        return number

    def rebuild(self) -> str:
        return self.next_version(
            "    with op.batch_alter_table('customers') as batch:\n"
            "        batch.alter_column('first_name', nullable=True)\n"
        )

    def test_rebuilding_a_parent_table_keeps_the_rows_below_it(self, old: Database) -> None:
        number = self.rebuild()
        migrate.upgrade(old)
        assert migrate.schema_version(old) == number
        with old.promises.connect() as connection:
            assert connection.scalar(text("SELECT value FROM addresses")) == "ada@example.com"
            assert connection.scalar(text("PRAGMA foreign_keys")) == 1

    def test_a_copy_of_the_old_state_stands_beside_it(self, old: Database, tmp_path: Path) -> None:
        before = migrate.head_version()
        number = self.rebuild()
        migrate.upgrade(old)
        with sqlite3.connect(tmp_path / f"it's px-before-{number}.db") as copy:
            assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == (before,)
            assert copy.execute("SELECT first_name FROM customers").fetchone() == ("Ada",)
        copy.close()
        assert sorted(path.name for path in tmp_path.glob("it's*")) == [
            f"it's px-before-{number}.db",
            "it's px.db",
            "it's px.db-shm",
            "it's px.db-wal",
        ]

    def test_a_migration_that_fails_half_way_leaves_the_old_tables(self, old: Database) -> None:
        before = migrate.head_version()
        self.next_version("    op.drop_table('audit')\n    op.execute('SELECT nonsense')\n")
        with pytest.raises(StorageProblem, match="no such column: nonsense"):
            migrate.upgrade(old)
        assert migrate.schema_version(old) == before
        assert "audit" in inspect(old.promises).get_table_names()

    def test_a_migration_that_orphans_rows_is_undone(self, old: Database) -> None:
        self.next_version("    op.execute('DELETE FROM customers')\n")
        with pytest.raises(StorageProblem, match="rows of addresses without their customers"):
            migrate.upgrade(old)
        with old.promises.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM customers")) == 1


def _python(script: str) -> subprocess.Popen[bytes]:
    root = str(Path(migrate.__file__).parent.parent)
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": root}
    return subprocess.Popen([sys.executable, "-c", script], env=environment)
