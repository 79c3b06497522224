"""Where the browser of the tests is; as a program, it sees to it that there is one.

PX_TEST_BROWSER names it; else the system's; else the one that playwright has installed.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# As root Chromium refuses its sandbox; in a container its shared memory is small.
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage"]


def executable() -> str | None:
    """The path of a Chromium that can be started, None when there is none."""
    named = os.environ.get("PX_TEST_BROWSER") or _NAMED
    found = named or next(filter(None, map(shutil.which, NAMES)), None) or _of_playwright()
    return found if found and Path(found).exists() else None


def prepare() -> str | None:
    """A browser is there, if it can be had: playwright's own, else (as root) the system's."""
    tries = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        tries += [["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]]
    for words in tries:
        if executable():
            break
        subprocess.run(words, capture_output=True, timeout=600, check=False)
    return executable()


def _of_playwright() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


# Kept from before the tests' environment is emptied of PX_ variables.
_NAMED = os.environ.get("PX_TEST_BROWSER", "")


def main() -> None:
    """Says that the browser tests cannot run, where they cannot; then they say so too."""
    if prepare():
        return
    allowed = "browser" in os.environ.get("PX_TEST_ALLOW_MISSING", "").split(",")
    sys.stderr.write(
        "No Chromium was found and none could be installed: the browser tests "
        + ("are left out, as PX_TEST_ALLOW_MISSING allows.\n" if allowed else "will fail.\n")
        + "Install chromium or google-chrome, or name one: PX_TEST_BROWSER=/path/to/chromium\n"
    )


if __name__ == "__main__":
    main()
