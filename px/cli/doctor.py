"""doctor: is this installation healthy, and which setting won?"""

import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlmodel import Session

from db.engine import Database
from db.errors import StorageProblem
from db.migrate import head_version, schema_version
from px import __version__
from px.channels.check import check_mail_account
from px.channels.dns_records import LookUp, check_records, dns_look_up
from px.cli.base import emit
from px.core import clock, settings
from px.core.errors import DatabaseProblem, PxError
from px.core.lease import read_lease
from px.core.settings import PREFIX, SECRETS, Loaded, Settings
from px.core.work import close_database, open_database, reading
from px.messages import oldest_due

LATE = timedelta(minutes=5)
WRONG = timedelta(seconds=30)
LITTLE_SPACE = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `status` is ok, note (nothing to do now) or problem."""

    check: str
    status: str
    sentence: str


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting as it may be shown, and where its value came from."""

    setting: str
    value: str
    source: str


def register(app: typer.Typer) -> None:
    """The command stands on the command line."""
    app.command()(doctor)


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Look whether px can do its work here, and say where each setting comes from.

    Changes nothing and shows no password. Ends with status 1 when there is a problem.
    Example: python -m px doctor --json
    """
    problems = []
    for row in examine(now=clock.now()):
        if isinstance(row, SettingRow):
            line = f"         {row.setting:<20} {row.value:<36} {row.source}"
        else:
            line = f"{row.status:<8} {row.check}: {row.sentence}"
            problems += [row.check] if row.status == "problem" else []
        emit(as_json, asdict(row), line)
    if problems:
        raise PxError(f"Needs attention: {', '.join(problems)}.")


def examine(*, now: datetime, look_up: LookUp | None = None) -> Iterator[Finding | SettingRow]:
    """Everything there is to know, each row as soon as it is known."""
    loaded = settings.load_host()
    yield Finding("px", "ok", f"version {__version__} on Python {sys.version.split()[0]}.")
    findings = list(_database(loaded.values))
    yield from findings
    if all(finding.status == "ok" for finding in findings):
        with reading() as session:
            loaded = settings.load(session)
            yield from _work(session, now)
    close_database()
    yield _space(loaded.values.data_dir)
    yield from _mail(loaded.values, look_up)
    yield from _setting_rows(loaded)


def _database(host: Settings) -> Iterator[Finding]:
    """Opens it, but neither makes it nor upgrades it."""
    try:
        database = open_database(host.database_address)
        file = _file_of(database)
        if file and not file.exists():
            yield Finding(
                "database", "note", f"{file} does not exist yet; px makes it when it starts."
            )
            return
        version = schema_version(database)
    except (DatabaseProblem, StorageProblem) as error:
        yield Finding("database", "problem", str(error))
        return
    yield Finding("database", "ok", f"{_shown(database.url)} answers.")
    if version == head_version():
        yield Finding("schema", "ok", f"version {version}.")
    elif version is None or version < head_version():
        sentence = f"version {version or 'none'}; px brings it to {head_version()} when it starts."
        yield Finding("schema", "note", sentence)
    else:
        sentence = f"version {version} is newer than this px ({head_version()}). Update px."
        yield Finding("schema", "problem", sentence)


def _work(session: Session, now: datetime) -> Iterator[Finding]:
    for check in (_clock, _scheduler, _outbox):
        yield check(session, now)


def _clock(session: Session, now: datetime) -> Finding:
    if session.get_bind().dialect.name == "postgresql":
        other: datetime = session.scalar(text("SELECT clock_timestamp()"))
        apart = abs(other.astimezone(UTC) - now)
        if apart > WRONG:
            sentence = f"this machine and the database are {_long(apart)} apart. Set both by NTP."
            return Finding("clock", "problem", sentence)
    lease = read_lease(session, "scheduler")
    if lease and lease.ticked_at and lease.ticked_at - now > WRONG:
        ahead = _long(lease.ticked_at - now)
        return Finding("clock", "problem", f"the clock has gone back by {ahead}. Set it by NTP.")
    return Finding("clock", "ok", f"{now:%Y-%m-%d %H:%M:%S} UTC.")


def _scheduler(session: Session, now: datetime) -> Finding:
    lease = read_lease(session, "scheduler")
    if lease is None or lease.ticked_at is None:
        return Finding("scheduler", "note", "has not run yet. Start the app or a worker.")
    ago = now - lease.ticked_at
    if ago > LATE:
        sentence = f"last ran {_long(ago)} ago. Start the app (make run) or a worker."
        return Finding("scheduler", "problem", sentence)
    return Finding("scheduler", "ok", f"last ran {_long(ago)} ago, by {lease.owner}.")


def _outbox(session: Session, now: datetime) -> Finding:
    oldest = oldest_due(session, now=now)
    if oldest is None:
        return Finding("outbox", "ok", "nothing is due.")
    waiting = now - oldest
    status = "problem" if waiting > LATE else "ok"
    return Finding("outbox", status, f"the oldest due message has waited {_long(waiting)}.")


def _space(folder: Path) -> Finding:
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    free = shutil.disk_usage(there).free
    status = "problem" if free < LITTLE_SPACE else "ok"
    return Finding("disk", status, f"{free / 1e9:.1f} GB free in {folder}.")


def _mail(current: Settings, look_up: LookUp | None) -> Iterator[Finding]:
    is_live = current.mode == "live"
    if not is_live:
        yield Finding("mode", "note", "sandbox: nothing leaves this machine.")
    if not current.smtp_host:
        sentence = "no mail account is set up (PX_SMTP_HOST, or the page Settings)."
        yield Finding("mail", "problem" if is_live else "note", sentence)
        return
    for step in check_mail_account(current):
        yield Finding(f"mail: {step.name}", "ok" if step.is_ok else "problem", step.sentence)
    if is_live:
        domain = current.mail_from.rpartition("@")[2].strip("> ").lower()
        words: dict[bool | None, str] = {True: "ok", False: "problem", None: "note"}
        for record in check_records(domain, look_up or dns_look_up()):
            yield Finding(f"dns: {record.name}", words[record.is_ok], record.sentence)


def _setting_rows(loaded: Loaded) -> Iterator[SettingRow]:
    for name in Settings.model_fields:
        value = getattr(loaded.values, name)
        if name in SECRETS:
            shown = "(set)" if value else ""
        else:
            shown = _shown(value) if name == "database_url" and value else str(value)
        yield SettingRow(PREFIX + name.upper(), shown, loaded.sources[name])


def _shown(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except (ArgumentError, ValueError):
        # Nobody can say where in it the password stands.
        return "(not an address)"


def _file_of(database: Database) -> Path | None:
    name = make_url(database.url).database
    return Path(name) if database.is_sqlite and name else None


def _long(span: timedelta) -> str:
    seconds = max(0, int(span.total_seconds()))
    for size, word in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds // size} {word}"
    return f"{seconds} seconds"
