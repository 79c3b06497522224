"""Templates in a browser: one is written and saved, and nothing hostile runs in its preview."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ADMIN, SECRET, Server, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow(reason="a real server and browser")]
HOSTILE = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>"
BODY = (
    "Hello {{ customer.first_name }},\n\n<script>alert(3)</script>\n\n"
    "[[Go]]({{ customer.traits.site }})\n\n<img src=x onerror=alert(4)>"
)


def write(page: Page, label: str, words: str) -> None:
    page.get_by_label(label, exact=True).fill(words)
    page.keyboard.press("Control+Enter")


def test_the_first_template_is_written_mended_and_saved(fresh_server: Server, page: Page) -> None:
    fresh_server.px("user", "add", ADMIN, "--role", "admin", "--password-stdin", stdin=SECRET)
    sign_in(page, fresh_server, "/messages")
    page.get_by_role("button", name="Write the first template").click()
    page.get_by_role("dialog").get_by_role("button", name="Write template").click()
    expect(page.get_by_role("heading", name="Order confirmed")).to_be_visible()
    desk = page.frame_locator("iframe[title='The email as on a desk']")
    expect(desk.locator("p", has_text="thank you for your order.")).to_be_visible()
    write(page, "Body", "Hello\n{{ customer.nam }}")
    expect(page.get_by_text("Body, line 2")).to_be_visible()
    write(page, "Body", "Hello **{{ customer.first_name }}**, it is mended.")
    expect(desk.locator("p", has_text="it is mended.")).to_be_visible()
    page.get_by_role("button", name="Save template").click()
    expect(page.get_by_text("Version 2, saved")).to_be_visible()


def test_nothing_runs_in_a_preview_whatever_the_words_and_values(
    server: Server, page: Page, tmp_path: Path
) -> None:
    quoted = HOSTILE.replace('"', '""')
    people = tmp_path / "people.csv"
    people.write_text(f'email,first_name,site\neve@example.com,"{quoted}",javascript:alert(5)\n')
    server.px("import", str(people), "--kind", "customers")
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    sign_in(page, server, "/messages")
    page.get_by_role("button", name="New template").or_(
        page.get_by_role("button", name="Write the first template")
    ).first.click()
    page.get_by_role("dialog").get_by_role("button", name="Write template").click()
    write(page, "Body", BODY)
    desk = page.frame_locator("iframe[title='The email as on a desk']")
    expect(desk.locator("p", has_text="<script>alert(3)</script>")).to_be_visible()
    expect(desk.locator("p", has_text=HOSTILE)).to_be_visible()
    assert desk.locator("script").count() == 0
    for link in desk.locator("a").all():
        assert (link.get_attribute("href") or "").startswith(("http", "#"))
    # The frame has an origin of its own and runs no script, ours included.
    frame = next(frame for frame in page.frames if "/preview/" in frame.url)
    response = page.request.get(frame.url)
    assert response.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert said == []
    assert not [url for url in asked if "localhost" not in url and not url.startswith("data:")]
