"""The timeline inside the real app: allowed by its headers, confirmed by Python, focus kept."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from px.journeys import editing
from tests.browser.conftest import Server, sign_in

pytestmark = [pytest.mark.browser]


def serum() -> editing.Data:
    usual = {"purpose": "marketing", "channels": ["email"], "message": "words"}
    return {
        **editing.first_draft("Serum ownership", "serum"),
        "touchpoints": [
            {"key": "start", "name": "How to start", **usual, "anchor": "delivered", "after": "1d"},
            {"key": "care", "name": "Good care", **usual, "anchor": "delivered", "after": "2w"},
        ],
        "templates": {"words": {"subject": "Hello", "body": "Hello. [See](https://a.example)"}},
    }


@pytest.fixture
def opened(server: Server, page: Page, tmp_path: Path) -> Page:
    """The journey's page, with nothing unsaved."""
    path = tmp_path / "serum.yaml"
    path.write_text(editing.as_yaml(serum()))
    server.px("journey", "import", str(path), "--overwrite")
    with closing(sqlite3.connect(server.folder / "data" / "px.db")) as stored, stored:
        stored.execute("DELETE FROM drawings")
    sign_in(page, server, "/journey?key=serum")
    expect(card(page, "How to start")).to_be_visible()
    return page


def card(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=re.compile(f"^{name}, Email"))


def drag_four_days(page: Page, name: str) -> None:
    page.get_by_role("button", name="Days", exact=True).click()
    box = card(page, name).bounding_box()
    assert box
    page.mouse.move(box["x"] + 30, box["y"] + 25)
    page.mouse.down()
    page.mouse.move(box["x"] + 30 + 100, box["y"] + 25, steps=5)
    page.mouse.move(box["x"] + 30 + 208, box["y"] + 25, steps=5)
    page.mouse.up()


def test_a_drag_is_confirmed_and_undone(opened: Page) -> None:
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    drag_four_days(opened, "How to start")
    expect(card(opened, "How to start")).to_have_accessible_name(
        re.compile("Day 5, counted from when the parcel is delivered")
    )
    expect(opened.get_by_text("You have changes that are not saved.")).to_be_visible()
    opened.get_by_role("button", name="Undo", exact=True).first.click()
    expect(card(opened, "How to start")).to_have_accessible_name(re.compile("Day 1, counted"))
    assert [text for text in said if "Content Security Policy" in text] == []


def test_what_was_drawn_is_there_after_a_reload_until_it_is_dropped(
    server: Server, opened: Page
) -> None:
    drag_four_days(opened, "How to start")
    expect(opened.get_by_text("You have changes that are not saved.")).to_be_visible()
    opened.reload()
    found = opened.get_by_text(re.compile("^This is what you were drawing on .* It is not saved"))
    expect(found).to_be_visible()
    expect(card(opened, "How to start")).to_have_accessible_name(re.compile("Day 5, counted"))
    opened.goto(server.url("/journeys"))
    expect(opened.get_by_text("Your unsaved changes")).to_be_visible()
    opened.goto(server.url("/journey?key=serum"))
    opened.get_by_role("button", name=re.compile("Drop my changes$")).click()
    expect(card(opened, "How to start")).to_have_accessible_name(re.compile("Day 1, counted"))
    expect(found).to_be_hidden()
    opened.reload()
    expect(card(opened, "How to start")).to_have_accessible_name(re.compile("Day 1, counted"))
    expect(found).to_be_hidden()


def test_the_keys_go_on_where_they_were_after_opening(opened: Page) -> None:
    card(opened, "How to start").focus()
    opened.keyboard.press("ArrowRight")
    opened.keyboard.press("Enter")
    expect(opened.get_by_label("Name", exact=True)).to_have_value("How to start")
    expect(card(opened, "How to start")).to_be_focused()
    opened.keyboard.press("ArrowRight")
    expect(card(opened, "How to start")).to_have_accessible_name(re.compile("Day 3, counted"))
    expect(card(opened, "How to start")).to_be_focused()


def test_on_a_phone_a_day_later_is_one_tap(
    server: Server, opened: Page, browse: Callable[..., Page]
) -> None:
    phone = browse(width=390, height=844, has_touch=True)
    sign_in(phone, server, "/journey?key=serum")
    phone.get_by_role("button", name="How to start: a day later").tap()
    expect(card(phone, "How to start")).to_have_accessible_name(re.compile("Day 2, counted"))
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_axe_finds_nothing_of_ours(
    server: Server, opened: Page, browse: Callable[..., Page], width: int, dark: bool
) -> None:
    page = browse(width=width, dark=dark)
    sign_in(page, server, "/journey?key=serum")
    expect(card(page, "How to start")).to_be_visible()
    for zoom in ("Fit", "Hours", "List"):
        page.get_by_role("button", name=zoom, exact=True).click()
        found = Axe().run(page).response["violations"]
        inside = [
            (one["id"], node["html"][:160])
            for one in found
            for node in one["nodes"]
            # What stands in a component has a way through its host.
            if any(isinstance(step, list) for step in node["target"])
        ]
        assert inside == []
