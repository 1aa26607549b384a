"""The provider's catalogue follows the plans, whatever happens on the way."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lastlink_ui.accounts.models import Creator
from lastlink_ui.billing.catalogue import Catalogue
from lastlink_ui.billing.gateway import PlanListed
from lastlink_ui.core.actor import SYSTEM
from lastlink_ui.core.ids import PlanId
from lastlink_ui.plans.models import Plan
from lastlink_ui.plans.rules import PlanDraft
from lastlink_ui.plans.service import Plans
from tests.billing.conftest import Billing, form
from tests.support.clock import StoppedClock
from tests.support.one_account import OneAccount
from tests.support.rows import rows
from tests.support.sandbox import Sandbox
from tests.support.world import World

MONTHLY = PlanDraft(name="Mensal", price="29,90", description="Stories")


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def catalogue(billing: Billing, clock: StoppedClock) -> Catalogue:
    return Catalogue(billing.database, clock, OneAccount(billing.gateway))


@pytest.fixture
def plans(billing: Billing, clock: StoppedClock) -> Plans:
    return Plans(billing.database, clock, billing.feed)


@pytest.fixture
async def ana(real_world: World) -> Creator:
    return await real_world.creator()


def product_of(sandbox: Sandbox, plan: PlanId) -> dict[str, Any]:
    return sandbox.get(f"/v1/products/plan_{plan}")


def prices_of(sandbox: Sandbox, plan: PlanId) -> list[tuple[int, bool]]:
    found = sandbox.get("/v1/prices", product=f"plan_{plan}")["data"]
    return sorted((price["unit_amount"], price["active"]) for price in found)


async def test_a_plan_is_made_renamed_priced_anew_archived_and_offered_again(
    catalogue: Catalogue, plans: Plans, ana: Creator, sandbox: Sandbox, clock: StoppedClock
) -> None:
    plan = await plans.create(ana.id, MONTHLY, SYSTEM)
    assert await catalogue.keep() == 1
    assert prices_of(sandbox, plan) == [(2990, True)]
    clock.move(timedelta(seconds=1))

    await plans.edit(ana.id, plan, PlanDraft(name="Ouro", price="39,90", period="annual"), SYSTEM)
    assert await catalogue.keep() == 1
    product = product_of(sandbox, plan)
    assert (product["name"], product["description"], product["active"]) == ("Ouro", None, True)
    assert prices_of(sandbox, plan) == [(2990, False), (3990, True)]

    await plans.archive(ana.id, plan, SYSTEM)
    assert await catalogue.keep() == 1
    assert product_of(sandbox, plan)["active"] is False
    await plans.restore(ana.id, plan, SYSTEM)
    assert await catalogue.keep() == 1
    assert product_of(sandbox, plan)["active"] is True
    assert await catalogue.keep() == 0


async def test_a_provider_that_is_away_is_asked_again_until_it_has_it(
    catalogue: Catalogue, plans: Plans, ana: Creator, sandbox: Sandbox, clock: StoppedClock
) -> None:
    plan = await plans.create(ana.id, MONTHLY, SYSTEM)
    sandbox.fail("POST /v1/prices", "status_500")
    assert await catalogue.keep() == 0
    assert await catalogue.keep() == 0  # not at once
    clock.move(timedelta(minutes=1))
    assert await catalogue.keep() == 1
    assert prices_of(sandbox, plan) == [(2990, True)]


async def test_what_was_done_before_a_death_is_found_and_not_done_twice(
    catalogue: Catalogue, plans: Plans, ana: Creator, sandbox: Sandbox, billing: Billing
) -> None:
    plan = await plans.create(ana.id, MONTHLY, SYSTEM)
    (row,) = await rows(billing.database, Plan)
    # The provider did it all; the process died before it could write that down.
    await billing.gateway.list_plan(
        replace(_listed_as(row), description="Antes"), f"{plan}:of an attempt that nobody remembers"
    )
    assert await catalogue.keep() == 1
    assert prices_of(sandbox, plan) == [(2990, True)]
    assert product_of(sandbox, plan)["description"] == "Stories"


async def test_a_change_made_while_the_provider_is_asked_is_brought_too(
    catalogue: Catalogue, plans: Plans, ana: Creator, sandbox: Sandbox, billing: Billing
) -> None:
    plan = await plans.create(ana.id, MONTHLY, SYSTEM)
    (before,) = await rows(billing.database, Plan)
    await plans.edit(ana.id, plan, replace(MONTHLY, price="39,90"), SYSTEM)
    await catalogue.list_now(billing.gateway, before, f"{plan}:with what was read earlier")

    assert await catalogue.keep() == 1
    assert prices_of(sandbox, plan) == [(2990, False), (3990, True)]
    (after,) = await rows(billing.database, Plan)
    (for_sale,) = sandbox.get("/v1/prices", product=f"plan_{plan}", active="true")["data"]
    assert after.provider_price_id == for_sale["id"]


async def test_a_fan_who_comes_first_does_not_wait_for_the_catalogue(
    catalogue: Catalogue, plans: Plans, ana: Creator, sandbox: Sandbox, billing: Billing
) -> None:
    plan = await plans.create(ana.id, MONTHLY, SYSTEM)
    (row,) = await rows(billing.database, Plan)
    await billing.service.start_checkout(ana.id, form(row))
    assert prices_of(sandbox, plan) == [(2990, True)]
    assert await catalogue.keep() == 0


def _listed_as(plan: Plan) -> PlanListed:
    return PlanListed(str(plan.id), plan.name, plan.description, plan.amount, plan.period, is_offered=True)
