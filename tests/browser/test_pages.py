"""Every page in a real browser: no policy broken, nothing people wrote runs, nothing cut off."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from px.core import tokens
from tests.browser.conftest import ADMIN, SECRET, Server, running, sign_in
from tests.browser.test_door import ADDRESSES
from tests.conftest import SECRET_KEY

pytestmark = [pytest.mark.browser]
HOSTILE = "<img src=x onerror=alert(1)>"
CODE = "::JSCODE::alert(2)::JSCODE::"


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser complained about; a dialog, which only a script opens, is a complaint."""
    heard: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or message.type == "pageerror":
            heard.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("dialog", lambda dialog: (heard.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    return heard


def settled(page: Page) -> None:
    """The page has run and shows a title."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.locator("h1").first).to_be_visible()


def open_page(page: Page, server: Server, address: str) -> None:
    page.goto(server.url(f"/{address}"))
    settled(page)


def test_no_page_breaks_its_content_policy_or_asks_another_host(
    server: Server, page: Page, complaints: list[str]
) -> None:
    elsewhere: list[str] = []
    page.on(
        "request",
        lambda asked: (
            elsewhere.append(asked.url)
            if not asked.url.startswith((server.url(""), "data:", "blob:", "ws://localhost"))
            else None
        ),
    )
    sign_in(page, server)
    for address in ADDRESSES:
        open_page(page, server, address)
    assert complaints == []
    assert elsewhere == []


CUT = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_no_page_is_cut_off(server: Server, browse: Callable[..., Page], dark: bool) -> None:
    page = browse(width=390, height=844, dark=dark)
    sign_in(page, server)
    for address in ADDRESSES:
        page.set_viewport_size({"width": 390, "height": 844})
        open_page(page, server, address)
        assert page.evaluate(CUT) == 0, f"{address} on a phone"
        page.set_viewport_size({"width": 1280, "height": 844})
        assert page.evaluate(CUT) == 0, f"{address} on a desk"
        expect(page.get_by_test_id("stException")).to_have_count(0)


def test_dark_and_light_follow_the_readers_machine(
    server: Server, browse: Callable[..., Page]
) -> None:
    for dark, ground in ((False, "rgb(255, 255, 255)"), (True, "rgb(17, 24, 21)")):
        page = browse(dark=dark)
        sign_in(page, server)
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", ground)


def test_a_name_that_is_code_is_shown_as_text(
    server: Server, page: Page, complaints: list[str]
) -> None:
    for number, name in enumerate((HOSTILE, CODE)):
        server.px(
            *("user", "add", f"eve{number}@fern.example", "--role", "support", "--name", name),
            "--password-stdin",
            stdin=SECRET,
        )
    sign_in(page, server, "/team")
    grid = page.frame_locator("iframe[title='st_aggrid.AgGrid.agGrid']").first
    expect(grid.get_by_text(HOSTILE)).to_be_visible()
    expect(grid.get_by_text(CODE)).to_be_visible()
    grid.get_by_text(HOSTILE).click()
    expect(page.get_by_role("heading", name=HOSTILE)).to_be_visible()
    assert complaints == []


def test_somebody_is_added_to_the_team_and_can_sign_in(
    server: Server, page: Page, browse: Callable[..., Page]
) -> None:
    sign_in(page, server, "/team")
    page.get_by_role("button", name="Add somebody").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Ines")
    dialog.get_by_label("Email").fill("ines@fern.example")
    dialog.get_by_role("textbox", name="First password").fill("short")
    dialog.get_by_role("button", name="Add to the team").click()
    expect(dialog.get_by_text("use at least 10 characters")).to_be_visible()
    dialog.get_by_role("textbox", name="First password").fill(SECRET)
    dialog.get_by_role("button", name="Add to the team").click()
    expect(page.get_by_text("ines@fern.example is on the team")).to_be_visible()
    hers = browse()
    sign_in(hers, server, email="ines@fern.example")
    expect(hers.get_by_text("Ines")).to_be_visible()


def test_the_sandbox_badge_says_what_to_do_to_go_live(server: Server, page: Page) -> None:
    sign_in(page, server)
    page.get_by_role("button", name="Sandbox: nothing leaves this machine").click()
    page.get_by_role("link", name="Open Settings").click()
    expect(page.get_by_role("heading", name="Settings", level=1)).to_be_visible()


def test_the_shop_is_saved_and_a_toast_says_so(server: Server, page: Page) -> None:
    sign_in(page, server, "/settings")
    page.get_by_label("Name of the shop").fill("Fern & Fable")
    page.get_by_role("button", name="Save shop").click()
    expect(page.get_by_text("Shop saved")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Name of the shop")).to_have_value("Fern & Fable")


def test_the_default_clutter_is_not_there(server: Server, page: Page) -> None:
    sign_in(page, server)
    settled(page)
    expect(page.get_by_test_id("stAppDeployButton")).to_have_count(0)
    expect(page.get_by_test_id("stMainMenu")).to_have_count(0)


@pytest.mark.slow  # Starts a server of its own.
def test_going_live_says_how_many_messages_leave_and_asks_once_more(
    tmp_path: Path, page: Page
) -> None:
    ready = {
        "PX_SMTP_HOST": "localhost",
        "PX_MAIL_FROM": "hello@fern.example",
        "PX_BRAND_ADDRESS": "Main street 1, Town",
        "PX_BASE_URL": "https://px.fern.example",
    }
    with running(tmp_path, **ready) as server:
        server.px("user", "add", ADMIN, "--role", "admin", "--password-stdin", stdin=SECRET)
        sign_in(page, server, "/settings")
        page.get_by_role("tab", name="Mail account").click()
        expect(page.get_by_role("textbox", name="Server")).to_be_disabled()
        expect(page.get_by_text("PX_SMTP_HOST")).to_be_visible()
        page.get_by_role("tab", name="Going live").click()
        page.get_by_role("button", name="Go live").click()
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_text("0 messages in the outbox are due")).to_be_visible()
        dialog.get_by_role("button", name="Go live").click()
        expect(page.get_by_text("Live: messages leave this machine")).to_be_visible()
        expect(page.get_by_text("Sandbox: nothing leaves this machine")).to_have_count(0)
        page.get_by_role("button", name="Go back to the sandbox").click()
        badge = page.get_by_role("button", name="Sandbox: nothing leaves this machine")
        expect(badge).to_be_visible()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_customers_page_works_without_script_at_320_pixels(
    server: Server, browse: Callable[..., Page], dark: bool
) -> None:
    page = browse(width=320, height=600, dark=dark, java_script_enabled=False)
    token = tokens.sign("unsubscribe", "7.email.17", key=SECRET_KEY.encode())
    page.goto(server.url(f"/u/{token[:-2]}"))
    expect(page.get_by_role("heading", name="This link does not work")).to_be_visible()
    page.goto(server.url(f"/u/{token}"))
    expect(page.get_by_role("heading", name="Unsubscribe from")).to_be_visible()
    button = page.get_by_role("button", name="Unsubscribe").bounding_box()
    assert button is not None
    assert button["x"] >= 0
    assert button["x"] + button["width"] <= 320
