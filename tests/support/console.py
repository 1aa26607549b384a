"""Listens to the consoles of a test's browsers: an error there, or a broken policy, fails the test."""

import re

from playwright.sync_api import BrowserContext, ConsoleMessage, WebError

_LOUD = frozenset({"error", "assert"})


class Console:
    """What the browsers of one test complained of."""

    def __init__(self) -> None:
        self._said: list[str] = []
        self._provoked: list[re.Pattern[str]] = []

    def listen(self, context: BrowserContext) -> None:
        """Hear every page of `context`, from the first."""
        context.on("console", self._note)
        context.on("weberror", self._note_exception)

    def provoke(self, complaint: str) -> None:
        """What the test brings about itself, as a regular expression: the browser may speak of it."""
        self._provoked.append(re.compile(complaint))

    @property
    def complaints(self) -> list[str]:
        """What nobody provoked."""
        return [said for said in self._said if not any(each.search(said) for each in self._provoked)]

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in _LOUD:
            self._said.append(f"{message.text} ({message.location['url']})")

    def _note_exception(self, error: WebError) -> None:
        self._said.append(str(error.error))
