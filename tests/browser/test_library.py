"""From the library to a draft, and from the journey map to a touchpoint, in a real browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, sign_in

# Streamlit's own sidebar is a list whose items axe does not see as such.
NOT_OURS = {"list", "listitem"}


def findings(page: Page) -> list[str]:
    """What axe finds wrong with the page, but for what is Streamlit's own."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["id"] not in NOT_OURS]


@pytest.mark.slow  # Starts a server and goes through five pages.
def test_a_recall_is_taken_from_the_library_and_found_on_its_map(
    server: Server, page: Page
) -> None:
    sign_in(page, server, "/library")
    page.get_by_role("searchbox", name="Find a journey").fill("recall")
    expect(page.get_by_role("button", name="Use this journey")).to_have_count(1)
    page.get_by_role("button", name="Use this journey").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Lamp recall")
    dialog.get_by_role("textbox", name="Which items are recalled?").fill("LAMP-1, LAMP-2")
    dialog.get_by_label("What can happen?").fill("The lamp can give an electric shock.")
    dialog.get_by_label("What can happen?").press("Enter")
    dialog.get_by_role("button", name="Make the draft").click()
    expect(page.get_by_role("heading", name="Lamp recall", level=1)).to_be_visible()

    page.goto(server.url("/journey-map?key=lamp-recall"))
    expect(page.get_by_role("region", name="Usage and support")).to_contain_text("Stop using it")
    page.get_by_role("link", name="First reminder").click()
    expect(page.get_by_role("heading", name="Lamp recall", level=1)).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_have_value("First reminder")


@pytest.mark.slow  # Looks at three pages with axe.
def test_library_and_map_can_be_used_by_everybody(server: Server, page: Page) -> None:
    sign_in(page, server, "/library")
    expect(page.get_by_text("Long life, and a good end")).to_be_visible()
    assert findings(page) == []
    page.goto(server.url("/library?key=skincare"))
    expect(page.get_by_text("Running low", exact=True)).to_be_visible()
    assert findings(page) == []
    page.goto(server.url("/journey-map?library=skincare"))
    expect(page.get_by_role("link", name="Running low")).to_be_visible()
    assert findings(page) == []


def test_on_a_phone_nothing_of_the_map_is_cut_off(server: Server, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, server, "/journey-map?library=order-notices")
    expect(page.get_by_role("link", name="It has arrived")).to_be_visible()
    for name in ("Order confirmation", "Delivery", "Advocacy and reviews"):
        box = page.get_by_role("region", name=name).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
