"""Files as people have them: wrong kinds, odd encodings, broken, too large, compressed."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from db.kinds import ImportKind
from px.core.errors import InvalidInput
from px.core.settings import Settings
from px.core.work import open_migrated
from px.orders import Limits
from px.orders.sources.files import Unreadable
from tests.px.orders.reading import lines, load, orders, refused, shopify, write

HEADER = "order_number,placed_at,currency,item,price,email\n"
ROW = "1001,2026-05-01T10:00:00Z,EUR,Serum,49.00,ada@example.com\n"
KIND = ImportKind.ORDERS


@pytest.fixture(autouse=True)
def _database(tmp_path: Path) -> None:
    open_migrated(f"sqlite:///{tmp_path / 'px.db'}")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "orders.csv"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_usual_encoding_and_line_end_is_read(
    encoding: str, line_end: str, file: Path, settings: Settings
) -> None:
    text = (HEADER + ROW.replace("Serum", "Crème brûlée")).replace("\n", line_end)
    report = load(write(file, text, encoding), settings, KIND)
    assert report.counts["new"] == 1
    assert lines("name") == ["Crème brûlée"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_separator_is_found_by_the_header(
    delimiter: str, file: Path, settings: Settings
) -> None:
    write(file, (HEADER + ROW).replace(",", delimiter))
    assert load(file, settings, KIND).counts["new"] == 1


@pytest.mark.parametrize("first", ["sep=;\n", '"sep=;"\r\n', "SEP=;\n", "\n\n"])
def test_a_line_before_the_header_that_names_the_separator_is_passed_over(
    first: str, file: Path, settings: Settings
) -> None:
    write(file, first + (HEADER + ROW + ROW.replace("1001", "x" * 300)).replace(",", ";"))
    assert load(file, settings, KIND).counts["new"] == 1
    assert refused()[0][0] == 3 + first.count("\n") * (not first.strip())


def test_nul_bytes_and_blank_rows_disturb_nothing(file: Path, settings: Settings) -> None:
    write(file, HEADER + "\n" + ROW.replace("Ser", "S\0er") + ",,,,,\n\n")
    report = load(file, settings, KIND)
    assert (report.counts["rows"], report.counts["new"]) == (1, 1)


def test_a_row_without_its_last_empty_cells_is_read(file: Path, settings: Settings) -> None:
    write(file, HEADER + "1001,2026-05-01,EUR,Serum\n" + ROW.replace("1001", "1002"))
    assert load(file, settings, KIND).counts["new"] == 2


def test_a_row_with_too_many_cells_is_refused(file: Path, settings: Settings) -> None:
    write(file, HEADER + ROW.strip() + ",too,much\n" + ROW.replace("1001", "1002"))
    report = load(file, settings, KIND)
    assert (report.counts["rows"], report.counts["new"], report.counts["errors"]) == (2, 1, 1)
    assert refused() == [(2, "", "too")]


@pytest.mark.parametrize("end", ["1002,2026-05-01T10:0", '1002,2026-05-01,EUR,"Ser'])
def test_a_file_that_was_cut_off_says_so_and_invents_no_order(
    end: str, file: Path, settings: Settings
) -> None:
    report = load(write(file, HEADER + ROW + end), settings, KIND)
    assert (report.counts["new"], report.counts["errors"]) == (1, 1)
    assert orders("number") == ["1001"]
    assert "ends in the middle of this row" in Path("errors.csv").read_text("utf-8-sig")


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (b"", "is empty"),
        (b"   \n\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0", "image"),
        (b"\xff\xd8\xff\xe0", "image"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", r"old Excel workbook \(\.xls\)"),
        (b'{"orders": []}', "JSON"),
        (b"<!doctype html><html>", "web page"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>", "XML"),
        (b"SQLite format 3\0", "database"),
        (b"PAR1\x15\x04", "Parquet"),
        (b"\x7fELF\x02\x01\x01" + bytes(40), "holds no text"),
        (b"PK\x05\x06" + bytes(18), "archive is empty"),
        (b"\x1f\x8b\x08\0broken", "damaged"),
        (b"PK\x03\x04broken", "damaged"),
        (HEADER.encode(), "has a header but no rows"),
        (b"only one line", "header but no rows"),
    ],
)
def test_a_file_that_is_no_table_is_told_by_its_first_bytes(
    start: bytes, said: str, file: Path, settings: Settings
) -> None:
    file.write_bytes(start)
    with pytest.raises(InvalidInput, match=said):
        load(file, settings, KIND)


def test_an_excel_workbook_is_told_what_to_save_it_as(file: Path, settings: Settings) -> None:
    with zipfile.ZipFile(file, "w") as workbook:
        workbook.writestr("[Content_Types].xml", "<Types/>")
        workbook.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(InvalidInput, match=r"Excel workbook. Save it as CSV"):
        load(file, settings, KIND)


def test_a_compressed_file_is_read(file: Path, settings: Settings) -> None:
    file.write_bytes(gzip.compress((HEADER + ROW).encode()))
    assert load(file, settings, KIND).counts["new"] == 1
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("__MACOSX/._orders.csv", "x")
        archive.writestr("../../orders.csv", HEADER + ROW)
        archive.writestr("readme.md", "x")
    assert load(file, settings, KIND).counts["unchanged"] == 1


def test_an_archive_with_several_tables_is_not_guessed(file: Path, settings: Settings) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.csv", HEADER + ROW)
        archive.writestr("b.csv", HEADER + ROW)
    with pytest.raises(InvalidInput, match="2 CSV files"):
        load(file, settings, KIND)


def test_a_cut_off_archive_is_damaged_not_half_an_import(file: Path, settings: Settings) -> None:
    file.write_bytes(gzip.compress((HEADER + ROW * 5000).encode())[:-20])
    with pytest.raises(InvalidInput, match="damaged or was cut off"):
        load(file, settings, KIND)


def test_an_archive_that_unpacks_without_end_is_stopped(file: Path, settings: Settings) -> None:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=9) as bomb:
        bomb.write((HEADER + ROW).encode())
        for _ in range(60):
            bomb.write(b"x" * 1_000_000)
    file.write_bytes(packed.getvalue())
    assert file.stat().st_size < 200_000
    with pytest.raises(InvalidInput, match="100 times its size"):
        load(file, settings, KIND)
    assert orders("number") == []


def test_limits_are_kept_while_reading(file: Path, settings: Settings) -> None:
    many = "".join(ROW.replace("1001", str(number)) for number in range(3000))
    write(file, HEADER + many)
    with pytest.raises(InvalidInput, match="more than 0 MB"):
        load(file, settings, KIND, limits=Limits(bytes=1000))
    with pytest.raises(InvalidInput, match="more than 1,000 rows"):
        load(file, settings, KIND, limits=Limits(rows=1000))
    wide = ",".join(f"c{number}" for number in range(501))
    with pytest.raises(InvalidInput, match="has 501 columns; at most 500"):
        load(write(file, wide + "\n" + wide), settings, KIND)
    with pytest.raises(InvalidInput, match="quotation mark is probably missing"):
        load(write(file, HEADER + '1001,2026-05-01,EUR,"' + "x" * 140_000), settings, KIND)
    with pytest.raises(InvalidInput, match="line of several megabytes"):
        load(write(file, HEADER + "x" * 4_100_000), settings, KIND)
    assert orders("number") == []


def test_a_file_that_turns_bad_half_way_keeps_what_was_read_and_goes_on_later(
    file: Path, settings: Settings
) -> None:
    rows = [{"Name": f"#{number}", "Email": "ü@example.com"} for number in range(5000)]
    good = shopify(file, *rows).read_bytes()
    file.write_bytes(good[:-200] + b"\xff\xfe" + good[-200:])
    with pytest.raises(
        InvalidInput, match=r"not UTF-8.*\n*The [34],000 orders read before"
    ) as told:
        load(file, settings)
    assert "Import the file again when that is put right" in str(told.value)
    kept = len(orders("number"))
    assert kept in (3000, 4000)
    file.write_bytes(good)
    report = load(file, settings)
    assert (report.counts["unchanged"], report.counts["new"]) == (kept, 5000 - kept)


def test_a_wrong_header_writes_nothing(file: Path, settings: Settings) -> None:
    write(file, "Name,Email,Total\n#1001,ada@example.com,49.00\n")
    with pytest.raises(InvalidInput, match=r"has no column 'Currency', 'Created at'"):
        load(file, settings)
    with pytest.raises(InvalidInput, match=r"column 'email' stands in the file 2 times"):
        load(write(file, HEADER.strip() + ",email\n" + ROW.strip() + ",b\n"), settings, KIND)
    assert orders("number") == []
    assert not Path("errors.csv").exists()


def test_folders_and_files_that_are_not_there_are_said_to_be(
    tmp_path: Path, settings: Settings
) -> None:
    with pytest.raises(InvalidInput, match="is a folder"):
        load(tmp_path, settings, KIND)
    with pytest.raises(InvalidInput, match="There is no file"):
        load(tmp_path / "none.csv", settings, KIND)
    with pytest.raises(InvalidInput, match="/dev/zero is not a file"):
        load(Path("/dev/zero"), settings, KIND)


def test_unreadable_is_for_the_person_who_has_the_file() -> None:
    assert issubclass(Unreadable, InvalidInput)
