"""px user, as the one who hosts it types it."""

import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
SECRET = "correct horse battery"


def staff(folder: Path) -> list[tuple[str, str, str]]:
    with sqlite3.connect(folder / "data" / "px.db") as connection:
        return connection.execute("SELECT email, role, password_hash FROM staff").fetchall()


@pytest.mark.slow  # Starts a process per command, and hashes for real.
def test_somebody_is_added_and_later_gets_a_new_password(run_px: Run, tmp_path: Path) -> None:
    words = ("user", "add", "Mara@Fern.example", "--role", "admin", "--password-stdin")
    added = run_px(*words, stdin=f"{SECRET}\n")
    assert (added.returncode, added.stdout) == (0, "")
    assert added.stderr == "mara@fern.example may sign in as admin.\n"
    [(email, role, first)] = staff(tmp_path)
    assert (email, role) == ("mara@fern.example", "admin")
    assert SECRET not in first
    reset = run_px("user", "reset", "mara@fern.example", "--password-stdin", stdin="another one 2")
    assert reset.returncode == 0
    assert staff(tmp_path)[0][2] != first
    again = run_px(*words, stdin=SECRET)
    assert again.returncode == 2
    assert again.stderr == "px: mara@fern.example is already on the team.\n"


@pytest.mark.slow  # Starts a process per command.
@pytest.mark.parametrize(
    ("words", "stdin", "status", "said"),
    [
        (("add", "mara", "--role", "admin"), SECRET, 2, "px: That is not an e-mail address."),
        (("add", "m@fern.example", "--role", "admin"), "short", 2, "px: The password is too short"),
        (("add", "m@fern.example", "--role", "admin"), "", 2, "px: No password came"),
        (("reset", "nobody@fern.example"), SECRET, 1, "px: Nobody on the team has"),
        (("add", "m@fern.example", "--role", "owner"), SECRET, 2, "owner"),
    ],
)
def test_what_cannot_be_is_said_in_a_line(
    run_px: Run, words: tuple[str, ...], stdin: str, status: int, said: str
) -> None:
    answer = run_px("user", *words, stdin=stdin)
    assert answer.returncode == status
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr
    assert answer.stdout == ""
