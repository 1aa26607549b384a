"""News that are no news of what moved back are looked at in one request where all else is known."""

from dataclasses import replace

import pytest

from lastlink_ui.billing import inbox
from lastlink_ui.billing.gateway import ProviderEvent
from lastlink_ui.billing.stand import stand_of
from lastlink_ui.core.ids import new_id
from lastlink_ui.subscribers.lifecycle import RefundStatus, Status
from lastlink_ui.subscribers.models import Payment
from tests.billing.conftest import Billing, Sale, event
from tests.support.rows import rows
from tests.support.sandbox import LOOK, Sandbox

MOVED = "GET /v1/charges"


def _asked(sandbox: Sandbox) -> tuple[int, int]:
    return len(sandbox.requests(LOOK)), len(sandbox.requests(MOVED))


def _news(sale: Sale, kind: str, **about: str) -> ProviderEvent:
    """News as they come, with whose subscription it is: a checkout writes that there."""
    subject = {"subscription": sale.provider_id, "creator": str(sale.creator.id), **about}
    return replace(event(sale.provider_id, kind), subject=subject)


async def _refunded(billing: Billing, sale: Sale) -> ProviderEvent:
    """A cancelled sale whose refund nobody here has heard of; the news of it."""
    await billing.gateway.cancel(sale.provider_id, at_once=False, key=f"{sale.provider_id}:later")
    await billing.inbox.take(_news(sale, "customer.subscription.updated"))
    intent = (await billing.gateway.subscription(sale.provider_id)).payments[0].payment_intent_id
    await billing.gateway.refund(str(intent), "by-hand", f"{sale.provider_id}:refund")
    return _news(sale, "refund.created", payment_intent=str(intent))


async def _tell(billing: Billing, news: ProviderEvent) -> Status:
    await billing.inbox.take(replace(news, id=f"evt_{new_id().hex}"))
    return (await billing.subscription(str(news.subject["subscription"]))).status


async def test_what_is_known_costs_one_request(billing: Billing, sale: Sale, sandbox: Sandbox) -> None:
    looks, moved = _asked(sandbox)
    before = await billing.subscription(sale.provider_id)
    news = _news(sale, "invoice.payment_failed")
    written = await billing.inbox.take(news)
    assert written
    assert not written.is_changed
    assert _asked(sandbox) == (looks + 1, moved)
    assert (await billing.subscription(sale.provider_id)).revision == before.revision + 1


async def test_what_is_new_is_looked_at_whole(billing: Billing, sale: Sale, sandbox: Sandbox) -> None:
    await billing.gateway.cancel(sale.provider_id, at_once=False, key=f"{sale.provider_id}:later")
    looks, moved = _asked(sandbox)
    assert await _tell(billing, _news(sale, "customer.subscription.updated")) is Status.CANCELED
    assert _asked(sandbox) == (looks + 1, moved + 1)


async def test_what_moved_back_is_heard_of_by_its_own_news(
    billing: Billing, sale: Sale, sandbox: Sandbox
) -> None:
    refunded = await _refunded(billing, sale)
    assert await _tell(billing, refunded) is Status.REFUNDED
    # And stays what it is when there are other news.
    _, moved = _asked(sandbox)
    assert await _tell(billing, _news(sale, "invoice.paid")) is Status.REFUNDED
    (payment,) = await rows(billing.database, Payment)
    assert payment.refund_status is RefundStatus.SUCCEEDED
    assert len(sandbox.requests(MOVED)) == moved


async def test_a_glance_at_news_of_a_refund_would_miss_it(
    billing: Billing, sale: Sale, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of the test above."""
    monkeypatch.setattr(inbox, "_OF_WHAT_MOVED_BACK", ())
    assert await _tell(billing, await _refunded(billing, sale)) is Status.CANCELED


async def test_an_unpaid_invoice_is_never_glanced_at(billing: Billing, sale: Sale) -> None:
    async with billing.database.looking() as connection:
        stand = await stand_of(connection, sale.creator.id, sale.provider_id)
    assert stand
    seen = await billing.gateway.subscription(sale.provider_id)
    assert stand.is_told_nothing_new_by_a_glance(seen)
    assert not replace(stand, status=Status.PAYMENT_PENDING).is_told_nothing_new_by_a_glance(seen)
