"""The pages without a server: the shell with somebody signed in, on a fresh SQLite database."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import argon2
import pytest
from streamlit.testing.v1 import AppTest

from db.engine import Database
from db.kinds import Role
from px import team
from px.core.work import close_database, open_database, work
from px.team import passwords

SECRET = "correct horse battery"
Look = Callable[..., AppTest]


@pytest.fixture
def database(_sqlite_url: str) -> Iterator[Database]:
    """A fresh migrated SQLite database; what the pages ask is tested on both kinds elsewhere."""
    yield open_database(_sqlite_url)
    close_database()


@pytest.fixture(autouse=True)
def _fixed(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    """The pages' clock stands at `now`, and passwords cost little."""
    monkeypatch.setattr("px.core.clock.now", lambda: now)
    cheap = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", cheap)
    passwords._nobody.cache_clear()


@pytest.fixture
def sign_in(database: Database, now: datetime) -> Callable[[Role], str]:
    """Signs somebody of a role in; the answer is what the gate would tell the pages."""

    def signed_in(role: Role) -> str:
        with work() as session:
            staff_id = team.add_staff(
                session,
                email=f"{role.value}@fern.example",
                name=f"{role.value.capitalize()} Fern",
                role=role,
                password=SECRET,
                by="test",
                now=now,
            )
            return team.token_hash(team.open_session(session, staff_id, agent="", now=now))

    return signed_in


@pytest.fixture
def look(sign_in: Callable[[Role], str], root: Path) -> Look:
    """Opens a page through the shell, as somebody of a role: look("settings.py", Role.ADMIN)."""

    def opened(page: str = "", role: Role = Role.ADMIN, **query: str) -> AppTest:
        at = AppTest.from_file(str(root / "pages" / "_shell.py"), default_timeout=20)
        at.user = {"session": sign_in(role)}
        at.run()
        if page:
            at.switch_page(str(root / "pages" / page))
            for name, value in query.items():
                at.query_params[name] = value
            at.run()
        assert not at.exception, at.exception[0].value
        return at

    return opened


def text_of(at: AppTest) -> str:
    """Every word on the page, for looking something up in it."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "error", "warning", "info")
    return "\n".join(str(element.value) for kind in kinds for element in at.get(kind))


__all__ = ["SECRET", "UTC", "Look", "text_of"]
