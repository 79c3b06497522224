"""The door: what a real server lets in, seen by a browser and by bare requests."""

import http.client
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ADMIN, SECRET, Server, running, sign_in

pytestmark = [pytest.mark.browser]
ROOT = Path(__file__).resolve().parents[2]
# The addresses of every page, as the shell registers them.
ADDRESSES = sorted(
    set(re.findall(r'"(?:\w+)", "(\w*)", Role\.', (ROOT / "pages" / "_shell.py").read_text()))
)
KEY = "dGhlIHNhbXBsZSBub25jZQ=="


def ask(
    server: Server, method: str, path: str, headers: dict[str, str] | None = None
) -> tuple[int, str]:
    connection = http.client.HTTPConnection("localhost", server.port, timeout=20)
    try:
        connection.request(method, path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Location") or answer.read().decode("utf-8")
    finally:
        connection.close()


SOCKET = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": KEY,
    "Sec-WebSocket-Protocol": "streamlit, xsrf",
}


def test_a_fresh_server_shows_nothing_to_anybody(fresh_server: Server) -> None:
    scripts = [path.stem for path in (ROOT / "pages").glob("*.py")]
    assert len(ADDRESSES) >= 9
    for name in {*ADDRESSES, *scripts, "pages/settings", "secret"}:
        status, where = ask(fresh_server, "GET", f"/{name}")
        assert (status, where.split("?")[0]) == (303, "/auth/sign-in"), name
    for method, path in [
        ("PUT", "/_stcore/upload_file/a/b"),
        ("POST", "/_stcore/upload_file/a/b"),
        ("DELETE", "/_stcore/upload_file/a/b"),
        ("GET", "/media/abc.csv"),
        ("GET", "/_stcore/metrics"),
        ("GET", "/_stcore/script-health-check"),
        ("GET", "/_stcore/agent/openapi.json"),
        ("POST", "/_stcore/agent/interact"),
        ("GET", "/component/st_aggrid.AgGrid.agGrid/index.html"),
        ("GET", "/_stcore/bidi-components/x"),
        ("GET", "/auth/login"),
        ("GET", "/preview/x"),
    ]:
        assert ask(fresh_server, method, path) == (401, "Sign in first."), path
    assert ask(fresh_server, "GET", "/_stcore/stream", SOCKET) == (401, "Sign in first.")


def test_a_forged_header_is_ignored(server: Server) -> None:
    forged = {"X-Px-Session": "0" * 64, "X-Px-User-Role": "admin", "X-Px-User-Id": "1"}
    assert ask(server, "GET", "/settings", forged)[0] == 303
    assert ask(server, "GET", "/_stcore/stream", SOCKET | forged)[0] == 401


def test_the_first_visitor_makes_the_first_admin_and_is_in(
    fresh_server: Server, page: Page
) -> None:
    page.goto(fresh_server.url("/settings"))
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    page.get_by_label("Your name").fill("Mara")
    page.get_by_label("Email").fill(ADMIN)
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Create the account").click()
    expect(page).to_have_url(fresh_server.url("/auth/first"))
    page.get_by_label("Password").fill(SECRET)
    page.get_by_role("button", name="Create the account").click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    expect(page.get_by_text("Mara")).to_be_visible()
    page.goto(fresh_server.url("/auth/first"))
    expect(page).to_have_url(fresh_server.url("/auth/sign-in"))


def test_signing_in_leads_to_the_page_that_was_wanted(server: Server, page: Page) -> None:
    sign_in(page, server, "/settings?x=1")
    expect(page).to_have_url(server.url("/settings?x=1"))
    expect(page.get_by_role("heading", name="Settings", level=1)).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Settings", level=1)).to_be_visible()


def test_a_wrong_password_is_said_and_too_many_must_wait(fresh_server: Server, page: Page) -> None:
    fresh_server.px("user", "add", ADMIN, "--role", "admin", "--password-stdin", stdin=SECRET)
    page.goto(fresh_server.url("/"))
    for _ in range(5):
        page.get_by_label("Email").fill(ADMIN)
        page.get_by_label("Password").fill("not the password")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_have_text("The address or the password is not right.")
        page.goto(fresh_server.url("/auth/sign-in"))
    page.get_by_label("Email").fill(ADMIN)
    page.get_by_label("Password").fill(SECRET)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("Too many tries. Wait")


def test_signing_out_in_one_tab_ends_the_other(server: Server, page: Page) -> None:
    sign_in(page, server, "/settings")
    other = page.context.new_page()
    with other.expect_websocket() as opened:
        other.goto(server.url("/settings"))
    expect(other.get_by_role("heading", name="Settings", level=1)).to_be_visible()
    with opened.value.expect_event("close"):
        page.get_by_role("link", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    other.get_by_role("link", name="Team").click()
    expect(other.get_by_role("heading", name="You are signed out")).to_be_visible()
    expect(other.get_by_role("heading", name="Team")).to_have_count(0)
    other.get_by_role("link", name="Sign in again").click()
    expect(other.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_new_password_from_the_terminal_ends_the_open_page(
    server: Server, browse: Callable[..., Page]
) -> None:
    page = browse()
    server.px(
        "user", "add", "tom@fern.example", "--role", "admin", "--password-stdin", stdin=SECRET
    )
    with page.expect_websocket() as opened:
        sign_in(page, server, "/settings", email="tom@fern.example")
    expect(page.get_by_role("heading", name="Settings", level=1)).to_be_visible()
    with opened.value.expect_event("close"):
        server.px("user", "reset", "tom@fern.example", "--password-stdin", stdin="another long one")
    page.get_by_role("link", name="Team").click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()


def test_support_sees_no_settings(server: Server, page: Page) -> None:
    server.px(
        "user", "add", "sam@fern.example", "--role", "support", "--password-stdin", stdin=SECRET
    )
    sign_in(page, server, "/settings", email="sam@fern.example")
    expect(page.get_by_text("Page not found")).to_be_visible()
    expect(page.get_by_role("link", name="Settings")).to_have_count(0)
    expect(page.get_by_role("heading", name="Settings", level=1)).to_have_count(0)


@pytest.mark.slow  # Starts a server of its own.
def test_px_serve_serves_the_same_and_ends_in_time(tmp_path: Path, page: Page) -> None:
    with running(tmp_path, "-m", "px", "serve", "--port", "{port}") as server:
        server.px("user", "add", ADMIN, "--role", "admin", "--password-stdin", stdin=SECRET)
        sign_in(page, server, "/team")
        expect(page.get_by_role("heading", name="Team", level=1)).to_be_visible()
        server.process.terminate()
        assert server.process.wait(10) == 0
        assert "auth/sign-in" not in server.log()
