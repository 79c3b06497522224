"""What whoever hosts px types: backup, restore, doctor, privacy, demo, bench."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from sqlalchemy import text

from db.engine import Database
from px.channels.dns_records import LookUp
from px.cli import doctor
from px.core import settings as px_settings
from px.core.lease import note_tick, take_lease
from px.core.settings import Settings
from px.core.work import close_database, open_migrated, reading, work
from px.messages import NewMessage, queue_messages
from px.orders import order_counts
from tests.builders import settle_in
from tests.conftest import NOW, SECRET_KEY
from tests.px.cli.terminal import px

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture(autouse=True)
def _host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PX_SECRET_KEY", SECRET_KEY)


@pytest.fixture
def shop(tmp_path: Path) -> int:
    """A px in ./data with the cast in it; Ada's number."""
    (tmp_path / "data").mkdir()
    open_migrated("sqlite:///data/px.db")
    with work() as session:
        cast = settle_in(session, now=NOW, key=SECRET_KEY.encode())
    close_database()
    return cast["ada"]


def orders() -> int:
    open_migrated("sqlite:///data/px.db")
    with reading() as session:
        count = order_counts(session)["all"]
    close_database()
    return count


def test_a_backup_comes_back_and_says_where_the_other_one_is(shop: int, tmp_path: Path) -> None:
    status, out, err = px("backup", "copy.db")
    assert status == 0
    assert out.startswith("Wrote copy.db (")
    assert "The key in PX_SECRET_KEY is not part of the copy" in err
    open_migrated("sqlite:///data/px.db")
    with work() as session:
        session.execute(text("DELETE FROM orders"))
    close_database()
    status, out, _ = px("restore", "copy.db", "--yes")
    assert status == 0
    assert "The database before it is kept: data/px-until-" in out
    assert orders() == 6
    assert len(list((tmp_path / "data").glob("px-until-*.db"))) == 1


def test_a_restore_asks_first(run_px: Run, shop: int) -> None:
    assert px("backup", "copy.db")[0] == 0
    refused = run_px("restore", "copy.db", stdin="n\n")
    assert refused.returncode == 1
    assert "Replace the database by what copy.db holds?" in refused.stderr
    assert orders() == 6


def test_what_cannot_be_restored_is_one_line(shop: int, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("only notes")
    status, out, err = px("restore", "notes.txt", "--yes")
    assert (status, out) == (1, "")
    assert err == "px: notes.txt is not a copy of a px database on SQLite.\n"


def findings(*words: str) -> tuple[int, dict[str, dict[str, str]], dict[str, dict[str, str]]]:
    status, out, _ = px("doctor", "--json", *words)
    rows = [json.loads(line) for line in out.splitlines()]
    checks = {row["check"]: row for row in rows if "check" in row}
    return status, checks, {row["setting"]: row for row in rows if "setting" in row}


def test_doctor_finds_a_fresh_px_well(shop: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PX_SHOP_ZONE", "Asia/Tokyo")
    Path(".env").write_text("PX_SHOP_NAME=From a file\n")
    status, checks, settings = findings()
    assert status == 0
    assert checks["database"]["status"] == checks["schema"]["status"] == "ok"
    assert checks["scheduler"] == {
        "check": "scheduler",
        "status": "note",
        "sentence": "has not run yet. Start the app or a worker.",
    }
    assert checks["outbox"]["sentence"] == "nothing is due."
    assert checks["mode"]["sentence"] == "sandbox: nothing leaves this machine."
    assert settings["PX_SHOP_ZONE"]["source"] == "environment"
    assert settings["PX_SHOP_NAME"] == {
        "setting": "PX_SHOP_NAME",
        "value": "From a file",
        "source": ".env",
    }
    assert settings["PX_QUIET_FROM"]["source"] == "default"


def test_doctor_never_shows_a_secret(shop: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PX_SMTP_PASSWORD", "open-sesame")
    monkeypatch.setenv("PX_DATABASE_URL", "postgresql://ann:hidden@127.0.0.1:1/px")
    for words in ((), ("--json",)):
        status, out, err = px("doctor", *words)
        assert status == 1
        for secret in ("open-sesame", "hidden", SECRET_KEY):
            assert secret not in out + err
    assert "(set)" in out
    assert "postgresql://ann:***@127.0.0.1:1/px" in out
    assert err == "px: Needs attention: database.\n"


@pytest.mark.parametrize("address", ["ann:secret-1", "postgresql://ann:secret-1@db:54x2/px"])
def test_doctor_goes_on_to_the_end_when_the_database_address_is_none(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("PX_DATABASE_URL", address)
    status, out, err = px("doctor")
    assert (status, err) == (1, "px: Needs attention: database.\n")
    assert "PX_DATABASE_URL is not a database address" in out
    assert "PX_BRAND_FOOTER" in out
    assert "secret-1" not in out


def test_doctor_makes_nothing_where_there_is_nothing(tmp_path: Path) -> None:
    status, checks, _ = findings()
    assert status == 0
    assert (
        checks["database"]["sentence"]
        == "data/px.db does not exist yet; px makes it when it starts."
    )
    assert not (tmp_path / "data").exists()


def looked(database: Database, look_up: LookUp | None = None) -> dict[str, tuple[str, str]]:
    close_database()
    rows = doctor.examine(now=NOW, look_up=look_up)
    return {
        row.check: (row.status, row.sentence) for row in rows if isinstance(row, doctor.Finding)
    }


@pytest.fixture
def _this_database(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PX_DATABASE_URL", database_url)


@pytest.mark.usefixtures("_this_database")
def test_doctor_says_how_long_ago_the_scheduler_ran(database: Database) -> None:
    for ago, found in (
        (timedelta(seconds=40), ("ok", "last ran 40 seconds ago, by worker-1.")),
        (
            timedelta(hours=3),
            ("problem", "last ran 3 hours ago. Start the app (make run) or a worker."),
        ),
    ):
        open_migrated(database.promises.url.render_as_string(hide_password=False))
        with work() as session:
            take_lease(session, "scheduler", owner="worker-1", seconds=60, now=NOW - ago)
            note_tick(session, "scheduler", detail={}, now=NOW - ago)
        assert looked(database)["scheduler"] == found


@pytest.mark.usefixtures("_this_database")
def test_doctor_sees_a_clock_that_went_back(database: Database) -> None:
    with work() as session:
        take_lease(session, "scheduler", owner="w", seconds=60, now=NOW)
        note_tick(session, "scheduler", detail={}, now=NOW + timedelta(days=2))
    found = looked(database)["clock"]
    assert found[0] == "problem"
    if database.is_sqlite:
        assert found[1] == "the clock has gone back by 2 days. Set it by NTP."


@pytest.mark.usefixtures("_this_database")
def test_doctor_says_how_long_the_oldest_message_has_waited(
    database: Database, settings: Settings
) -> None:
    with work() as session:
        version = _a_template(session)
        message = NewMessage(
            key="m",
            customer_id=None,
            template_version_id=version,
            channel="email",  # type: ignore[arg-type]
            purpose="transactional",  # type: ignore[arg-type]
            to_address="ada@example.com",
            due_at=NOW - timedelta(minutes=20),
        )
        queue_messages(session, [message], settings=settings, now=NOW)
    assert looked(database)["outbox"] == (
        "problem",
        "the oldest due message has waited 20 minutes.",
    )


def _a_template(session: object) -> int:
    from px.messages import TemplateParts, save_template

    parts = TemplateParts(subject="Hello", body="Hello")
    return save_template(session, "t", "T", parts, by="test", now=NOW)  # type: ignore[arg-type]


def test_doctor_asks_for_dns_records_in_live_mode_only(
    shop: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def look_up(name: str, _kind: str) -> list[str]:
        asked.append(name)
        return []

    monkeypatch.setenv("PX_MAIL_FROM", "Fern <hello@fern.example>")
    monkeypatch.setenv("PX_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("PX_SMTP_PORT", "1")
    rows = list(doctor.examine(now=NOW, look_up=look_up))
    assert asked == []
    monkeypatch.setenv("PX_MODE", "live")
    rows = list(doctor.examine(now=NOW, look_up=look_up))
    found = {row.check: row.status for row in rows if isinstance(row, doctor.Finding)}
    assert found["dns: SPF"] == found["dns: DMARC"] == found["dns: MX"] == "problem"
    assert found["dns: DKIM"] == "note"
    assert "_dmarc.fern.example" in asked
    assert found["mail: Connection"] == "problem"


def test_live_mode_without_a_mail_account_is_a_problem(
    shop: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PX_MODE", "live")
    status, checks, _ = findings()
    assert status == 1
    assert checks["mail"]["status"] == "problem"


def test_a_setting_that_is_not_valid_is_one_line_and_status_2(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PX_SHOP_ZONE", "Mars/Olympus")
    status, out, err = px("doctor")
    assert (status, out) == (2, "")
    assert err.startswith("px: PX_SHOP_ZONE: 'Mars/Olympus' is not a time zone")
    assert err.count("\n") == 1


def test_one_customer_in_a_file(shop: int, tmp_path: Path) -> None:
    status, out, _ = px("export-customer", str(shop), "ada.json")
    assert (status, out) == (0, "Wrote ada.json: 3 orders, 0 messages.\n")
    assert json.loads((tmp_path / "ada.json").read_text())["customer"]["first_name"] == "Ada"
    status, _, err = px("export-customer", str(shop), "ada.json")
    assert (status, err) == (1, "px: ada.json exists already. Give the copy a name of its own.\n")
    status, _, err = px("export-customer", "99", "nobody.json")
    assert (status, err) == (1, "px: There is no customer 99.\n")


def test_erasing_asks_by_name_first(run_px: Run, shop: int) -> None:
    refused = run_px("erase-customer", str(shop), stdin="n\n")
    assert refused.returncode == 1
    assert "Forget Ada Lovelace, with 3 orders, for good?" in refused.stderr
    status, out, err = px("erase-customer", str(shop), "--yes")
    assert status == 0
    assert out.startswith("Erased. Without a name now: 3 orders, 0 messages, ")
    assert "backups" in err
    assert px("export-customer", str(shop), "later.json")[0] == 0
    assert "Ada" not in Path("later.json").read_text()


@pytest.mark.slow
def test_the_demo_shop_fills_an_empty_px_once() -> None:
    """Slow: eleven weeks pass, in about ten seconds of a quiet machine."""
    status, out, _ = px("demo", "--json")
    assert (status, json.loads(out)["customers"]) == (0, 300)
    status, _, err = px("demo")
    assert status == 1
    assert err.startswith("px: There is data here already.")


def test_a_measurement_that_is_none_names_those_there_are() -> None:
    status, _, err = px("bench", "nonsense")
    assert status == 2
    assert err.startswith("px: bench: there is no 'nonsense'. There are: ")


def test_settings_as_read_are_those_of_the_file(shop: int) -> None:
    open_migrated("sqlite:///data/px.db")
    with reading() as session:
        assert px_settings.current(session).secret_key == SECRET_KEY


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("postgresql://ann:hidden@127.0.0.1:1/px", "postgresql://ann:***@127.0.0.1:1/px cannot be"),
        ("nonsense", "PX_DATABASE_URL is not a database address."),
        ("sqlite:////dev/null/px.db", "The folder /dev/null cannot be made"),
    ],
)
def test_a_database_that_cannot_be_opened_is_one_line(
    address: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PX_DATABASE_URL", address)
    status, out, err = px("outbox")
    assert (status, out) == (1, "")
    assert sentence in err
    assert err.count("\n") == 1
    assert "hidden" not in err


@pytest.mark.parametrize(
    "words",
    [
        ("export-customer", "9" * 30, "x.json"),
        ("erase-customer", "9" * 30, "--yes"),
        ("outbox", "cancel", "9" * 30),
        ("outbox", "retry", "9" * 30),
    ],
)
def test_a_number_that_nothing_can_have_is_refused(words: tuple[str, ...]) -> None:
    status, out, err = px(*words)
    assert (status, out) == (2, "")
    assert "Invalid value" in err


def test_a_customer_of_that_many_digits_is_nobody() -> None:
    status, out, err = px("touches", "--customer", "9" * 5_000)
    assert (status, out) == (1, "")
    assert err.startswith("px: There is no customer")
