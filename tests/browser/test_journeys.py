"""A journey drawn, published and paused with the mouse, as somebody of the team would."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import ADMIN, SECRET, Server, sign_in

pytestmark = [pytest.mark.browser]


def choose(page: Page, label: str, option: str) -> None:
    """Picks an option of a list by its words."""
    box = page.get_by_role("combobox", name=label, exact=True)
    wanted = page.get_by_role("option", name=option, exact=True)
    # A list that opens while the page still scrolls to it closes again.
    box.scroll_into_view_if_needed()
    for _ in range(5):
        box.click()
        try:
            expect(wanted).to_be_visible(timeout=2_000)
        except AssertionError:
            continue
        break
    wanted.click()


def pressed(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


@pytest.mark.slow  # Draws a whole journey: about thirty clicks on a real server.
def test_a_journey_is_drawn_saved_published_and_paused_by_mouse(
    fresh_server: Server, page: Page
) -> None:
    fresh_server.px("user", "add", ADMIN, "--role", "admin", "--password-stdin", stdin=SECRET)
    sign_in(page, fresh_server, "/journeys")
    pressed(page, "New journey")
    dialog(page).get_by_label("Name").fill("Serum ownership")
    dialog(page).get_by_text("One message: a word of thanks").click()
    dialog(page).get_by_role("button", name="Create journey").click()
    expect(page.get_by_role("heading", name="Serum ownership", level=1)).to_be_visible()

    page.get_by_text("In words", exact=True).click()
    pressed(page, "Add to unboxing")
    expect(page.get_by_text("1 thing to mend before it can be saved.")).to_be_visible()
    page.get_by_label("Name", exact=True).fill("First steps")
    page.get_by_label("Name", exact=True).press("Enter")
    expect(page.get_by_role("button", name="First steps", exact=True)).to_be_visible()
    page.get_by_role("tab", name="Message", exact=True).click()
    choose(page, "Text", "Thank you")
    expect(page.get_by_text("You have changes that are not saved.")).to_be_visible()
    page.get_by_role("tab", name="For whom", exact=True).click()
    pressed(page, "Add a condition")
    page.get_by_label("Only if, row 1: value").fill("SERUM-30")
    page.get_by_label("Only if, row 1: value").press("Enter")
    sentence = "1 day after the parcel is delivered, by email, only if SKUs in the order include"
    expect(page.get_by_text(f"{sentence} SERUM-30: Thank you")).to_be_visible()

    page.get_by_role("button", name=re.compile("^Save draft")).click()
    expect(page.get_by_text("This draft is saved and not published yet.")).to_be_visible()
    pressed(page, "Publish journey")
    expect(dialog(page).get_by_text("0 people would have entered")).to_be_visible()
    dialog(page).get_by_label("What changed, for the list of versions").fill("The first one")
    dialog(page).get_by_role("button", name="Publish journey").click()
    expect(page.get_by_text("This is what is published.")).to_be_visible()
    expect(dialog(page)).to_have_count(0)

    page.get_by_role("tab", name="Versions").click()
    expect(page.get_by_text("The first one")).to_be_visible()
    page.get_by_role("link", name="Journeys").click()
    expect(page.get_by_text("1 journey is live, 0 people are inside")).to_be_visible()
    pressed(page, "More")
    page.get_by_text("Pause journey", exact=True).click()
    expect(dialog(page).get_by_text("0 people stay inside")).to_be_visible()
    dialog(page).get_by_role("button", name="Pause journey").click()
    expect(page.get_by_text("No journey is live: 1 journey is paused.")).to_be_visible()
    page.get_by_role("link", name="Serum ownership").click()
    expect(page.get_by_role("button", name=re.compile("^First steps, "))).to_be_visible()


def test_a_pasted_file_becomes_a_draft_and_a_wrong_one_is_refused_in_words(
    server: Server, page: Page
) -> None:
    sign_in(page, server, "/journeys")
    pressed(page, "Import a journey file")
    box = dialog(page).get_by_label("or paste it here")
    box.fill("format: 1\njourney: care\nname: Care\nenter: {on: eaten}\ntouchpoints: []\n")
    box.press("Control+Enter")
    expect(
        dialog(page).get_by_text("This is not a journey yet. Nothing was changed.")
    ).to_be_visible()
    expect(dialog(page).get_by_text("'eaten' is not an event kind")).to_be_visible()
    box.fill(
        "format: 1\njourney: care\nname: Care\nenter: {on: order_placed}\ntouchpoints:\n"
        "  - {key: tips, anchor: delivered, after: 2w, message: tips}\n"
        "templates:\n  tips: {subject: Tips, body: Some tips.}\n"
    )
    box.press("Control+Enter")
    expect(dialog(page).get_by_text("1 touchpoint, 1 text. It becomes a draft.")).to_be_visible()
    dialog(page).get_by_role("button", name="Import journey", exact=True).click()
    expect(page.get_by_role("heading", name="Care", level=1)).to_be_visible()
    page.get_by_text("In words", exact=True).click()
    expect(
        page.get_by_text("2 weeks after the parcel is delivered, by email: Tips")
    ).to_be_visible()
