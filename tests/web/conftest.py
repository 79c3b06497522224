"""The public routes behind a client, on a fresh database, with passwords that cost little."""

from collections.abc import Iterator
from datetime import UTC, datetime

import argon2
import pytest
from starlette.applications import Starlette

from db.kinds import Role
from px import team
from px.core.work import work
from px.team import passwords
from px.web import Sockets, routes
from tests.web.client import Client

SECRET = "correct horse battery"


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", cheap)
    passwords._nobody.cache_clear()


@pytest.fixture
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
    monkeypatch.setattr("px.core.clock.now", lambda: moment)


@pytest.fixture
def sockets() -> Sockets:
    """The sockets that signing out closes."""
    return Sockets()


@pytest.fixture
def visitor(sockets: Sockets, database: object, _clock: None) -> Iterator[Client]:
    """A browser in front of the public routes; follows no redirect by itself."""
    with Client(Starlette(routes=routes(sockets)), follow_redirects=False) as client:
        yield client


@pytest.fixture
def mara(database: object) -> str:
    """An admin of the team, by her address; her password is SECRET."""
    email = "mara@fern.example"
    with work() as session:
        team.add_staff(
            session,
            email=email,
            role=Role.ADMIN,
            password=SECRET,
            by="test",
            now=datetime(2026, 5, 4, 12, 0, tzinfo=UTC),
        )
    return email
