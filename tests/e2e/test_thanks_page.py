"""Coming back from paying: the page follows the payment, and tells nothing to who has no right to know."""

import httpx
import pytest
from playwright.sync_api import Page

from tests.e2e.pages.public_page import PaymentPage, PublicPage
from tests.e2e.pages.thanks_page import ThanksPage
from tests.e2e.shop import Shop
from tests.support.screens import on_both_screens
from tests.support.server import Server
from tests.web.accessibility import violations


@pytest.fixture
def unpaid(page: Page, shop: Shop) -> dict[str, str]:
    """A checkout whose payment page was reached and left: its own address, and that of the return page."""
    fan = PublicPage(page).open(shop.address)
    fan.fill_in()
    fan.subscribe()
    PaymentPage(page).expect_open()
    (checkout,) = shop.checkouts()
    return {"pay": checkout["url"], "back": checkout["success_url"]}


@on_both_screens
def test_the_page_changes_by_itself_when_the_payment_does(
    page: Page, shop: Shop, unpaid: dict[str, str]
) -> None:
    page.goto(unpaid["back"])
    thanks = ThanksPage(page)
    thanks.expect_waiting()
    thanks.expect_no_access()
    assert violations(page) == []

    assert shop.server.sandbox.pay(unpaid["pay"]).is_redirect
    thanks.expect_confirmed()
    thanks.expect_access("Peça para seguir @ana.vip", "https://t.me/exemplo")
    assert violations(page) == []


def test_without_any_webhook_the_provider_is_asked(page: Page, shop: Shop, unpaid: dict[str, str]) -> None:
    shop.server.sandbox.webhooks("drop")
    assert shop.server.sandbox.pay(unpaid["pay"]).is_redirect
    page.goto(unpaid["back"])
    ThanksPage(page).expect_confirmed()


def test_a_provider_that_is_away_leaves_the_page_waiting(
    page: Page, shop: Shop, unpaid: dict[str, str]
) -> None:
    shop.server.sandbox.webhooks("drop")
    shop.server.sandbox.pay(unpaid["pay"])
    shop.server.sandbox.fail("GET /v1/checkout/sessions/*", "status_500", times=50)
    page.goto(unpaid["back"])
    ThanksPage(page).expect_waiting()


@pytest.mark.parametrize("token", ["x", "0" * 64, "a" * 2000, "%3Cscript%3E"])
def test_a_link_that_is_none_says_so_and_nothing_else(server: Server, page: Page, token: str) -> None:
    answer = page.goto(f"{server.origin}/obrigado/{token}")
    assert answer is not None
    assert answer.status == 404
    ThanksPage(page).expect_unknown()


def test_the_address_stays_out_of_search_engines_and_of_other_sites(unpaid: dict[str, str]) -> None:
    answer = httpx.get(unpaid["back"])
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-robots-tag"] == "noindex"
    assert answer.headers["cache-control"] == "no-store"
    assert '<meta name="robots" content="noindex"/>' in answer.text


def test_the_token_is_in_no_log(server: Server, page: Page, unpaid: dict[str, str]) -> None:
    page.goto(unpaid["back"])
    ThanksPage(page).expect_waiting()
    assert unpaid["back"].rpartition("/")[2] not in server.log
