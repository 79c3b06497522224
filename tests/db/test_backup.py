"""A backup is whole although px runs; a restore touches nothing in use and loses nothing."""

import os
import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from db import backup, migrate
from db.engine import connect
from db.errors import StorageProblem
from tests.postgres import Postgres

TAG = "INSERT INTO tombstones (hash, erased_on) VALUES ('{}', '2026-05-04')"
STAMP = "20260504_120000"


@pytest.fixture(autouse=True)
def _programs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump refuses a server newer than itself, so the server's own one is used."""
    if "postgres" in request.node.name:
        server: Postgres = request.getfixturevalue("postgres")
        monkeypatch.setenv("PATH", f"{server.programs}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A migrated database of its own, on which a restore may rename things."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path}/px.db"
    else:
        address = request.getfixturevalue("postgres_url")
    database = connect(address)
    migrate.upgrade(database)
    database.close()
    return address


def add(url: str, word: str) -> None:
    database = connect(url)
    with database.promises.begin() as connection:
        connection.execute(text(TAG.format(word)))
    database.close()


def words(url: str) -> list[str]:
    database = connect(url)
    with database.promises.connect() as connection:
        found = connection.scalars(text("SELECT hash FROM tombstones ORDER BY hash")).all()
    database.close()
    return list(found)


def back_up(url: str, to: Path) -> None:
    database = connect(url)
    try:
        backup.back_up(database, to)
    finally:
        database.close()


def test_what_was_backed_up_comes_back_and_what_was_there_is_kept(url: str, tmp_path: Path) -> None:
    add(url, "before")
    back_up(url, tmp_path / "copy")
    add(url, "after")
    aside = backup.restore(url, tmp_path / "copy", stamp=STAMP)
    assert words(url) == ["before"]
    assert STAMP in aside
    if url.startswith("sqlite"):
        assert words(f"sqlite:///{aside}") == ["after", "before"]
    else:
        database = connect(url)
        with database.promises.connect() as connection:
            kept = connection.scalars(text(f"SELECT hash FROM until_{STAMP}.tombstones")).all()
        database.close()
        assert sorted(kept) == ["after", "before"]


def test_a_second_backup_after_a_restore_holds_the_restored_data_alone(
    url: str, tmp_path: Path
) -> None:
    back_up(url, tmp_path / "first")
    add(url, "lost")
    backup.restore(url, tmp_path / "first", stamp=STAMP)
    add(url, "new")
    back_up(url, tmp_path / "second")
    backup.restore(url, tmp_path / "second", stamp="20260504_130000")
    assert words(url) == ["new"]


def test_a_backup_is_for_its_owner_only(url: str, tmp_path: Path) -> None:
    back_up(url, tmp_path / "copy")
    assert (tmp_path / "copy").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_database_in_use_is_not_restored_over(url: str, tmp_path: Path) -> None:
    back_up(url, tmp_path / "copy")
    add(url, "after")
    running = connect(url)
    with running.promises.connect() as connection:
        connection.execute(text("SELECT 1"))
    with pytest.raises(StorageProblem, match=r"in use.* Stop px"):
        backup.restore(url, tmp_path / "copy", stamp=STAMP)
    running.close()
    assert words(url) == ["after"]


def test_a_backup_made_while_others_write_is_whole(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/px.db"
    database = connect(address)
    migrate.upgrade(database)
    enough = threading.Event()

    def write() -> None:
        number = 0
        while not enough.is_set():
            with database.promises.begin() as connection:
                for half in ("a", "b"):
                    connection.execute(text(TAG.format(f"{number:06d}{half}")))
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            backup.back_up(database, tmp_path / f"copy{number}")
    finally:
        enough.set()
        writer.join()
        database.close()
    for number in range(3):
        with sqlite3.connect(tmp_path / f"copy{number}") as copy:
            (count,) = copy.execute("SELECT count(*) FROM tombstones").fetchone()
        copy.close()
        assert count % 2 == 0


def test_a_file_that_exists_is_not_written_over(url: str, tmp_path: Path) -> None:
    (tmp_path / "copy").write_text("precious")
    with pytest.raises(StorageProblem, match="exists already"):
        back_up(url, tmp_path / "copy")
    assert (tmp_path / "copy").read_text() == "precious"


def test_a_backup_of_nothing_makes_no_database(tmp_path: Path) -> None:
    with pytest.raises(StorageProblem, match=r"There is no database at .*nothing\.db yet"):
        back_up(f"sqlite:///{tmp_path}/nothing.db", tmp_path / "copy")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"SQLite format 3\0" + b"x" * 600, b"PGDMPxxxx"]
)
def test_something_else_is_not_restored(url: str, tmp_path: Path, content: bytes) -> None:
    add(url, "kept")
    (tmp_path / "copy").write_bytes(content)
    with pytest.raises(StorageProblem, match="is not a copy of a px database"):
        backup.restore(url, tmp_path / "copy", stamp=STAMP)
    assert words(url) == ["kept"]


def test_another_database_of_sqlite_is_not_restored(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "notes.db") as other:
        other.execute("CREATE TABLE notes (line)")
    other.close()
    with pytest.raises(StorageProblem, match=r"notes\.db is not a copy of a px database"):
        backup.restore(f"sqlite:///{tmp_path}/px.db", tmp_path / "notes.db", stamp=STAMP)
    assert not (tmp_path / "px.db").exists()


def test_a_copy_of_a_newer_px_is_not_restored(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/px.db"
    database = connect(address)
    migrate.upgrade(database)
    with database.promises.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    (tmp_path / "px.db").rename(tmp_path / "copy")
    with pytest.raises(StorageProblem, match="version 9999, this px knows versions up to"):
        backup.restore(address, tmp_path / "copy", stamp=STAMP)


def test_without_pg_dump_the_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StorageProblem, match=r"pg_dump is not installed here.* apt install"):
        back_up("postgresql://ann:hidden@127.0.0.1:1/px", tmp_path / "copy")


def test_an_unreachable_server_is_named_and_the_password_is_not(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(postgres.programs))
    with pytest.raises(StorageProblem) as caught:
        back_up("postgresql://ann:hidden@127.0.0.1:1/px", tmp_path / "copy")
    assert "127.0.0.1" in str(caught.value)
    assert "hidden" not in str(caught.value)
