"""For every test: a fixed `now`, a fresh `database` of both kinds, settings, no environment."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db.engine import Database, connect
from db.migrate import upgrade
from px.core.settings import PREFIX, Settings
from px.core.work import close_database, open_database
from tests import chromium as browser
from tests.postgres import Postgres, missing, start_or_say_why

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
# Browser tests, the longest first.
LONGEST = ("test_studio", "test_pages", "test_calendar", "test_door", "test_timeline_page")
SECRET_KEY = "a key for tests only, long enough to sign with"


@pytest.fixture
def now() -> datetime:
    """A Monday, 4 May 2026, 12:00 UTC."""
    return NOW


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No setting of the machine, no .env and no data folder reaches a test; nothing stays open."""
    for name in os.environ:
        if name.startswith((PREFIX, "STREAMLIT_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    yield
    close_database()


@pytest.fixture
def root() -> Path:
    """The folder of the project."""
    return ROOT


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a fixed key and a data folder of the test's own; the rest are defaults."""
    return Settings(secret_key=SECRET_KEY, data_dir=tmp_path / "data", shop_name="Fern & Fable")


@pytest.fixture(
    params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)],
    ids=["sqlite", "postgres"],
)
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh migrated database of each kind, open nowhere yet."""
    return str(request.getfixturevalue(f"_{request.param}_url"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh migrated database of each kind, open for px.core.work."""
    yield open_database(database_url)
    close_database()


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "px.db"
    _migrated(f"sqlite:///{path}")
    return path


@pytest.fixture
def _sqlite_url(_sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "px.db"
    shutil.copyfile(_sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The session's PostgreSQL server, started when the first test asks for it."""
    with start_or_say_why() as server:
        yield server


@pytest.fixture(scope="session")
def _postgres_template(postgres: Postgres) -> str:
    name = postgres.new()
    _migrated(postgres.url(name))
    return name


@pytest.fixture
def _postgres_url(postgres: Postgres, _postgres_template: str) -> Iterator[str]:
    yield postgres.url(_postgres_template)
    postgres.empty(_postgres_template)


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """The address of a PostgreSQL database with nothing in it, not even tables."""
    name = postgres.new()
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium to drive; start it with tests.chromium.ARGUMENTS."""
    path = browser.executable()
    if path is None:
        missing("browser", "No Chromium was found")
    return str(path)


@pytest.fixture
def run_px(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs `python -m px ...` as a process of its own, in the test's folder, almost without env."""

    def run(
        *words: str, env: Mapping[str, str] | None = None, seconds: float = 60, stdin: str = ""
    ) -> subprocess.CompletedProcess[str]:
        bare = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PX_DATA_DIR": str(tmp_path / "data"),
            "PX_SECRET_KEY": SECRET_KEY,
        }
        return subprocess.run(
            [sys.executable, "-m", "px", *words],
            cwd=tmp_path,
            env=bare | dict(env or {}),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    return run


def _migrated(url: str) -> None:
    made = connect(url)
    upgrade(made)
    made.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: playwright leaves an event loop running, and others begin one. The
    longest of them begin, so that no worker ends long before the other.
    """
    items.sort(key=lambda item: ("browser" in item.path.parts, _place(item.path.stem)))


def _place(module: str) -> int:
    return LONGEST.index(module) if module in LONGEST else len(LONGEST)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Figures that tests noted stand above the closing line."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == "note":
                terminalreporter.write_line(str(value))
