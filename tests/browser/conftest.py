"""A real server on a free port with a data folder of its own, and a real browser in front of it.

    def test_...(server, mara, page): page.goto(server.url("/settings")) ; expect(...)

`server` is one for all tests of a module; `fresh_server` is one that nobody has visited yet.
`signed_in` is a page signed in as an admin; `browse(...)` opens further ones.
"""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.chromium import ARGUMENTS
from tests.conftest import ROOT, SECRET_KEY

ADMIN = "mara@fern.example"
SECRET = "correct horse battery"
expect.set_options(timeout=15_000)


@dataclass(frozen=True)
class Server:
    """A running px: its port, its data folder, and its log."""

    port: int
    folder: Path
    process: subprocess.Popen[bytes]

    def url(self, path: str = "/") -> str:
        """The address of a path."""
        return f"http://localhost:{self.port}{path}"

    def px(self, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Runs a command of the command line on the same data."""
        return subprocess.run(
            [sys.executable, "-m", "px", *words],
            cwd=self.folder,
            env=_environment(self.folder),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )

    def log(self) -> str:
        """What the server said so far."""
        return (self.folder / "log").read_text()


def _environment(folder: Path, **more: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONPATH": str(ROOT),
        "PX_DATA_DIR": str(folder / "data"),
        "PX_SECRET_KEY": SECRET_KEY,
        **more,
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(folder: Path, *words: str, **environment: str) -> Iterator[Server]:
    """A server that answers, stopped at the end; by default `streamlit run app.py`."""
    port = _free_port()
    command = [word.format(port=port) for word in words] or [
        *("-m", "streamlit", "run", str(ROOT / "app.py"), f"--server.port={port}"),
        "--server.address=localhost",
    ]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=folder,
            env=_environment(folder, **environment),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    server = Server(port, folder, process)
    try:
        _wait_until_it_answers(server)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def _wait_until_it_answers(server: Server) -> None:
    for _ in range(300):
        if server.process.poll() is not None:
            break
        with contextlib.suppress(OSError), urllib.request.urlopen(server.url("/health")) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise AssertionError(f"The server did not start:\n{server.log()[-4000:]}")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the module, with an admin on its team."""
    with running(tmp_path_factory.mktemp("server")) as started:
        started.px("user", "add", ADMIN, "--role", "admin", "--password-stdin", stdin=SECRET)
        yield started


@pytest.fixture
def fresh_server(tmp_path: Path) -> Iterator[Server]:
    """A server that nobody has visited yet, and whose team is empty."""
    with running(tmp_path) as started:
        yield started


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """The browser of the session."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def browse(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page in a profile of its own: browse(width=390, dark=True)."""
    contexts: list[BrowserContext] = []

    def opened(*, width: int = 1280, height: int = 900, dark: bool = False, **more: Any) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            locale="en-GB",
            timezone_id="UTC",
            **more,
        )
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def page(browse: Callable[..., Page]) -> Page:
    """A page of somebody who is not signed in."""
    return browse()


def sign_in(page: Page, server: Server, path: str = "/", *, email: str = ADMIN) -> None:
    """The page shows `path`, for this member of the team."""
    page.goto(server.url(path))
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(SECRET)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_test_id("stApp")).to_have_attribute(
        "data-test-connection-state", "CONNECTED"
    )


@pytest.fixture
def signed_in(page: Page, server: Server) -> Page:
    """A page of the admin, on the first page."""
    sign_in(page, server)
    return page
