"""The use cases of plans on the real databases: what changes, what is told, and what is not one's own."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlmodel import col

from lastlink_ui.accounts.models import AuditEntry, Creator
from lastlink_ui.core.actor import Actor, ActorKind
from lastlink_ui.core.errors import NotFound
from lastlink_ui.core.ids import PlanId, new_id
from lastlink_ui.core.period import Period
from lastlink_ui.db import Database
from lastlink_ui.live import Change, MemoryFeed, creator_channel
from lastlink_ui.plans.models import Plan
from lastlink_ui.plans.rules import InvalidPlan, PlanDraft
from lastlink_ui.plans.service import Plans
from lastlink_ui.subscribers.models import Subscription
from lastlink_ui.subscribers.plan_use import live_subscriptions
from tests.support.clock import StoppedClock
from tests.support.world import World

ACTOR = Actor(ActorKind.CREATOR, "ana")
MONTHLY = PlanDraft(name="Mensal", price="29,90", period="monthly")
QUARTERLY = PlanDraft(name="Trimestral", price="79,90", period="quarterly")
ANNUAL = PlanDraft(name="Anual", price="249,00", period="annual", highlighted=True)


@pytest.fixture
def feed() -> MemoryFeed:
    return MemoryFeed()


@pytest.fixture
def plans(database: Database, clock: StoppedClock, feed: MemoryFeed) -> Plans:
    return Plans(database, clock, feed, live_subscriptions)


@pytest.fixture
async def ana(world: World) -> Creator:
    return await world.creator("anademo", name="Ana Demo")


async def test_the_public_page_shows_what_is_offered_in_order(plans: Plans, ana: Creator) -> None:
    for draft in (MONTHLY, QUARTERLY, ANNUAL):
        await plans.create(ana.id, draft, ACTOR)
    page = await plans.public("anademo")
    assert page
    assert (page.creator_id, page.name, page.handle) == (ana.id, "Ana Demo", "anademo")
    shown = [(plan.name, plan.amount, plan.per_month, plan.saving, plan.highlighted) for plan in page.plans]
    assert shown == [
        ("Mensal", 2990, 2990, None, False),
        ("Trimestral", 7990, 2663, 11, False),
        ("Anual", 24900, 2075, 31, True),
    ]


async def test_nobody_s_page_is_none(plans: Plans) -> None:
    assert await plans.public("ninguem") is None


async def test_an_archived_plan_is_gone_from_the_page_until_it_is_restored_at_the_end(
    plans: Plans, ana: Creator
) -> None:
    first = await plans.create(ana.id, MONTHLY, ACTOR)
    await plans.create(ana.id, QUARTERLY, ACTOR)
    await plans.archive(ana.id, first, ACTOR)
    assert await _public_names(plans) == ["Trimestral"]
    assert [plan.is_archived for plan in await plans.list(ana.id)] == [True, False]
    await plans.restore(ana.id, first, ACTOR)
    assert await _public_names(plans) == ["Trimestral", "Mensal"]


async def test_savings_are_measured_against_what_is_offered_alone(plans: Plans, ana: Creator) -> None:
    monthly = await plans.create(ana.id, MONTHLY, ACTOR)
    await plans.create(ana.id, QUARTERLY, ACTOR)
    await plans.archive(ana.id, monthly, ACTOR)
    page = await plans.public("anademo")
    assert page
    assert [plan.saving for plan in page.plans] == [None]


async def test_only_one_plan_is_the_most_popular(plans: Plans, ana: Creator) -> None:
    await plans.create(ana.id, ANNUAL, ACTOR)
    await plans.create(ana.id, replace(MONTHLY, highlighted=True), ACTOR)
    assert [(plan.name, plan.highlighted) for plan in await plans.list(ana.id)] == [
        ("Anual", False),
        ("Mensal", True),
    ]


async def test_a_new_price_is_for_new_subscribers_and_says_how_many_keep_theirs(
    plans: Plans, world: World, database: Database, ana: Creator
) -> None:
    plan = await world.plan(ana, provider_product_id="prod_1", provider_price_id="price_1")
    await world.subscriber(plan)
    await world.subscriber(plan)
    await world.subscriber(plan, cancel_at_period_end=True)
    edited = await plans.edit(ana.id, plan.id, replace(MONTHLY, price="39,90"), ACTOR)
    assert edited.keeping == 2
    async with database.reading() as session:
        assert set(await session.scalars(select(col(Subscription.amount)))) == {2990}
        stored = await session.get_one(Plan, plan.id)
        assert (stored.amount, stored.provider_price_id, stored.provider_product_id) == (3990, None, "prod_1")


@pytest.mark.parametrize(
    ("draft", "kept"),
    [
        (replace(MONTHLY, name="Mês"), "price_1"),
        (replace(MONTHLY, price="R$ 29,9"), "price_1"),
        (replace(MONTHLY, price="29,91"), None),
        (replace(MONTHLY, period="annual"), None),
    ],
)
async def test_the_provider_s_price_is_dropped_when_amount_or_period_change(
    plans: Plans, world: World, database: Database, ana: Creator, draft: PlanDraft, kept: str | None
) -> None:
    plan = await world.plan(ana, provider_price_id="price_1")
    await plans.edit(ana.id, plan.id, draft, ACTOR)
    async with database.reading() as session:
        assert (await session.get_one(Plan, plan.id)).provider_price_id == kept


async def test_reordering(plans: Plans, ana: Creator) -> None:
    ids = [await plans.create(ana.id, draft, ACTOR) for draft in (MONTHLY, QUARTERLY, ANNUAL)]
    await plans.reorder(ana.id, ids[::-1], ACTOR)
    assert await _public_names(plans) == ["Anual", "Trimestral", "Mensal"]


async def test_an_order_that_is_not_exactly_the_offered_plans_is_refused(
    plans: Plans, world: World, ana: Creator
) -> None:
    first, second = [await plans.create(ana.id, draft, ACTOR) for draft in (MONTHLY, QUARTERLY)]
    stranger = await world.plan(await world.creator())
    for order in ([first], [first, first], [first, stranger.id], [first, second, stranger.id], []):
        with pytest.raises(NotFound):
            await plans.reorder(ana.id, order, ACTOR)
    assert await _public_names(plans) == ["Mensal", "Trimestral"]


async def test_a_draft_that_cannot_be_changes_nothing_and_tells_nobody(
    plans: Plans, database: Database, feed: MemoryFeed, ana: Creator
) -> None:
    plan = await plans.create(ana.id, MONTHLY, ACTOR)
    async with feed.follow(creator_channel(ana.id)) as changes:
        for draft in (replace(MONTHLY, price="5,00"), replace(MONTHLY, name="")):
            with pytest.raises(InvalidPlan):
                await plans.create(ana.id, draft, ACTOR)
            with pytest.raises(InvalidPlan):
                await plans.edit(ana.id, plan, draft, ACTOR)
        await plans.archive(ana.id, plan, ACTOR)
        assert await anext(changes) == Change(plans=True)
    async with database.reading() as session:
        actions = list(await session.scalars(select(col(AuditEntry.action)).order_by(col(AuditEntry.id))))
    assert actions == ["plan.created", "plan.archived"]


async def test_the_plans_of_somebody_else_are_not_found_and_stay_as_they_are(
    plans: Plans, world: World, ana: Creator
) -> None:
    hers = await plans.create(ana.id, MONTHLY, ACTOR)
    bia = (await world.creator("bia")).id
    before = await plans.list(ana.id)
    for plan in (hers, PlanId(new_id())):
        for attempt in (
            plans.edit(bia, plan, ANNUAL, ACTOR),
            plans.archive(bia, plan, ACTOR),
            plans.restore(bia, plan, ACTOR),
            plans.reorder(bia, [plan], ACTOR),
        ):
            with pytest.raises(NotFound):
                await attempt
    assert await plans.list(ana.id) == before
    assert list(await plans.list(bia)) == []


async def test_the_most_popular_of_one_creator_leaves_the_other_s_alone(
    plans: Plans, world: World, ana: Creator
) -> None:
    bia = await world.creator("bia")
    await plans.create(ana.id, ANNUAL, ACTOR)
    await plans.create(bia.id, ANNUAL, ACTOR)
    assert [plan.highlighted for plan in await plans.list(ana.id)] == [True]


async def test_the_audit_log_tells_the_price_before_and_after(
    plans: Plans, database: Database, ana: Creator
) -> None:
    plan = await plans.create(ana.id, MONTHLY, ACTOR)
    await plans.edit(ana.id, plan, replace(MONTHLY, price="39,90"), ACTOR)
    async with database.reading() as session:
        entry = (await session.scalars(select(AuditEntry).order_by(col(AuditEntry.id).desc()))).first()
        assert entry
        assert (entry.action, entry.subject_id, entry.actor_id) == ("plan.edited", plan, "ana")
        assert entry.details == {
            "amount_before": 2990,
            "period_before": Period.MONTHLY,
            "amount": 3990,
            "period": Period.MONTHLY,
        }


async def _public_names(plans: Plans) -> list[str]:
    page = await plans.public("anademo")
    assert page
    return [plan.name for plan in page.plans]
