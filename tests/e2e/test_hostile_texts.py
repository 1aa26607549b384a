"""What others type is text wherever it is shown: nothing of it runs, on any page."""

from urllib.parse import quote

from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlmodel import col

from lastlink_ui.core.clock import SystemClock
from lastlink_ui.db import Database
from lastlink_ui.plans.models import Plan
from tests.e2e.shop import PASSWORD, Shop
from tests.support.behind import in_database
from tests.support.console import Console
from tests.support.server import Server
from tests.support.signed_in import sign_in
from tests.support.world import World

CORPUS = (
    "<script>window.xss=1</script>",
    '"><img src=x onerror="window.xss=1">',
    "'><svg onload=window.xss=1>",
    "</title></textarea></style><script>window.xss=1</script>",
    '<a href="javascript:window.xss=1">clique</a>',
    "<iframe srcdoc='<script>top.xss=1</script>'>",
    "{{constructor.constructor('window.xss=1')()}}${window.xss=1}",
    "';window.xss=1;//\\u003cscript\\u003e",
)


def nothing_ran(page: Page) -> bool:
    return page.evaluate("!('xss' in window)")


def test_nothing_that_was_typed_runs(server: Server, page: Page) -> None:
    shop = Shop.opened(server, name=CORPUS[0], about="\n".join(CORPUS))

    async def subscribe(database: Database) -> None:
        async with database.reading() as session:
            plan = (await session.scalars(select(Plan).where(col(Plan.creator_id) == shop.creator))).first()
        assert plan is not None
        for number, typed in enumerate(CORPUS):
            email = f'"{number}<script>"@example.com'
            await World(database, SystemClock()).subscriber(plan, typed, handle=typed[:30], email=email)

    in_database(server.database_url, subscribe)
    page.goto(shop.address)
    expect(page.get_by_role("heading", name=CORPUS[0])).to_be_visible()
    expect(page.get_by_text(CORPUS[1])).to_be_visible()
    assert nothing_ran(page)
    sign_in(page.context, server.origin, shop.email, PASSWORD)
    page.goto(f"{server.origin}/assinantes")
    for typed in CORPUS:
        expect(page.get_by_role("link", name=typed, exact=True)).to_be_visible()
    page.get_by_role("link", name=CORPUS[1], exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text(CORPUS[1])
    assert nothing_ran(page)
    for path in ("/assinantes?q=", "/entrar?erro=", "/entrar?volta=", "/obrigado/"):
        for typed in (CORPUS[1], CORPUS[4]):
            page.goto(f"{server.origin}{path}{quote(typed, safe='')}")
            assert nothing_ran(page)


def test_where_it_was_put_in_as_markup_the_browser_would_speak_up(
    server: Server, page: Page, console: Console
) -> None:
    """The control: a policy still holds it back, and that is heard."""
    page.goto(f"{server.origin}/entrar")
    page.evaluate("typed => document.body.insertAdjacentHTML('beforeend', typed)", CORPUS[1])
    page.wait_for_function("() => document.querySelector('img[src=x]').complete")
    assert any("Content Security Policy" in said for said in console.complaints)
    console.provoke("Content Security Policy|404")
