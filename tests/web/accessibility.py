"""Asks axe about the page that is open."""

from typing import Any, cast

from axe_playwright_python.sync_playwright import Axe  # pyright: ignore[reportMissingTypeStubs]
from playwright.sync_api import Page


def violations(page: Page) -> list[str]:
    """Each rule that the page breaks, with the elements that break it."""
    answer = cast("dict[str, Any]", Axe().run(page).response)  # pyright: ignore[reportUnknownMemberType]
    return [
        f"{rule['id']}: {[node['html'] for node in rule['nodes']]}"
        for rule in cast("list[dict[str, Any]]", answer["violations"])
    ]
