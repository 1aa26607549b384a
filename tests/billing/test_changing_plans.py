"""A fan's change of plan, against the real sandbox: from the next charge on, and only where it may be."""

import pytest

from lastlink_ui.billing.models import Operation, OperationStatus
from lastlink_ui.core.actor import SYSTEM
from lastlink_ui.core.errors import NotFound, Refused
from lastlink_ui.core.period import Period
from lastlink_ui.live import MemoryFeed
from lastlink_ui.plans.models import Plan
from lastlink_ui.plans.rules import PlanDraft
from lastlink_ui.plans.service import Plans
from lastlink_ui.subscribers.lifecycle import Status
from lastlink_ui.subscribers.models import Fan, Subscription
from lastlink_ui.subscribers.rules import ActionRefused, ChangeRefusal
from tests.billing.conftest import Billing, Sale, event, form
from tests.support.rows import rows
from tests.support.sandbox import Sandbox
from tests.support.world import World


@pytest.fixture
async def extra(real_world: World, sale: Sale) -> Plan:
    """A dearer plan of the same period."""
    return await real_world.plan(sale.creator, "Mensal com aulas", amount=4990)


async def _refusal(billing: Billing, sale: Sale, plan: Plan) -> str:
    row = await billing.subscription(sale.provider_id)
    with pytest.raises(ActionRefused) as refused:
        await billing.service.change_plan(sale.creator.id, row.id, plan.id, sale.actor)
    return refused.value.reason


def _sold_at(row: Subscription) -> tuple[object, ...]:
    return row.plan_id, row.amount, row.next_plan_id, row.next_amount


async def test_nothing_is_charged_before_the_next_period(
    billing: Billing, sale: Sale, extra: Plan, sandbox: Sandbox
) -> None:
    row = await billing.subscription(sale.provider_id)
    operation = await billing.service.change_plan(sale.creator.id, row.id, extra.id, sale.actor)
    again = await billing.service.change_plan(sale.creator.id, row.id, extra.id, sale.actor)
    assert again.id == operation.id
    await billing.carry_out()
    row = await billing.subscription(sale.provider_id)
    assert _sold_at(row) == (sale.plan.id, sale.plan.amount, extra.id, 4990)
    assert row.status is Status.ACTIVE
    there = sandbox.get(f"/v1/subscriptions/{sale.provider_id}")
    assert there["items"]["data"][0]["price"]["unit_amount"] == 4990
    assert len(sandbox.get("/v1/invoices", subscription=sale.provider_id)["data"]) == 1
    # Older news change nothing of it.
    await billing.inbox.take(event(sale.provider_id))
    assert _sold_at(await billing.subscription(sale.provider_id)) == _sold_at(row)


async def test_a_lost_answer_is_asked_for_again_at_the_same_price(
    billing: Billing, sale: Sale, extra: Plan, sandbox: Sandbox
) -> None:
    row = await billing.subscription(sale.provider_id)
    operation = await billing.service.change_plan(sale.creator.id, row.id, extra.id, sale.actor)
    sandbox.fail(f"POST /v1/subscriptions/{sale.provider_id}", "lose_answer")
    assert not await billing.runner.attempt(operation.id)
    plans = Plans(billing.database, billing.clock, MemoryFeed())
    await plans.edit(sale.creator.id, extra.id, PlanDraft("Mensal com aulas", "59,90", "monthly"), SYSTEM)
    assert await billing.runner.attempt(operation.id)
    assert (await billing.subscription(sale.provider_id)).next_amount == 4990


async def test_only_another_plan_of_the_period_that_is_sold(
    billing: Billing, sale: Sale, extra: Plan, real_world: World
) -> None:
    annual = await real_world.plan(sale.creator, "Anual", period=Period.ANNUAL)
    archived = await real_world.plan(sale.creator, "Antigo", archived_at=billing.clock.now())
    assert await _refusal(billing, sale, sale.plan) == ChangeRefusal.HAS_IT
    assert await _refusal(billing, sale, annual) == ChangeRefusal.OTHER_PERIOD
    assert await _refusal(billing, sale, archived) == ChangeRefusal.NOT_OFFERED
    foreign = await real_world.plan(await real_world.creator())
    row = await billing.subscription(sale.provider_id)
    with pytest.raises(NotFound):
        await billing.service.change_plan(sale.creator.id, row.id, foreign.id, sale.actor)
    # While one thing is under way, another is not begun.
    await billing.service.cancel(sale.creator.id, row.id, sale.actor)
    assert await _refusal(billing, sale, extra) == ChangeRefusal.UNDER_WAY
    await billing.carry_out()
    assert await _refusal(billing, sale, extra) == ChangeRefusal.NOT_ACTIVE


async def test_a_plan_that_was_chosen_is_not_bought_beside_it(
    billing: Billing, sale: Sale, extra: Plan, sandbox: Sandbox
) -> None:
    row = await billing.subscription(sale.provider_id)
    await billing.service.change_plan(sale.creator.id, row.id, extra.id, sale.actor)
    await billing.carry_out()
    (fan,) = await rows(billing.database, Fan)
    with pytest.raises(Refused) as refused:
        await billing.service.start_checkout(sale.creator.id, form(extra, email=fan.email))
    assert refused.value.message_key == "checkout.already_subscribed"
    # The other way round: what was bought is not chosen as well.
    third = await World(billing.database, billing.clock).plan(sale.creator, "Terceiro")
    url = await billing.service.start_checkout(sale.creator.id, form(third, email=fan.email))
    token = sandbox.pay(url).headers["location"].rsplit("/", 1)[1]
    bought = await billing.checkouts.provider_subscription(token)
    assert bought
    await billing.inbox.take(event(bought))
    assert await _refusal(billing, sale, third) == ChangeRefusal.HAS_IT


async def test_a_refusal_of_the_provider_leaves_the_plan_as_it_was(
    billing: Billing, sale: Sale, extra: Plan
) -> None:
    row = await billing.subscription(sale.provider_id)
    await billing.service.change_plan(sale.creator.id, row.id, extra.id, sale.actor)
    await billing.gateway.cancel(sale.provider_id, at_once=True, key="elsewhere")
    await billing.carry_out()
    (operation,) = await rows(billing.database, Operation)
    assert (operation.status, operation.unique_key) == (OperationStatus.REFUSED, None)
    row = await billing.subscription(sale.provider_id)
    assert _sold_at(row) == (sale.plan.id, sale.plan.amount, None, None)
