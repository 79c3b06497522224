"""The demo shop grows up in a database of its own and moves into the real one at once.

Its weeks pass within seconds, and a scheduler that ran beside them would take them for now.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Table, func, insert, select
from sqlmodel import Session

from db.engine import connect
from db.models import SQLModel
from px.core import settings
from px.core.bulk import chunks
from px.core.errors import PxError
from px.core.settings import Settings
from px.core.work import reading, work
from px.demo.shop import CUSTOMERS, LIVE_FOR, Filled

# Who works here and what the clockwork does is the house's, not the demo shop's.
_STAY = {"staff", "sessions", "audit", "leases"}
_ROOT = Path(__file__).resolve().parents[2]


class NotEmpty(PxError):
    """There is data here already. The demo shop only moves into an empty px: set PX_DATA_DIR."""


class OnlyInSandbox(PxError):
    """The demo shop is for trying px out. Set PX_MODE=sandbox."""


def is_empty(session: Session) -> bool:
    """Whether there is nothing here that a demo shop would disturb."""
    tables = (table for table in _tables() if table.name != "settings")
    return not any(session.execute(select(table).limit(1)).first() for table in tables)


def fill_demo(
    *, now: datetime, customers: int = CUSTOMERS, live_for: timedelta = LIVE_FOR
) -> Filled:
    """An empty px has the demo shop, as a whole or not at all. NotEmpty, OnlyInSandbox."""
    with reading() as session:
        current = settings.current(session)
        _refuse(session, current)
    with tempfile.TemporaryDirectory(prefix="px-demo-") as folder:
        url = f"sqlite:///{folder}/px.db"
        filled = _grow_up(url, current, now, customers, live_for)
        with work() as session:
            _refuse(session, current)
            _move(session, url)
    return filled


def _refuse(session: Session, current: Settings) -> None:
    if current.mode != "sandbox":
        raise OnlyInSandbox
    if not is_empty(session):
        raise NotEmpty


def _grow_up(
    url: str, current: Settings, now: datetime, customers: int, live_for: timedelta
) -> Filled:
    """In a process of its own: the open database of this one belongs to the pages and jobs."""
    environment = os.environ | {
        "PX_DATABASE_URL": url,
        "PX_DATA_DIR": str(current.data_dir.absolute()),
        "PX_SECRET_KEY": current.secret_key,
        "PYTHONPATH": os.pathsep.join([str(_ROOT), os.environ.get("PYTHONPATH", "")]),
    }
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "px.demo", now.isoformat(), str(customers), str(live_for.days)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        why = (done.stderr.strip() or "no reason given").splitlines()[-1]
        raise PxError(f"The demo shop could not be made: {why}. Nothing was changed.")
    return Filled(**json.loads(done.stdout))


def _move(session: Session, url: str) -> None:
    source = connect(url)
    try:
        with source.promises.connect() as connection:
            for table in _tables():
                rows = [dict(row._mapping) for row in connection.execute(select(table))]
                if table.name == "settings":
                    kept = set(session.execute(select(table.c.key)).scalars())
                    rows = [row for row in rows if row["key"] not in kept]
                for chunk in chunks(rows):
                    session.execute(insert(table), chunk)
                _count_on(session, table)
    finally:
        source.close()


def _count_on(session: Session, table: Table) -> None:
    """On PostgreSQL new rows get the numbers after those that came along."""
    if session.get_bind().dialect.name != "postgresql" or "id" not in table.c:
        return
    last = session.scalar(select(func.max(table.c.id)))
    if last:
        counter = func.pg_get_serial_sequence(table.name, "id")
        session.execute(select(func.setval(counter, last)))


def _tables() -> Iterator[Table]:
    return (table for table in SQLModel.metadata.sorted_tables if table.name not in _STAY)
