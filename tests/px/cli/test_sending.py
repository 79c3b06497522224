"""send, outbox and worker, as whoever hosts px types them."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest

from px.core import clock
from px.core.settings import Settings
from px.core.work import close_database, open_migrated
from tests.conftest import SECRET_KEY
from tests.fakes.smtp import MailServer, mail_server
from tests.px.cli.terminal import px
from tests.px.messages.rows import live, messages, note, queue, template

PASSWORD = "a-password-nobody-sees"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def fill(tmp_path: Path, settings: Settings) -> Callable[[int], None]:
    """Puts messages that are due into a px in ./data."""

    def filled(count: int) -> None:
        (tmp_path / "data").mkdir(exist_ok=True)
        now = clock.now()
        open_migrated("sqlite:///data/px.db")
        version = template("Your order", now=now)
        mails = [note(None, version, now=now, to=f"c{n}@x.example") for n in range(count)]
        queue(live(settings, 25), *mails, now=now)
        close_database()

    return filled


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, str]]:
    """Sets the environment as a host would; answers with it."""

    def told(port: int, **more: str) -> dict[str, str]:
        values = {
            "PX_SECRET_KEY": SECRET_KEY,
            "PX_MODE": "live",
            "PX_SMTP_HOST": "127.0.0.1",
            "PX_SMTP_PORT": str(port),
            "PX_SMTP_SECURITY": "none",
            "PX_MAIL_FROM": "hello@fern.example",
            **more,
        }
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        return values

    return told


def statuses() -> list[str]:
    open_migrated("sqlite:///data/px.db")
    found = [row.status for row in messages()]
    close_database()
    return found


def test_send_sends_what_is_due_and_counts_it_by_outcome(server, fill, host):
    host(server.port)
    fill(3)
    status, out, _ = px("send", "--json", "--connections", "2")
    assert (status, json.loads(out)) == (0, {"sent": 3})
    assert sorted(server.to()) == ["c0@x.example", "c1@x.example", "c2@x.example"]
    assert px("send")[1] == "Nothing was due.\n"


def test_send_says_in_one_line_why_messages_wait(fill, host):
    with mail_server(login=("shop", "another")) as server:
        host(server.port, PX_SMTP_USER="shop", PX_SMTP_PASSWORD=PASSWORD)
        fill(2)
        status, out, err = px("send", "--json")
    assert (status, json.loads(out)) == (1, {})
    assert "The mail account refuses the user name or the password (535)." in err
    assert err.strip().splitlines()[-1].startswith("px: Messages wait: ")
    assert PASSWORD not in out + err
    assert statuses() == ["queued", "queued"]


def test_without_a_mail_account_messages_wait_and_it_is_said(fill, host):
    host(25, PX_SMTP_HOST="", PX_MAIL_FROM="")
    fill(1)
    status, _, err = px("send")
    assert status == 1
    assert "No mail account is set up" in err


def test_the_outbox_is_one_json_object_a_line(server, fill, host):
    server.replies["RCPT"] = ["550 5.1.1 no such user"]
    host(server.port)
    fill(2)
    px("send", "--connections", "1")
    rows = [json.loads(line) for line in px("outbox", "--json")[1].splitlines()]
    by_status = {row["status"]: row for row in rows}
    assert set(by_status) == {"sent", "failed"}
    failed = by_status["failed"]
    assert (failed["reason"], failed["channel"]) == ("rejected", "email")
    assert failed["detail"] == "Refused for good: 550 5.1.1 no such user"
    assert by_status["sent"]["subject"] == "Your order"
    assert by_status["sent"]["message_id"].endswith("@fern.example>")
    wanted = {"id", "key", "customer", "channel", "touchpoint", "status", "reason", "detail"}
    wanted |= {"due_at", "sent_at", "to", "subject", "message_id"}
    assert wanted <= set(failed)
    only = px("outbox", "--status", "failed", "--json")[1].splitlines()
    assert [json.loads(line)["id"] for line in only] == [failed["id"]]
    assert "rejected: Refused for good" in px("outbox", "--status", "failed")[1]


def test_a_status_that_does_not_exist_is_exit_status_two(fill, host):
    status, _, err = px("outbox", "--status", "gone")
    assert status == 2
    assert "--status is one of queued, sending" in err


def test_messages_are_cancelled_and_sent_again_by_number(server, fill, host):
    host(server.port)
    fill(2)
    assert px("outbox", "cancel", "1")[0] == 0
    assert px("send", "--json")[1] == '{"sent": 1}\n'
    assert px("outbox", "retry", "1")[0] == 0
    assert px("send", "--json")[1] == '{"sent": 1}\n'
    status, _, err = px("outbox", "cancel", "1")
    assert status == 1
    assert "Only messages that still wait can be cancelled." in err


@pytest.fixture
def worker(
    root: Path, tmp_path: Path, host, fill
) -> Iterator[Callable[[int, int], subprocess.Popen]]:
    """Starts a worker in a process of its own; it is gone after the test."""
    started: list[subprocess.Popen] = []

    def start(port: int, count: int) -> subprocess.Popen:
        env = {**os.environ, **host(port), "PYTHONPATH": str(root)}
        fill(count)
        command = [sys.executable, "-m", "px", "worker", "--connections", "2"]
        started.append(subprocess.Popen(command, cwd=tmp_path, env=env, stderr=subprocess.PIPE))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def until_taken(server: MailServer, count: int) -> None:
    pause = Event()
    for _ in range(3000):
        if len(server.mails) >= count:
            return
        pause.wait(0.01)
    raise AssertionError(f"{len(server.mails)} mails arrived")


@pytest.mark.slow  # starts a process
def test_sigterm_finishes_what_is_being_sent_and_ends_within_ten_seconds(server, worker):
    process = worker(server.port, 400)
    until_taken(server, 30)
    started = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(15) == 0
    assert time.monotonic() - started < 10
    found = statuses()
    assert found.count("sent") == len(server.mails)
    assert set(found) <= {"sent", "queued"}


@pytest.mark.slow  # starts a process
def test_a_second_sigterm_ends_it_at_once_even_while_a_server_keeps_silent(worker):
    with mail_server(silent_at="DOT") as server:
        process = worker(server.port, 2)
        until_taken(server, 1)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        assert process.poll() is None
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 1
        assert time.monotonic() - started < 1
    assert "sending" in statuses()
