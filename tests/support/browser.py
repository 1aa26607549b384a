"""Finds a Chromium for the tests: Playwright's own, the system's, or one that Playwright can still fetch."""

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from playwright.sync_api import Playwright

from tests.support.plain_http import as_found

WHAT_TO_INSTALL = (
    "No Chromium was found and none could be fetched: install one "
    "(Debian and Ubuntu: apt-get install chromium-headless-shell) and run the tests again."
)
# The first keeps Chromium usable as root and in containers; the others keep it from calling home.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
# The first has no windows to draw around a page, so that it opens one five times as fast.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class ChromiumMissing(Exception):
    """There is no browser to test with; the text says what to install."""

    def __init__(self) -> None:
        super().__init__(WHAT_TO_INSTALL)


@cache
def chromium(playwright: Playwright) -> str | None:
    """The browser to start, or None for Playwright's own. Raises: ChromiumMissing."""
    if Path(playwright.chromium.executable_path).exists():
        return None
    for name in NAMES:
        if found := shutil.which(name):
            return found
    fetched = subprocess.run(
        [sys.executable, "-m", "playwright", "install", "chromium"], check=False, env=as_found()
    )
    if fetched.returncode != 0:
        raise ChromiumMissing
    return None
