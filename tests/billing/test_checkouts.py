"""From the form to the payment page: one page for one form, nothing doubled, nothing personal kept."""

import asyncio

import pytest
from sqlalchemy import text

from lastlink_ui.billing.gateway import ProviderUnavailable
from lastlink_ui.billing.models import Checkout
from lastlink_ui.core.errors import NotFound, Refused
from lastlink_ui.subscribers.lifecycle import Status
from tests.billing.conftest import Billing, Sale, event, form
from tests.support.rows import count
from tests.support.sandbox import Sandbox
from tests.support.world import World


async def test_the_same_form_finds_the_same_page(
    billing: Billing, real_world: World, sandbox: Sandbox
) -> None:
    creator = await real_world.creator()
    filled = form(await real_world.plan(creator))
    before = len(sandbox.requests("POST /v1/checkout/sessions"))
    urls = await asyncio.gather(*(billing.service.start_checkout(creator.id, filled) for _ in range(4)))
    again = await billing.service.start_checkout(creator.id, filled)
    assert len({*urls, again}) == 1
    keys = {r["idempotency_key"] for r in sandbox.requests("POST /v1/checkout/sessions")[: -before or None]}
    assert len(keys) == 1
    assert await count(billing.database, Checkout) == 1


async def test_a_provider_that_was_down_is_asked_again_by_the_same_form(
    billing: Billing, real_world: World, sandbox: Sandbox
) -> None:
    creator = await real_world.creator()
    filled = form(await real_world.plan(creator))
    sandbox.fail("POST /v1/checkout/sessions", "lose_answer")
    with pytest.raises(ProviderUnavailable):
        await billing.service.start_checkout(creator.id, filled)
    assert (await billing.service.start_checkout(creator.id, filled)).startswith(sandbox.origin)


async def test_an_archived_plan_is_not_sold(billing: Billing, real_world: World) -> None:
    creator = await real_world.creator()
    plan = await real_world.plan(creator, archived_at=billing.clock.now())
    with pytest.raises(NotFound) as refused:
        await billing.service.start_checkout(creator.id, form(plan))
    assert refused.value.message_key == "checkout.plan_not_sold"


async def test_another_creators_plan_is_not_sold(billing: Billing, real_world: World) -> None:
    plan = await real_world.plan(await real_world.creator())
    other = await real_world.creator()
    with pytest.raises(NotFound):
        await billing.service.start_checkout(other.id, form(plan))


async def test_nobody_is_charged_twice_for_the_same_plan(
    billing: Billing, real_world: World, sandbox: Sandbox
) -> None:
    creator = await real_world.creator()
    plan = await real_world.plan(creator)
    url = await billing.service.start_checkout(creator.id, form(plan, email="bia@example.com"))
    token = sandbox.pay(url).headers["location"].rsplit("/", 1)[1]
    provider_id = await billing.checkouts.provider_subscription(token)
    assert provider_id
    await billing.inbox.take(event(provider_id))
    with pytest.raises(Refused) as refused:
        await billing.service.start_checkout(creator.id, form(plan, email="bia@example.com"))
    assert refused.value.message_key == "checkout.already_subscribed"


async def test_the_return_page_shows_access_once_it_is_paid(
    billing: Billing, real_world: World, sandbox: Sandbox
) -> None:
    creator = await real_world.creator()
    plan = await real_world.plan(creator, access_text="Peça para seguir @ana.vip")
    url = await billing.service.start_checkout(creator.id, form(plan))
    token = sandbox.pay(url).headers["location"].rsplit("/", 1)[1]
    waiting = await billing.checkouts.confirmation(token)
    assert (waiting.status, waiting.access_text) == (None, "")
    provider_id = await billing.checkouts.provider_subscription(token)
    assert provider_id
    await billing.inbox.take(event(provider_id))
    confirmed = await billing.checkouts.confirmation(token)
    assert (confirmed.status, confirmed.access_text) == (Status.ACTIVE, "Peça para seguir @ana.vip")


@pytest.mark.parametrize("token", ["", "0" * 64, "não", "' OR 1=1"])
async def test_an_unknown_token_opens_nothing(billing: Billing, token: str) -> None:
    with pytest.raises(NotFound):
        await billing.checkouts.confirmation(token)


async def test_a_checkout_keeps_nothing_personal(billing: Billing, sale: Sale) -> None:
    row = await billing.subscription(sale.provider_id)
    async with billing.database.reading() as session:
        found = await session.execute(text("SELECT * FROM checkouts"))
        kept = " ".join(str(value) for value in found.one())
    assert "Beatriz" not in kept
    assert "@example.com" not in kept
    assert row.fan_id
