"""Imports a small file of files/, or one written in the test, and shows what stands then."""

import csv
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlmodel import SQLModel

from db.kinds import ImportKind
from db.models.orders import Order, OrderLine
from db.models.system import Event
from px.core.settings import Settings
from px.core.work import reading
from px.orders import FileOptions, ImportOptions, ImportReport, Limits, import_file

FILES = Path(__file__).parent / "files"
NOW = datetime.fromisoformat("2026-05-04T12:00:00+00:00")
SHOPIFY = ImportKind.SHOPIFY_ORDERS


def load(
    file: str | Path,
    settings: Settings,
    kind: ImportKind = SHOPIFY,
    *,
    now: datetime = NOW,
    errors: Path | None = None,
    dry_run: bool = False,
    historic_days: int | None = None,
    limits: Limits | None = None,
    **options: Any,
) -> ImportReport:
    """What the import of the file brought."""
    path = FILES / file if isinstance(file, str) else file
    return import_file(
        path,
        ImportOptions(
            FileOptions(kind, limits=limits or Limits(), **options), historic_days, dry_run
        ),
        settings=settings,
        now=now,
        errors_path=errors or Path("errors.csv"),
    )


def refused(path: Path = Path("errors.csv")) -> list[tuple[int, str, str]]:
    """Row, column and value of what was refused, by row."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return sorted((int(r["Row"]), r["Column"], r["Value"]) for r in csv.DictReader(file))


def orders(*columns: str) -> list[Any]:
    """These columns of every order, by number; plain values where one is asked for."""
    return rows(Order, columns, Order.number)


def lines(*columns: str) -> list[Any]:
    """These columns of every line, in the order of the file."""
    return rows(OrderLine, columns, OrderLine.order_id, OrderLine.position)


def events(*columns: str) -> list[Any]:
    """These columns of every event, by the order and the time it happened."""
    return rows(Event, columns, Event.order_id, Event.at, Event.id)


def rows(model: type[SQLModel], columns: Sequence[str], *by: Any) -> list[Any]:
    """These columns of every row of a table."""
    with reading() as session:
        chosen = [getattr(model, name) for name in columns]
        found = [tuple(row) for row in session.execute(select(*chosen).order_by(*by))]
    return [row[0] for row in found] if len(columns) == 1 else found


def everything() -> dict[str, list[Any]]:
    """Every row of every table, to say that nothing at all has changed."""
    found = {}
    with reading() as session:
        for table in SQLModel.metadata.sorted_tables:
            rows = session.execute(select(table)).all()
            found[table.name] = sorted(repr(tuple(row)) for row in rows)
    return found


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """A file with this text, line ends as written."""
    path.write_bytes(text.encode(encoding))
    return path


def shopify(path: Path, *rows: dict[str, str]) -> Path:
    """A file in the layout of Shopify's order export with the columns that matter."""
    header = (
        *("Name", "Email", "Financial Status", "Currency", "Total", "Created at"),
        *("Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem sku"),
    )
    usual = {
        "Email": "ada@example.com",
        "Financial Status": "paid",
        "Currency": "USD",
        "Total": "49.00",
        "Created at": "2026-05-01 10:00:00 +0000",
        "Lineitem quantity": "1",
        "Lineitem name": "Serum",
        "Lineitem price": "49.00",
        "Lineitem sku": "SERUM-30",
    }
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header)
        writer.writeheader()
        writer.writerows({**usual, **row} for row in rows)
    return path
