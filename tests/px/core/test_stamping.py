"""The cheap unit of work of the sender keeps all or nothing, like the others."""

from pathlib import Path

import pytest

from px.core.errors import DatabaseProblem
from px.core.lease import read_lease, take_lease
from px.core.work import open_database, reading, stamping, work


def held(name: str) -> bool:
    with reading() as session:
        return read_lease(session, name) is not None


def test_what_is_written_is_kept(database, now):
    with stamping() as stamp, stamp() as session:
        take_lease(session, "kept", owner="x", seconds=1, now=now)
    assert held("kept")


def test_nothing_is_kept_when_it_fails(database, now):
    def failing() -> None:
        with stamping() as stamp, stamp() as session:
            take_lease(session, "lost", owner="x", seconds=1, now=now)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing()
    assert not held("lost")
    with work() as session:
        take_lease(session, "next", owner="x", seconds=1, now=now)
    assert held("next")


def test_a_database_that_is_not_set_up_is_said_in_words(tmp_path: Path, now):
    open_database(f"sqlite:///{tmp_path / 'empty.db'}")
    with (
        pytest.raises(DatabaseProblem, match="not set up"),
        stamping() as stamp,
        stamp() as session,
    ):
        take_lease(session, "x", owner="x", seconds=1, now=now)


def test_a_database_that_is_busy_is_said_in_words(tmp_path: Path):
    database = open_database(f"sqlite:///{tmp_path / 'px.db'}")
    with database.marks.connect() as first:
        first.connection.driver_connection.execute("PRAGMA busy_timeout=0")
    with (
        database.promises.begin(),
        pytest.raises(DatabaseProblem, match="busy"),
        stamping() as stamp,
        stamp(),
    ):
        pass
