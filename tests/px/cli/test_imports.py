"""px import, as whoever hosts px types it."""

import json
from pathlib import Path
from shutil import copy

import pytest

from px.core.work import close_database, open_migrated
from tests.conftest import SECRET_KEY
from tests.px.cli.terminal import px
from tests.px.orders.reading import FILES, everything, orders, write


@pytest.fixture(autouse=True)
def _host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PX_SECRET_KEY", SECRET_KEY)


@pytest.fixture
def file(tmp_path: Path) -> str:
    copy(FILES / "bad_rows.csv", tmp_path / "orders.csv")
    return "orders.csv"


def kept() -> list[str]:
    open_migrated("sqlite:///data/px.db")
    numbers = orders("number")
    close_database()
    return numbers


def test_an_import_says_what_it_brought_and_where_the_refused_rows_are(file: str) -> None:
    status, out, err = px("import", file, "--kind", "shopify-orders", "--historic-days", "36500")
    assert status == 0
    assert out == (
        "10 rows, 2 orders: 2 new, 0 updated, 0 unchanged, 1 new customer, 7 rows refused.\n"
    )
    assert err == "The refused rows, with reasons, are in orders.csv.errors.csv\n"
    assert Path("orders.csv.errors.csv").exists()
    assert kept() == ["#1001", "#1009"]


def test_with_json_there_is_one_object_and_nothing_else(file: str) -> None:
    status, out, _ = px("import", file, "--kind", "shopify-orders", "--json")
    assert status == 0
    (line,) = out.splitlines()
    row = json.loads(line)
    assert {name: row[name] for name in ("rows", "orders", "new", "errors", "customers")} == {
        "rows": 10,
        "orders": 2,
        "new": 2,
        "errors": 7,
        "customers": 1,
    }
    assert row["errors_file"] == "orders.csv.errors.csv"


def test_importing_again_changes_no_row_of_any_table(file: str) -> None:
    px("import", file, "--kind", "shopify-orders")
    open_migrated("sqlite:///data/px.db")
    before = everything()
    close_database()
    status, out, _ = px("import", file, "--kind", "shopify-orders", "--json")
    assert (status, json.loads(out)["unchanged"]) == (0, 2)
    open_migrated("sqlite:///data/px.db")
    assert everything() == before


def test_a_dry_run_keeps_nothing(file: str) -> None:
    status, out, _ = px("import", file, "--kind", "shopify-orders", "--dry-run")
    assert status == 0
    assert out.startswith("Nothing was written. It would be: 10 rows, 2 orders: 2 new")
    assert kept() == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("none.csv", "--kind", "orders"), "There is no file none.csv."),
        ((".", "--kind", "orders"), ". is a folder: name the file in it."),
        (("empty.csv", "--kind", "orders"), "The file is empty."),
        (("header.csv", "--kind", "orders"), "The file has a header but no rows."),
        (
            ("orders.csv", "--kind", "returns"),
            "--kind returns cannot be imported yet; now: shopify",
        ),
        (("orders.csv", "--kind", "woocommerce-orders"), "cannot be imported yet; now: shopify-or"),
        (("orders.csv", "--kind", "subscriptions"), "cannot be imported yet"),
        (
            ("orders.csv", "--kind", "pears"),
            "--kind pears is not a kind of file; there are: shopify",
        ),
        (("orders.csv", "--kind", "orders"), "import it with --kind shopify-orders."),
        (("orders.csv", "--kind", "shopify-orders", "--map", "x"), "write it as OURS=THEIRS"),
        (("orders.csv", "--kind", "shopify-orders", "--map", "x=y"), "There is no column 'x'"),
        (("orders.csv", "--kind", "shopify-orders", "--dates", "ymd"), "say dmy when the day"),
        (
            ("orders.csv", "--kind", "shopify-orders", "--historic-days", "-1"),
            "should be greater than or equal to 0",
        ),
        (("orders.csv",), "Missing option '--kind'"),
    ],
)
def test_what_cannot_be_imported_is_said_in_a_sentence_with_status_2(
    words: tuple[str, ...], said: str, file: str
) -> None:
    write(Path("empty.csv"), "")
    write(Path("header.csv"), "order_number,placed_at,currency\n")
    status, out, err = px("import", *words)
    assert (status, out) == (2, "")
    assert said in " ".join(err.replace("│", " ").split())
    assert "Traceback" not in err
    assert kept() == []


def test_columns_are_mapped_on_the_command_line(tmp_path: Path) -> None:
    write(tmp_path / "o.csv", "No;When;Cur;What\nA1;3/4/2026;EUR;Soap\n")
    words = ("--map", "number=No", "--map", "placed_at=When", "--map", "currency=Cur")
    status, _, err = px("import", "o.csv", "--kind", "orders", *words)
    assert status == 2
    assert "3/4/2026 can be read two ways" in err
    status, _, _ = px(
        "import", "o.csv", "--kind", "orders", *words, "--map", "item=What", "--dates", "dmy"
    )
    assert status == 0
    assert kept() == ["A1"]


def test_a_file_that_may_not_be_read_is_said_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret.csv").touch(mode=0)
    opened = Path.open

    def refused(path: Path, *words: str) -> object:
        # Root may read everything, so it is refused here as everybody else is by the system.
        if path.name == "secret.csv":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *words)

    monkeypatch.setattr(Path, "open", refused)
    status, _, err = px("import", "secret.csv", "--kind", "orders")
    assert (status, "cannot be read" in err) == (2, True)
