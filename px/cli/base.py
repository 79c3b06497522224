"""What the commands share: opening px, and writing one JSON object a line."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import typer

from db.migrate import upgrade
from px.core import settings
from px.core.settings import Settings
from px.core.work import close_database, open_database, reading


@contextmanager
def opened() -> Iterator[Settings]:
    """The settings in force, with the database open and of this version."""
    database = open_database(settings.host_settings().database_address)
    try:
        upgrade(database)
        with reading() as session:
            current = settings.current(session)
        yield current
    finally:
        close_database()


def emit(as_json: bool, row: dict[str, Any], line: str) -> None:
    """One result on standard output: the row as JSON, or the line for people."""
    typer.echo(json.dumps(row, default=_plain, ensure_ascii=False) if as_json else line)


def utc_text(moment: datetime) -> str:
    """The moment as 2026-05-06T13:15:00Z."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _plain(value: object) -> str:
    return utc_text(value) if isinstance(value, datetime) else str(value)
