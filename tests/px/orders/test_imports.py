"""Imports in the background: kept, run by the scheduler, watched, cancelled, gone on with."""

import io
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from benchmarks.imports import write_file
from db.kinds import ImportKind, ImportStatus
from px.core.errors import InvalidInput, NotFound
from px.core.lease import take_lease
from px.core.settings import Settings
from px.core.work import reading, work
from px.orders import (
    FileOptions,
    ImportOptions,
    Upload,
    cancel_import,
    errors_of,
    import_history,
    keep_upload,
    look_at_upload,
    preview_upload,
    run_imports,
    start_import,
)
from px.orders import imports as background
from tests.conftest import SECRET_KEY
from tests.px.orders.reading import FILES, NOW, orders

pytestmark = pytest.mark.usefixtures("database")
SHOPIFY = ImportKind.SHOPIFY_ORDERS


@pytest.fixture(autouse=True)
def _host(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.setenv("PX_SECRET_KEY", SECRET_KEY)
    monkeypatch.setenv("PX_DATA_DIR", str(settings.data_dir))


def give(name: str | Path, settings: Settings) -> Upload:
    path = FILES / name
    with path.open("rb") as file:
        return keep_upload(file, path.name, settings=settings)


def start(upload: Upload, **options: Any) -> int:
    chosen = ImportOptions(FileOptions(SHOPIFY), **options)
    with work() as session:
        return start_import(session, upload, chosen, by="ada@shop.example", now=NOW)


def only() -> Any:
    with reading() as session:
        (found,) = import_history(session)
    return found


def test_a_file_given_by_hand_is_read_by_the_scheduler(settings: Settings) -> None:
    upload = give("bad_rows.csv", settings)
    start(upload)
    waiting = only()
    assert (waiting.status, waiting.progress) == (ImportStatus.WAITING, 0.0)
    assert run_imports(now=NOW) == 1
    done = only()
    assert (done.status, done.progress, done.file_name) == (ImportStatus.DONE, 1.0, "bad_rows.csv")
    assert (done.counts["new"], done.counts["errors"]) == (2, 7)
    assert orders("number") == ["#1001", "#1009"]
    with reading() as session:
        assert errors_of(session, done.id).startswith(b"\xef\xbb\xbfRow,Column,Reason,Value")
    # The file is full of addresses: it goes when nobody needs it any more.
    assert not upload.path.exists()
    assert run_imports(now=NOW) == 0


def test_trying_keeps_the_file_and_nothing_else(settings: Settings) -> None:
    upload = give("06_continuation.csv", settings)
    start(upload, dry_run=True)
    run_imports(now=NOW)
    assert (only().is_dry_run, only().counts["new"]) == (True, 2)
    assert orders("number") == []
    assert upload.path.exists()


def test_a_file_that_cannot_be_read_says_why_in_its_row(settings: Settings) -> None:
    upload = keep_upload(io.BytesIO(b"%PDF-1.7"), "bill.pdf", settings=settings)
    start(upload)
    run_imports(now=NOW)
    failed = only()
    assert failed.status is ImportStatus.FAILED
    assert failed.problem.startswith("This is not a CSV file but a PDF.")
    with reading() as session, pytest.raises(NotFound, match="not there any more"):
        errors_of(session, failed.id)


def test_a_bug_ends_one_import_and_not_those_behind_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first = start(give("bad_rows.csv", settings))
    start(give("06_continuation.csv", settings))
    read = background.import_file

    def broken(*arguments: Any, errors_path: Path, **named: Any) -> Any:
        if errors_path.name == f"{first}.errors.csv":
            raise RuntimeError("a bug")
        return read(*arguments, errors_path=errors_path, **named)

    monkeypatch.setattr(background, "import_file", broken)
    assert run_imports(now=NOW) == 2
    with reading() as session:
        done, failed = import_history(session)
    assert (done.status, failed.status) == (ImportStatus.DONE, ImportStatus.FAILED)
    assert failed.problem == "It could not be read; the server's log says why."
    assert f"import {first} failed" in caplog.text


def test_an_import_is_cancelled_between_two_batches(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_file(tmp_path / "large.csv", 6000)
    started = start(give(tmp_path / "large.csv", settings))
    hold = background._hold
    seen: list[float] = []

    def cancel_after_the_first(*arguments: Any) -> bool:
        if seen:
            with work() as session:
                cancel_import(session, started, now=NOW)
        seen.append(only().progress)
        return hold(*arguments)

    monkeypatch.setattr(background, "_hold", cancel_after_the_first)
    run_imports(now=NOW)
    assert only().status is ImportStatus.CANCELLED
    assert len(orders("number")) == 1000


def test_an_import_that_waits_can_be_called_off(settings: Settings) -> None:
    started = start(give("bad_rows.csv", settings))
    with work() as session:
        cancel_import(session, started, now=NOW)
    assert run_imports(now=NOW) == 0
    assert only().status is ImportStatus.CANCELLED
    with work() as session:
        cancel_import(session, started, now=NOW + timedelta(days=1))
    assert only().finished_at == NOW


def test_an_import_left_behind_is_gone_on_with(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_file(tmp_path / "small.csv", 100)
    start(give(tmp_path / "small.csv", settings))
    settle = background._settle

    def killed(*_arguments: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(background, "_settle", killed)
    with pytest.raises(KeyboardInterrupt):
        run_imports(now=NOW)
    assert only().status is ImportStatus.RUNNING
    monkeypatch.setattr(background, "_settle", settle)
    assert run_imports(now=NOW + timedelta(minutes=1)) == 0
    assert run_imports(now=NOW + timedelta(minutes=5)) == 1
    done = only()
    assert done.status is ImportStatus.DONE
    assert done.counts["unchanged"] == done.counts["orders"] == 50


def test_only_one_process_reads_at_a_time(settings: Settings) -> None:
    start(give("bad_rows.csv", settings))
    with work() as session:
        take_lease(session, "imports", owner="another", seconds=60, now=NOW)
    assert run_imports(now=NOW) == 0
    assert only().status is ImportStatus.WAITING
    assert run_imports(now=NOW + timedelta(seconds=61)) == 1


@pytest.mark.parametrize("name", ["../../x.csv", "/etc/passwd", "..\\..\\x.csv", "a\0b.csv", ""])
def test_the_name_of_a_file_decides_nothing(name: str, settings: Settings) -> None:
    upload = keep_upload(io.BytesIO(b"a,b\n1,2\n"), name, settings=settings)
    assert upload.path.resolve().parent == (settings.data_dir / "imports").resolve()
    assert upload.path.name.endswith(".upload")
    assert "/" not in upload.name
    assert "\0" not in upload.name


def test_a_file_that_is_too_large_is_not_kept(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "UPLOAD_LIMITS", background.Limits(bytes=1000))
    with pytest.raises(InvalidInput, match="larger than 0 MB"):
        keep_upload(io.BytesIO(b"x" * 2000), "x.csv", settings=settings)
    assert list((settings.data_dir / "imports").iterdir()) == []


def test_what_a_file_is_and_what_its_first_rows_become_is_shown_before(settings: Settings) -> None:
    upload = give("bad_rows.csv", settings)
    look = look_at_upload(upload, None)
    assert (look.kind, look.missing) == (SHOPIFY, [])
    assert look.found["placed_at"] == "Created at"
    options = ImportOptions(FileOptions(SHOPIFY))
    preview = preview_upload(upload, options, settings=settings, now=NOW)
    assert [one.became for one in preview.taken][:2] == ["new", "refused"]
    assert len(preview.problems) == 7
    assert orders("number") == []


def test_headings_that_are_not_known_come_with_a_guess(settings: Settings) -> None:
    text = b"Order No,Order date,Currency,Product\n1,2026-05-01,EUR,Soap\n"
    upload = keep_upload(io.BytesIO(text), "o.csv", settings=settings)
    look = look_at_upload(upload, ImportKind.ORDERS)
    assert [column.key for column in look.missing] == ["number"]
    assert look.suggested["number"] == "Order No"
    mapped = look_at_upload(upload, ImportKind.ORDERS, {"number": "Order No"})
    assert mapped.missing == []


def test_files_that_nobody_needs_go_after_a_week(settings: Settings) -> None:
    upload = give("bad_rows.csv", settings)
    age(upload.path)
    run_imports(now=NOW)
    assert not upload.path.exists()


def test_the_refused_rows_hold_addresses_and_go_after_a_week_too(settings: Settings) -> None:
    start(give("bad_rows.csv", settings))
    run_imports(now=NOW)
    errors = settings.data_dir / "imports" / f"{only().id}.errors.csv"
    assert only().has_errors_file
    age(errors)
    run_imports(now=NOW)
    assert not errors.exists()
    assert not only().has_errors_file


def age(path: Path) -> None:
    week_ago = (NOW - timedelta(days=8)).timestamp()
    os.utime(path, (week_ago, week_ago))
