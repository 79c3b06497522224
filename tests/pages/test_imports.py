"""The imports page: a file given, looked at, tried, imported, watched and cancelled."""

from datetime import datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from db.kinds import ImportStatus, Role
from px.core.work import reading, work
from px.orders import Import, cancel_import, import_history, order_counts, run_imports
from px.team import audit
from tests.conftest import SECRET_KEY
from tests.pages.conftest import Look, text_of
from tests.px.orders.reading import FILES


@pytest.fixture(autouse=True)
def _host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PX_SECRET_KEY", SECRET_KEY)
    monkeypatch.setenv("PX_DATA_DIR", str(tmp_path / "data"))


def give(at: AppTest, name: str, content: bytes | None = None) -> AppTest:
    content = (FILES / name).read_bytes() if content is None else content
    return at.file_uploader[0].set_value((name, content, "text/csv")).run()


def press(at: AppTest, label: str) -> AppTest:
    return next(button for button in at.button if button.label == label).click().run()


def labels(at: AppTest) -> list[str]:
    return [button.label for button in at.button]


def history() -> list[Import]:
    with reading() as session:
        return import_history(session)


def on_record() -> list[tuple[str, str, str]]:
    """What the team's record says of imports: who, verb and which file, the latest first."""
    with reading() as session:
        lines = [line for line in audit(session) if line.noun == "import"]
    return [(line.by, line.verb, line.noun_id) for line in lines]


def test_an_empty_page_says_how_to_get_a_file_out_of_shopify(look: Look) -> None:
    text = text_of(look("imports.py", Role.MANAGER))
    assert "No imports yet" in text
    assert "In Shopify's admin open Orders, press Export" in text.replace("\\", "")


def test_a_file_is_looked_at_before_it_is_imported(look: Look) -> None:
    at = give(look("imports.py", Role.MANAGER), "bad_rows.csv")
    assert not at.exception
    assert at.selectbox[0].value == "shopify-orders"
    assert at.number_input[0].label == "Orders older than this many days start nothing"
    shown = at.dataframe[0].value
    assert list(shown["Becomes"][:3]) == [
        "new",
        "refused: not clear which is the day and which the month",
        "refused: not an amount; write it as 1234.50",
    ]
    assert list(shown["About"][:2]) == ["#1001 ada@example.com", "#1002"]
    assert "The row has no order number" in " ".join(w.value for w in at.warning)
    assert history() == []


def test_trying_and_importing_are_done_in_the_background(look: Look, now: datetime) -> None:
    at = give(look("imports.py", Role.MANAGER), "bad_rows.csv")
    at = press(at, "Try the file")
    assert [one.is_dry_run for one in history()] == [True]
    assert "Cancel import" in labels(at)
    run_imports(now=now)
    at = press(at.run(), "Import the file")
    run_imports(now=now)
    at = at.run()
    assert [(one.is_dry_run, one.status) for one in history()] == [
        (False, ImportStatus.DONE),
        (True, ImportStatus.DONE),
    ]
    assert on_record() == [
        ("manager@fern.example", "started", "bad_rows.csv"),
        ("manager@fern.example", "tried", "bad_rows.csv"),
    ]
    assert "was imported now: 2 orders: 2 new, 1 new customer," in text_of(at).replace("\\", "")
    assert "7 rows refused" in text_of(at)
    with reading() as session:
        assert order_counts(session)["all"] == 2


def test_the_refused_rows_can_be_downloaded(look: Look, now: datetime) -> None:
    at = press(give(look("imports.py", Role.MANAGER), "bad_rows.csv"), "Import the file")
    run_imports(now=now)
    at.session_state["px_imports"] = {"ids": [str(history()[0].id)]}
    at.run()
    assert [button.label for button in at.get("download_button")] == ["Download the refused rows"]


def test_an_import_under_way_shows_how_far_it_is_and_is_cancelled(
    look: Look, now: datetime
) -> None:
    at = press(give(look("imports.py", Role.MANAGER), "bad_rows.csv"), "Import the file")
    assert "is being imported. You can leave this page" in text_of(at)
    at = press(at, "Cancel import")
    assert history()[0].status is ImportStatus.CANCELLED
    assert "was cancelled" in text_of(at.run())
    assert on_record() == [
        ("manager@fern.example", "cancelled", "bad_rows.csv"),
        ("manager@fern.example", "started", "bad_rows.csv"),
    ]
    with work() as session:
        cancel_import(session, history()[0].id, now=now)


def test_headings_px_does_not_know_are_chosen_by_hand(look: Look, now: datetime) -> None:
    content = b"Order No;When;Currency;Product;Price\nA1;2026-05-01;EUR;Soap;12,50\n"
    at = give(look("imports.py", Role.MANAGER), "mine.csv", content)
    assert "say which of its columns hold the 2 things px needs" in text_of(at)
    assert "Import the file" not in labels(at)
    boxes = {box.label: box for box in at.selectbox}
    assert boxes["Order number; rows with the same one are one order"].value == "Order No"
    at = boxes["When it was ordered"].set_value("When").run()
    at = press(at, "Import the file")
    run_imports(now=now)
    with reading() as session:
        assert order_counts(session)["all"] == 1


def test_dates_that_can_be_read_two_ways_are_asked_for(look: Look, now: datetime) -> None:
    at = give(look("imports.py", Role.MANAGER), "21_ambiguous.csv")
    assert at.radio[0].label.startswith("In the file's dates")
    at = at.radio[0].set_value("mdy").run()
    assert at.dataframe[0].value["Ordered"][0] == "Fri 4 Sep 2026, 00:00"
    press(at, "Import the file")
    run_imports(now=now)
    assert history()[0].status is ImportStatus.DONE


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("bill.pdf", b"%PDF-1.7", "not a CSV file but a PDF"),
        ("empty.csv", b"", "The file is empty"),
        ("header.csv", b"order_number,placed_at,currency\n", "a header but no rows"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_to_be_in_a_sentence(
    name: str, content: bytes, said: str, look: Look
) -> None:
    at = give(look("imports.py", Role.MANAGER), name, content)
    assert not at.exception
    assert said in " ".join(error.value for error in at.error).replace("\\", "")
    assert history() == []


def test_what_a_file_is_called_is_never_read_as_markup(look: Look, now: datetime) -> None:
    name = "**:red[x]** <img src=x onerror=alert(1)>.csv"
    content = (FILES / "01_guest.csv").read_bytes()
    at = press(give(look("imports.py", Role.MANAGER), name, content), "Import the file")
    run_imports(now=now)
    at.run()
    assert r"\*\*\:red\[x\]\*\* \<img src\=x" in text_of(at)


def test_support_may_not_import(look: Look) -> None:
    with pytest.raises(ValueError, match=r"imports\.py"):
        look("imports.py", Role.SUPPORT)
