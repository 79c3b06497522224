"""Imports in the background: a row says what to do with a kept file, a scheduler job does it.

The row is the truth: an import left behind by a process that died is read again from its beginning,
which finds what was kept unchanged.
"""

import hashlib
import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import select, update
from sqlmodel import Session, col

from db.kinds import ImportKind, ImportStatus
from db.models.orders import ImportRun
from px.core import clock, settings
from px.core.errors import InvalidInput, NotFound, PxError
from px.core.lease import free_lease, take_lease
from px.core.settings import Settings
from px.core.text import one_line
from px.core.work import marking, reading, work
from px.orders.importing import (
    ImportCancelled,
    ImportOptions,
    ImportReport,
    Taken,
    import_file,
    preview_rows,
)
from px.orders.sources.files import MEGABYTE, Limits
from px.orders.sources.layouts import Column, suggestions
from px.orders.sources.opened import FileOptions, kind_of, look_at, open_file
from px.orders.sources.problems import RowProblem

_log = logging.getLogger("px.orders.imports")
_BUG = "It could not be read; the server's log says why."
UPLOAD_LIMITS = Limits(bytes=200 * MEGABYTE, rows=2_000_000)
_LEASE = "imports"
# Renewed with every batch, of which none takes so long.
_SECONDS = 120
_KEPT_FOR = timedelta(days=7)
_OPEN = (ImportStatus.WAITING.value, ImportStatus.RUNNING.value)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file given by hand: where it is kept and what it was called."""

    path: Path
    name: str
    hash: str


@dataclass(frozen=True, slots=True)
class Look:
    """What a file is, before it is imported: its columns, and which of ours they are."""

    kind: ImportKind
    header: Sequence[str]
    columns: Sequence[Column]
    found: Mapping[str, str]
    missing: Sequence[Column]
    suggested: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Preview:
    """What would become of the first rows, and what is wrong with them."""

    taken: Sequence[Taken]
    problems: Sequence[RowProblem]


@dataclass(frozen=True, slots=True)
class Import:
    """An import as it stands."""

    id: int
    kind: ImportKind
    file_name: str
    status: ImportStatus
    counts: Mapping[str, int]
    progress: float
    problem: str
    is_dry_run: bool
    has_errors_file: bool
    by: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it waits or is being read."""
        return self.status.value in _OPEN


def keep_upload(file: BinaryIO, name: str, *, settings: Settings) -> Upload:
    """The file is kept in the data folder under a name of ours; InvalidInput if too large."""
    folder = (settings.data_dir / "imports").absolute()
    path = folder / f"{secrets.token_hex(16)}.upload"
    digest = hashlib.blake2b(digest_size=16)
    size = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as kept:
            while block := file.read(MEGABYTE):
                size += len(block)
                if size > UPLOAD_LIMITS.bytes:
                    most = UPLOAD_LIMITS.bytes // MEGABYTE
                    raise InvalidInput(
                        f"The file is larger than {most} MB. Split it, or import it with:"
                        " python -m px import"
                    )
                digest.update(block)
                kept.write(block)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise PxError(f"The file cannot be kept in {folder}: {error.strerror}.") from error
    except InvalidInput:
        path.unlink(missing_ok=True)
        raise
    return Upload(path, one_line(Path(name).name, 300), digest.hexdigest())


def look_at_upload(
    upload: Upload, kind: ImportKind | None, mapping: Mapping[str, str] | None = None
) -> Look:
    """What the file is, as `kind` or as what it looks like. InvalidInput for no table."""
    kind = kind or kind_of(upload.path, UPLOAD_LIMITS) or ImportKind.ORDERS
    options = FileOptions(kind, mapping or {}, limits=UPLOAD_LIMITS)
    sheet, layout, matched = look_at(upload.path, options)
    return Look(
        kind,
        sheet.header,
        layout.columns,
        {key: sheet.header[at] for key, at in matched.places.items()},
        matched.missing,
        suggestions(matched, layout.columns),
    )


def preview_upload(
    upload: Upload, options: ImportOptions, *, settings: Settings, now: datetime, count: int = 20
) -> Preview:
    """What would become of the first rows; nothing is kept. InvalidInput when it cannot be read."""
    found = open_file(
        upload.path,
        options.file,
        shop_zone=settings.shop_zone,
        shop_country=settings.shop_country,
    )
    taken, problems = preview_rows(found, options, settings=settings, now=now, count=count)
    return Preview(taken, problems)


def start_import(
    session: Session, upload: Upload, options: ImportOptions, *, by: str, now: datetime
) -> int:
    """The import waits for the scheduler; answers with its id."""
    run = ImportRun(
        kind=options.file.kind.value,
        file_name=upload.name,
        file_path=str(upload.path),
        file_hash=upload.hash,
        options={
            "mapping": dict(options.file.mapping),
            "dates": options.file.dates,
            "historic_days": options.historic_days,
            "dry_run": options.dry_run,
        },
        by=by,
        created_at=now,
    )
    session.add(run)
    session.flush()
    assert run.id is not None
    return run.id


def cancel_import(session: Session, import_id: int, *, now: datetime) -> None:
    """The import stops after its present batch; what it brought stays. Nothing if it has ended."""
    session.connection().execute(
        update(ImportRun)
        .where(col(ImportRun.id) == import_id, col(ImportRun.status).in_(_OPEN))
        .values(status=ImportStatus.CANCELLED.value, finished_at=now)
    )


def import_history(session: Session, *, limit: int = 50) -> list[Import]:
    """The imports there were, newest first."""
    rows = session.scalars(select(ImportRun).order_by(col(ImportRun.id).desc()).limit(limit))
    return [_shown(row) for row in rows]


def errors_of(session: Session, import_id: int) -> bytes:
    """The refused rows of an import as a CSV file. NotFound when there were none, or it is gone."""
    run = session.get(ImportRun, import_id)
    path = Path(run.errors_path) if run and run.errors_path else None
    if path is None or not path.is_file():
        raise NotFound("The file with the refused rows is not there any more: import once more.")
    return path.read_bytes()


def note_import(
    session: Session,
    file: Path,
    options: ImportOptions,
    report: ImportReport,
    *,
    by: str,
    now: datetime,
) -> None:
    """An import that brought something is in the history; one that brought nothing is not."""
    if options.dry_run or not (report.counts["new"] or report.counts["updated"]):
        return
    session.add(
        ImportRun(
            kind=options.file.kind.value,
            file_name=file.name[:300],
            status=ImportStatus.DONE.value,
            counts=report.counts,
            progress=1.0,
            errors_path=str(report.errors_path.absolute()) if report.errors_path else "",
            by=by,
            created_at=now,
            started_at=now,
            finished_at=now,
        )
    )


def run_imports(*, now: datetime) -> int:
    """Every import that waits has been read, one after another; answers how many.

    1. Only one process at a time (a lease). 2. Each import: claimed, read in batches with its
    progress and counts in its row, settled. 3. Files that nobody needs any more are removed.
    May take minutes: it wants a thread of its own.
    """
    owner = secrets.token_hex(8)
    started = clock.monotonic()
    done = 0
    if not _hold(owner, now):
        return 0
    while run := _next(_later(now, started)):
        _run(run, owner, now, started)
        done += 1
    _remove_old_files(now)
    with marking() as session:
        free_lease(session, _LEASE, owner=owner, now=now)
    return done


def _run(run: ImportRun, owner: str, now: datetime, started: float) -> None:
    with reading() as session:
        current = settings.current(session)
    errors_path = current.data_dir / "imports" / f"{run.id}.errors.csv"

    def watch(progress: float, report: ImportReport) -> None:
        _hold(owner, _later(now, started))
        with marking() as session:
            changed = session.connection().execute(
                _row(run.id, ImportStatus.RUNNING).values(progress=progress, counts=report.counts)
            )
        if not changed.rowcount:
            raise ImportCancelled

    problem, status, report = "", ImportStatus.DONE, None
    try:
        report = import_file(
            Path(run.file_path),
            _options(run),
            settings=current,
            now=now,
            errors_path=errors_path,
            watch=watch,
        )
    except ImportCancelled:
        status = ImportStatus.CANCELLED
    except PxError as error:
        problem, status = str(error), ImportStatus.FAILED
    except Exception:  # noqa: BLE001 - left as it is, it would be read and fail for ever
        _log.exception("import %s failed", run.id)
        problem, status = _BUG, ImportStatus.FAILED
    ended = _later(now, started)
    with work() as session:
        _settle(session, run, status, problem, report, errors_path, ended)
    if status is not ImportStatus.FAILED and not run.options.get("dry_run"):
        Path(run.file_path).unlink(missing_ok=True)


def _settle(
    session: Session,
    run: ImportRun,
    status: ImportStatus,
    problem: str,
    report: ImportReport | None,
    errors_path: Path,
    ended: datetime,
) -> None:
    values: dict[str, Any] = {"status": status.value, "problem": problem, "finished_at": ended}
    values["errors_path"] = str(errors_path) if errors_path.is_file() else ""
    if report:
        values |= {"counts": report.counts, "progress": 1.0}
    session.connection().execute(
        update(ImportRun).where(col(ImportRun.id) == run.id).values(**values)
    )


def _next(now: datetime) -> ImportRun | None:
    # With the lease held, one that runs was left behind by a process that is gone.
    with work() as session:
        run = session.scalars(
            select(ImportRun)
            .where(col(ImportRun.status).in_(_OPEN), col(ImportRun.file_path) != "")
            .order_by(col(ImportRun.id))
            .limit(1)
        ).first()
        if run:
            run.status = ImportStatus.RUNNING.value
            run.started_at = now
            session.add(run)
        return run


def _row(import_id: int | None, status: ImportStatus) -> Any:
    return update(ImportRun).where(
        col(ImportRun.id) == import_id, col(ImportRun.status) == status.value
    )


def _hold(owner: str, now: datetime) -> bool:
    with marking() as session:
        return take_lease(session, _LEASE, owner=owner, seconds=_SECONDS, now=now)


def _later(now: datetime, started: float) -> datetime:
    return now + timedelta(seconds=clock.monotonic() - started)


def _options(run: ImportRun) -> ImportOptions:
    kept = run.options
    return ImportOptions(
        FileOptions(
            ImportKind(run.kind), kept.get("mapping") or {}, kept.get("dates") or "", UPLOAD_LIMITS
        ),
        kept.get("historic_days"),
        bool(kept.get("dry_run")),
    )


def _shown(run: ImportRun) -> Import:
    return Import(
        id=run.id or 0,
        kind=ImportKind(run.kind),
        file_name=run.file_name,
        status=ImportStatus(run.status),
        counts=run.counts,
        progress=run.progress,
        problem=run.problem,
        is_dry_run=bool(run.options.get("dry_run")),
        has_errors_file=bool(run.errors_path) and Path(run.errors_path).is_file(),
        by=run.by,
        created_at=run.created_at,
        started_at=run.started_at,
        finished_at=run.finished_at,
    )


def _remove_old_files(now: datetime) -> None:
    with reading() as session:
        folder = (settings.current(session).data_dir / "imports").absolute()
        needed = set(
            session.scalars(
                select(col(ImportRun.file_path)).where(col(ImportRun.status).in_(_OPEN))
            )
        )
    # What was refused is full of addresses too.
    kept = [*folder.glob("*.upload"), *folder.glob("*.errors.csv")]
    for path in kept:
        age = now.timestamp() - path.stat().st_mtime
        if str(path) not in needed and age > _KEPT_FOR.total_seconds():
            path.unlink(missing_ok=True)
