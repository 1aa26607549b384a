"""`lastlink bench screen`: from a keystroke or a click to the rows in the page, in a real browser."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from lastlink_ui.accounts import cookies
from lastlink_ui.bench.dashboards import session
from lastlink_ui.bench.ground import Ground
from lastlink_ui.bench.program import Program, running_program
from lastlink_ui.bench.result import Line, Result, Times
from lastlink_ui.bench.tools import CHROMIUM, CHROMIUM_FLAGS, ProgramMissing, found
from lastlink_ui.subscribers.lifecycle import Status

if TYPE_CHECKING:
    from playwright.async_api import Page

_TARGET_MS = 150
_ROUNDS = 10
_SHOWN_SECONDS = 30
# Each shows other rows than the one before it: among a million, the newest of all are the newest active ones.
_STATUSES = (Status.CANCELED, Status.PAYMENT_PENDING, Status.ACTIVE, Status.REFUNDED, Status.CHARGED_BACK)
_SEARCHES = ("mar", "silva", "ana", "souza", "")
_ROWS, _DIALOG = "main table tbody", "dialog[open]"
# From the event of the hand to the first moment in which what is shown is another.
_WATCH = """
selector => {
  const nothing = "main .empty"
  const shown = () => (document.querySelector(selector) ?? document.querySelector(nothing))?.textContent
  const before = shown()
  let began
  const begin = event => { began ??= event.timeStamp }
  for (const kind of ["keydown", "input", "change"])
    addEventListener(kind, begin, { capture: true, once: true })
  window.took = new Promise(resolve => {
    new MutationObserver((_, observer) => {
      const now = shown()
      if (began === undefined || !now || now === before) return
      observer.disconnect()
      resolve(performance.now() - began)
    }).observe(document.body, {
      subtree: true, childList: true, characterData: true, attributeFilter: ["open"],
    })
  })
}
"""


async def measure(ground: Ground) -> Result:
    """Filters chosen and searches typed; the limit is an event of the page that reads nothing.

    Raises: ProgramMissing.
    """
    async with running_program(ground) as program, _subscribers_page(program) as page:
        rounds = ground.calls(_ROUNDS)
        # Everything once, so that statements are compiled and the browser is warm.
        for hand in (_choose, _search, _ask_help):
            await hand(page, 1)
        filters, searches = await _choose(page, rounds), await _search(page, rounds)
        limit = await _ask_help(page, rounds * len(_STATUSES))
    return Result(
        (
            Line.within("a filter is chosen", filters, limit, _TARGET_MS),
            Line.within("a search is typed", searches, limit, _TARGET_MS),
        )
    )


async def _choose(page: "Page", rounds: int) -> Times:
    status = page.get_by_role("combobox", name="Status da conta")
    values = [*(each.value for each in _STATUSES * rounds), "all"]
    return await _times(page, [lambda each=each: status.select_option(value=each) for each in values])


async def _search(page: "Page", rounds: int) -> Times:
    box = page.get_by_role("searchbox")
    return await _times(page, [lambda each=each: box.fill(each) for each in _SEARCHES] * rounds)


async def _ask_help(page: "Page", times: int) -> Times:
    """The keys are shown by the program, which asks nothing but whose session it is."""
    took: list[float] = []
    await page.evaluate("document.activeElement?.blur()")  # else it would be typed into the search
    for _ in range(times):
        took += (await _times(page, [lambda: page.keyboard.press("?")], _DIALOG)).milliseconds
        await page.keyboard.press("Escape")
        await page.get_by_role("dialog").wait_for(state="detached")
    return Times(tuple(took))


async def _times(
    page: "Page", acts: Sequence[Callable[[], Awaitable[object]]], selector: str = _ROWS
) -> Times:
    took: list[float] = []
    for act in acts:
        await page.evaluate(_WATCH, selector)
        async with asyncio.timeout(_SHOWN_SECONDS):
            await act()
            took.append(float(await page.evaluate("window.took")))
    return Times(tuple(took))


@asynccontextmanager
async def _subscribers_page(program: Program) -> AsyncGenerator["Page"]:
    """The demo creator's subscribers, shown in Chromium."""
    try:
        from playwright.async_api import async_playwright  # noqa: PLC0415 - only this bench needs it
    except ImportError:
        raise ProgramMissing("playwright") from None
    token = await session(program)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found(*CHROMIUM), args=CHROMIUM_FLAGS)
        context = await browser.new_context(locale="pt-BR", viewport={"width": 1440, "height": 900})
        # A Secure cookie can only be put there for https; on this machine http sends it too.
        address = program.origin.replace("http:", "https:", 1)
        await context.add_cookies([{"name": cookies.SESSION, "value": token, "url": address, "secure": True}])
        page = await context.new_page()
        await page.goto(f"{program.origin}/assinantes")
        await page.get_by_role("table", name="Assinantes").get_by_role("row").nth(1).wait_for()
        yield page
        await browser.close()
