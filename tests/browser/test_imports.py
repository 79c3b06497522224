"""The imports page in a browser: a file is given, tried, imported by the running scheduler."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from benchmarks.imports import write_file
from tests.browser.conftest import Server, sign_in
from tests.px.orders.reading import FILES

pytestmark = [pytest.mark.browser, pytest.mark.slow(reason="a real server and browser")]


def test_a_file_is_given_looked_at_and_imported_by_the_server(
    server: Server, page: Page, tmp_path: Path
) -> None:
    sign_in(page, server, "/imports")
    expect(page.get_by_text("No imports yet")).to_be_visible()
    page.locator("input[type=file]").set_input_files(FILES / "bad_rows.csv")
    expect(page.get_by_text("The first 8 entries of the file")).to_be_visible()
    page.get_by_role("button", name="Import the file").click()
    expect(page.get_by_text("was imported")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("7 rows refused").first).to_be_visible()
    write_file(tmp_path / "large.csv", 20_000)
    page.locator("input[type=file]").set_input_files(tmp_path / "large.csv")
    page.get_by_role("button", name="Import the file").click()
    expect(page.get_by_role("button", name="Cancel import")).to_be_visible()
    expect(page.get_by_text("10,000 orders: 10,000 new")).to_be_visible(timeout=60_000)
