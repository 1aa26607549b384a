"""Programs of others that a bench measures with."""

import shutil

CHROMIUM = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
CHROMIUM_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")


class ProgramMissing(Exception):
    """A program that a bench measures with, or beside, is not installed."""

    def __init__(self, *names: str) -> None:
        super().__init__(
            f"{' or '.join(names)} is not on the path, and this bench measures with it: install it"
        )


def found(*names: str) -> str:
    """Where the first of these programs is that is there at all.

    Raises: ProgramMissing.
    """
    for name in names:
        if path := shutil.which(name):
            return path
    raise ProgramMissing(*names)
