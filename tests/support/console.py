"""Listens to the consoles of a test's browsers: an error there, or a broken policy, fails the test."""

import re

from playwright.sync_api import BrowserContext, ConsoleMessage, Frame, WebError

_LOUD = frozenset({"error", "assert"})
_STATUS = "Failed to load resource: the server responded with a status of"


class Console:
    """What the browsers of one test complained of."""

    def __init__(self) -> None:
        self._said: list[tuple[str, str]] = []
        self._opened: set[str] = set()
        self._provoked: list[re.Pattern[str]] = []

    def listen(self, context: BrowserContext) -> None:
        """Hear every page of `context`, from the first."""
        context.on("console", self._note)
        context.on("page", lambda page: page.on("framenavigated", self._note_address))
        context.on("weberror", self._note_exception)

    def provoke(self, complaint: str) -> None:
        """What the test brings about itself, as a regular expression: the browser may speak of it."""
        self._provoked.append(re.compile(complaint))

    @property
    def complaints(self) -> list[str]:
        """What nobody provoked. How a page that was opened answers is what its test looks at."""
        return [
            f"{text} ({address})"
            for text, address in self._said
            if not (text.startswith(_STATUS) and address in self._opened)
            and not any(each.search(text) for each in self._provoked)
        ]

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in _LOUD:
            self._said.append((message.text, message.location["url"]))

    def _note_exception(self, error: WebError) -> None:
        self._said.append((str(error.error), ""))

    def _note_address(self, frame: Frame) -> None:
        self._opened.add(frame.url)
