"""What the commands share: opening px, and writing one JSON object a line."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer

from px.core import settings
from px.core.errors import InvalidInput
from px.core.settings import Settings
from px.core.work import close_database, open_migrated, reading

# What both databases can compare with a number of theirs.
LARGEST = 2**63 - 1


@contextmanager
def opened() -> Iterator[Settings]:
    """The settings in force, with the database open and of this version."""
    open_migrated(settings.host_settings().database_address)
    try:
        with reading() as session:
            current = settings.current(session)
        yield current
    finally:
        close_database()


def emit(as_json: bool, row: dict[str, Any], line: str) -> None:
    """One result on standard output: the row as JSON, or the line for people."""
    typer.echo(json.dumps(row, default=_plain, ensure_ascii=False) if as_json else line)


def read_text(file: Path, *, limit: int = 50_000_000) -> str:
    """What a file of text holds. InvalidInput when it is not there, too large or not UTF-8."""
    try:
        with file.open(encoding="utf-8-sig") as opened_file:
            # What comes is counted: a device or a pipe has no size.
            text = opened_file.read(limit + 1)
    except IsADirectoryError as error:
        raise InvalidInput(f"{file}: is a folder, not a file.") from error
    except OSError as error:
        raise InvalidInput(f"{file}: cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{file}: is not text in UTF-8.") from error
    if len(text) > limit:
        raise InvalidInput(f"{file}: is larger than {limit // 1_000_000} MB.")
    return text


def parse_moment(text: str, option: str) -> datetime:
    """A date or time given on the command line, in UTC; without a zone it is UTC already."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(
            f"{option}: {text!r} is not a time; write it as 2026-05-01 or 2026-05-01T14:00:00Z."
        ) from error
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def utc_text(moment: datetime) -> str:
    """The moment as 2026-05-06T13:15:00Z."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _plain(value: object) -> str:
    return utc_text(value) if isinstance(value, datetime) else str(value)
