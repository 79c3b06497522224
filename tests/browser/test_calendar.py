"""The calendar and a customer's next days, in a real browser, with the demo shop."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ADMIN, SECRET, Server, _environment, running, sign_in
from tests.browser.test_library import findings


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with the demo shop and an admin on its team."""
    folder: Path = tmp_path_factory.mktemp("calendar")
    with running(folder) as started:
        _fill(folder)
        started.px("user", "add", ADMIN, "--role", "admin", "--password-stdin", stdin=SECRET)
        yield started


def _fill(folder: Path) -> None:
    """The demo shop, which takes a while to grow up."""
    subprocess.run(
        [sys.executable, "-m", "px", "demo"],
        cwd=folder,
        env=_environment(folder),
        timeout=300,
        check=True,
        capture_output=True,
    )


@pytest.mark.slow  # Fills a demo shop.
def test_the_order_of_journeys_is_changed_after_its_effect_was_seen(
    server: Server, page: Page
) -> None:
    sign_in(page, server, "/calendar")
    expect(page.get_by_role("heading", name="Calendar", level=1)).to_be_visible()
    expect(page.get_by_role("heading", name="Which journey goes first")).to_be_visible()
    assert findings(page) == []
    rows = page.get_by_test_id("stMain").get_by_role("link")
    expect(rows.filter(has_text="Night Fern serum")).to_be_visible()
    serum_row = page.locator(".st-key-px_order_row_serum-ownership")
    serum_row.get_by_role("button", name="Down", exact=True).click()
    save = page.get_by_role("button", name="Save order")
    expect(save).to_be_visible()
    expect(page.get_by_text("With this order").or_(page.get_by_text("This order"))).to_be_visible()
    save.click()
    expect(page.get_by_text("The order is saved")).to_be_visible()
    expect(save).to_have_count(0)
    names = [text.strip() for text in rows.all_inner_texts()]
    brush, serum = (names.index(name) for name in (
        "Looking after the cleansing brush", "Night Fern serum, the first eight weeks",
    ))  # fmt: skip
    assert brush < serum


@pytest.mark.slow  # Looks at two pages with axe.
def test_a_customer_is_found_and_says_what_comes(server: Server, page: Page) -> None:
    sign_in(page, server, "/calendar")
    page.get_by_role("button", name="Find a customer").click()
    box = page.get_by_label("Name, email, phone or order number")
    box.fill("jordan lee")
    box.press("Enter")
    page.get_by_role("link", name="Jordan Lee").first.click()
    expect(page.get_by_role("heading", name="Jordan Lee", level=1)).to_be_visible()
    expect(page.get_by_role("heading", name="What Jordan gets in the next 30 days")).to_be_visible()
    expect(page.get_by_role("heading", name="Why, and why not")).to_be_visible()
    assert findings(page) == []


@pytest.mark.parametrize("path", ["/calendar", "/late", "/customer?id=106"])
def test_on_a_phone_nothing_is_cut_off(server: Server, page: Page, path: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, server, path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("heading", level=2).first).to_be_visible()
    wide = page.evaluate(
        "document.querySelector('[data-testid=stMain]').scrollWidth"
        " - document.querySelector('[data-testid=stMain]').clientWidth"
    )
    assert wide <= 0
