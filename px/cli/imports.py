"""import: orders, customers and parcels from a file."""

import json
from pathlib import Path
from typing import Annotated

import typer

from db.kinds import ImportKind
from px.cli.base import emit, opened
from px.core import clock
from px.core.errors import InvalidInput
from px.core.work import work
from px.orders import (
    FileOptions,
    ImportOptions,
    ImportReport,
    import_file,
    note_import,
    sentence,
)

_LATER = ("woocommerce-orders", "returns", "subscriptions")
_NOW = ", ".join(kind.value for kind in ImportKind)


def register(app: typer.Typer) -> None:
    """The command stands on the command line."""
    app.command("import")(import_)


def import_(
    file: Annotated[Path, typer.Argument(help="A .csv, .csv.gz or .zip with one CSV.")],
    kind: Annotated[str, typer.Option(help=f"What the file holds: {_NOW}.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be.")] = False,
    historic_days: Annotated[
        int | None, typer.Option(min=0, max=36500, help="Orders older than this start nothing.")
    ] = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", help="OURS=THEIRS: our column is their heading. Repeatable."),
    ] = None,
    dates: Annotated[
        str, typer.Option(help="dmy or mdy, where dates like 3/4/2026 can be read two ways.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Import a file. Importing the same file again changes nothing.

    Rows that cannot be taken go to FILE.errors.csv with the reason; the others are imported.

    Example: python -m px import orders_export.csv --kind shopify-orders --dry-run
    """
    options = ImportOptions(
        FileOptions(_kind(kind), _mapping(mapping or []), _dates(dates)),  # type: ignore[arg-type]
        historic_days,
        dry_run,
    )
    errors_path = Path(f"{file}.errors.csv")
    with opened() as settings:
        now = clock.now()
        report = import_file(file, options, settings=settings, now=now, errors_path=errors_path)
        with work() as session:
            note_import(session, file, options, report, by="command line", now=now)
    row = {"file": str(file), "kind": kind, "dry_run": dry_run, **report.counts}
    row["errors_file"] = str(report.errors_path) if report.errors_path else None
    emit(as_json, row, sentence(report))
    _say_more(report)


def _say_more(report: ImportReport) -> None:
    if report.errors_path:
        typer.echo(f"The refused rows, with reasons, are in {report.errors_path}", err=True)
    for note in report.notes[:3]:
        shown = json.dumps(note.value, ensure_ascii=False)
        typer.echo(f"Row {note.row}, {note.column} {shown}: {note.reason}", err=True)


def _kind(word: str) -> ImportKind:
    if word in _LATER:
        raise InvalidInput(f"--kind {word} cannot be imported yet; now: {_NOW}.")
    if word not in [kind.value for kind in ImportKind]:
        raise InvalidInput(f"--kind {word} is not a kind of file; there are: {_NOW}.")
    return ImportKind(word)


def _mapping(pairs: list[str]) -> dict[str, str]:
    mapping: dict[str, str] = {}
    for pair in pairs:
        ours, sign, theirs = pair.partition("=")
        if not (ours.strip() and sign and theirs.strip()):
            raise InvalidInput(f'--map {pair}: write it as OURS=THEIRS, as number="Order No".')
        mapping[ours.strip()] = theirs.strip()
    return mapping


def _dates(word: str) -> str:
    if word not in ("", "dmy", "mdy"):
        raise InvalidInput(f"--dates {word}: say dmy when the day comes first, else mdy.")
    return word
