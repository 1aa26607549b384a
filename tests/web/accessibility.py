"""Asks axe about the page that is open."""

from typing import Any, cast

from axe_playwright_python.sync_playwright import Axe  # pyright: ignore[reportMissingTypeStubs]
from playwright.sync_api import Page

from tests.support.screens import PHONE, WIDE

# A colour on its way to another is neither: what moves without end is left out.
_STANDING_STILL = """() => Promise.all(
    document.getAnimations()
        .filter(each => Number.isFinite(each.effect.getComputedTiming().endTime))
        .map(each => each.finished.catch(() => {}))
).then(() => true)"""

# Put into a page once, and asked for what is wrong alone: its whole report is long, and most of it praise.
_AXE = Axe().axe_script
_LOOK = """() => axe.run(document, {resultTypes: ["violations"]}).then(({violations}) => violations)"""

# The page hears of the system's new scheme by itself, and a little later.
_IN_SCHEME = """scheme => getComputedStyle(document.documentElement).colorScheme.includes(scheme)"""


def violations(page: Page) -> list[str]:
    """Each rule that the page breaks once it stands still, with the elements that break it.

    What is broken for a frame only, while styles are worked out anew, is nobody's trouble: hence two looks.
    """
    return _violations_now(page) and _violations_now(page)


def _violations_now(page: Page) -> list[str]:
    page.evaluate(_STANDING_STILL)
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE)
    found = cast("list[dict[str, Any]]", page.evaluate(_LOOK))
    return [
        f"{rule['id']}: {node['html']} {node['failureSummary']}" for rule in found for node in rule["nodes"]
    ]


def violations_in_every_look(page: Page) -> list[str]:
    """The same, wide and on a phone, light and dark; the page is left wide and light."""
    found: list[str] = []
    for look, size in (("phone", PHONE), ("wide", WIDE)):
        page.set_viewport_size(size)
        for scheme in ("dark", "light"):
            # Without motion a colour is the one or the other, never on its way.
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.wait_for_function(_IN_SCHEME, arg=scheme)
            found += [f"{look}, {scheme}: {broken}" for broken in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{look}: wider than the window")
    return found
