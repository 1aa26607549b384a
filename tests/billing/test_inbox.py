"""News of the provider: in any order, any number, at the same moment, they lead to one end."""

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from lastlink_ui.billing.arrivals import STORED
from lastlink_ui.billing.events import subject_of
from lastlink_ui.billing.gateway import ProviderEvent, ProviderUnavailable, SubscriptionSeen
from lastlink_ui.billing.models import InboxEvent
from lastlink_ui.billing.stripe_gateway import StripeGateway
from lastlink_ui.billing.sync import Synchroniser
from lastlink_ui.core.clock import SystemClock
from lastlink_ui.core.ids import CreatorId, new_id
from lastlink_ui.db import UnitOfWork
from lastlink_ui.live import Change, creator_channel
from lastlink_ui.subscribers import counters
from lastlink_ui.subscribers.lifecycle import Status
from lastlink_ui.subscribers.models import Fan, Payment, Subscription
from tests.billing.conftest import Billing, Sale, event, form
from tests.support.one_account import OneAccount
from tests.support.plans import NUMBER, multiply, plan_of
from tests.support.rows import count, rows
from tests.support.sandbox import KEY, LOOK, Sandbox
from tests.support.world import World


async def _refunded_story(
    billing: Billing, world: World, sandbox: Sandbox
) -> tuple[str, list[ProviderEvent]]:
    """A subscription bought, cancelled and refunded while nobody here listened, and all news of it."""
    creator = await world.creator()
    plan = await world.plan(creator)
    url = await billing.service.start_checkout(creator.id, form(plan))
    token = sandbox.pay(url).headers["location"].rsplit("/", 1)[1]
    provider_id = await billing.checkouts.provider_subscription(token)
    assert provider_id
    seen = await billing.gateway.subscription(provider_id)
    intent = seen.payments[0].payment_intent_id
    assert intent
    await billing.gateway.cancel(provider_id, at_once=False, key=f"{provider_id}:later")
    await billing.gateway.refund(intent, "by-hand", f"{provider_id}:refund")
    await billing.gateway.cancel(provider_id, at_once=True, key=f"{provider_id}:now")
    told = [_as_told(each) for each in sandbox.get("/v1/events", limit="100")["data"]]
    return provider_id, [
        each
        for each in told
        if {each.subject.get("subscription"), each.subject.get("payment_intent")} & {provider_id, intent}
    ]


def _as_told(one: dict[str, Any]) -> ProviderEvent:
    return ProviderEvent(one["id"], one["type"], SystemClock().now(), subject_of(one["data"]["object"]))


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_any_order_and_repetition_of_events_converges(
    billing: Billing, real_world: World, sandbox: Sandbox, seed: int
) -> None:
    provider_id, events = await _refunded_story(billing, real_world, sandbox)
    assert len({each.type for each in events}) >= 5
    shuffled = events * 3
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - a fixed order, not a secret
    for start in range(0, len(shuffled), 4):
        await asyncio.gather(*(billing.inbox.take(each) for each in shuffled[start : start + 4]))
    row = await billing.subscription(provider_id)
    assert (row.status, row.in_list) == (Status.REFUNDED, False)
    assert [await count(billing.database, table) for table in (Fan, Subscription, Payment)] == [1, 1, 1]
    assert await count(billing.database, InboxEvent) == len(events)
    async with billing.database.unit_of_work() as uow:
        assert await counters.recount(uow, row.creator_id) == []


async def test_an_event_told_twice_acts_once(billing: Billing, sale: Sale) -> None:
    before = (await billing.subscription(sale.provider_id)).revision
    news = event(sale.provider_id)
    await billing.inbox.take(news)
    await billing.inbox.take(news)
    assert (await billing.subscription(sale.provider_id)).revision == before + 1


async def test_whether_it_was_told_is_found_by_index_among_many(billing: Billing, sale: Sale) -> None:
    await multiply(billing.database, InboxEvent, 20_000, provider_event_id=NUMBER)
    asked = STORED.params(accounts=["", str(sale.creator.id)], events=["evt_1", "evt_2"])
    plan = await plan_of(billing.database, asked)
    assert "uq_inbox" in plan or "sqlite_autoindex_inbox_2 (account=? AND provider_event_id=?)" in plan


async def test_an_unknown_event_is_stored_and_nothing_else(
    billing: Billing, sale: Sale, sandbox: Sandbox
) -> None:
    asked = len(sandbox.requests(LOOK))
    unknown = event(sale.provider_id, kind="customer.tax_id.created")
    await billing.inbox.take(unknown)
    assert (await _stored(billing, unknown)).done_at is not None
    assert len(sandbox.requests(LOOK)) == asked


async def test_an_event_that_could_not_be_acted_on_is_resumed(
    billing: Billing, sale: Sale, sandbox: Sandbox
) -> None:
    news = event(sale.provider_id)
    sandbox.fail(LOOK, "refuse")
    with pytest.raises(ProviderUnavailable):
        await billing.inbox.take(news)
    assert (await _stored(billing, news)).done_at is None
    assert (await _stored(billing, news)).attempts == 1
    await billing.inbox.take(news)
    assert (await _stored(billing, news)).done_at is not None


async def _stored(billing: Billing, news: ProviderEvent) -> InboxEvent:
    return next(
        each for each in await rows(billing.database, InboxEvent) if each.provider_event_id == news.id
    )


class _HeldGateway(StripeGateway):
    """A gateway whose first look comes back late."""

    def __init__(self, api_base: str) -> None:
        super().__init__(KEY, api_base)
        self.looked, self.go_on = asyncio.Event(), asyncio.Event()

    async def subscription(self, subscription_id: str) -> SubscriptionSeen:
        seen = await super().subscription(subscription_id)
        if not self.looked.is_set():
            self.looked.set()
            await self.go_on.wait()
        return seen


class _LateLook:
    """A look that is written after everything that happens inside the block, and was before it."""

    def __init__(self, billing: Billing, sale: Sale, sandbox: Sandbox) -> None:
        self._held = _HeldGateway(sandbox.origin)
        late = Synchroniser(billing.database, billing.clock, billing.feed, OneAccount(self._held))
        self._task = asyncio.create_task(late.sync(sale.creator.id, sale.provider_id, _nothing))

    async def __aenter__(self) -> None:
        await self._held.looked.wait()

    async def __aexit__(self, *_: object) -> None:
        self._held.go_on.set()
        await self._task


async def _cancel(billing: Billing, sale: Sale) -> None:
    await billing.gateway.cancel(sale.provider_id, at_once=False, key=f"{sale.provider_id}:{new_id()}")


async def _canceled_and_taken_back(billing: Billing, sale: Sale, sandbox: Sandbox) -> Status:
    """What the row says when a look at a cancellation is written after news of a fan who stays.

    Those say nothing that is not known.
    """
    await _cancel(billing, sale)
    async with _LateLook(billing, sale, sandbox):
        await billing.gateway.resume(sale.provider_id, key=f"{sale.provider_id}:{new_id()}")
        await billing.inbox.take(event(sale.provider_id))
    return (await billing.subscription(sale.provider_id)).status


async def _nothing(_uow: UnitOfWork) -> None:
    """Nothing else is to be done in the transaction."""


async def test_an_older_look_is_never_written_over_a_newer_one(
    billing: Billing, sale: Sale, sandbox: Sandbox
) -> None:
    async with _LateLook(billing, sale, sandbox):
        await _cancel(billing, sale)
        await billing.inbox.take(event(sale.provider_id))
    assert (await billing.subscription(sale.provider_id)).status is Status.CANCELED


async def test_nor_over_a_newer_one_that_said_nothing_new(
    billing: Billing, sale: Sale, sandbox: Sandbox
) -> None:
    assert await _canceled_and_taken_back(billing, sale, sandbox) is Status.ACTIVE


async def test_without_the_revision_an_older_look_wins(
    billing: Billing, sale: Sale, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of the tests above."""
    real = Synchroniser._apply  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]

    async def unguarded(
        self: Synchroniser,
        uow: UnitOfWork,
        creator: CreatorId,
        seen: SubscriptionSeen,
        stand: Any,  # noqa: ANN401 - private, as the method is
        actor: object,
    ) -> object:
        known = await uow.session.scalars(
            select(col(Subscription.revision)).where(col(Subscription.provider_subscription_id) == seen.id)
        )
        as_now = replace(stand, revision=known.one())
        return await real(self, uow, creator, seen, as_now, actor)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(Synchroniser, "_apply", unguarded)
    assert await _canceled_and_taken_back(billing, sale, sandbox) is Status.CANCELED


@pytest.fixture
async def changes(billing: Billing, sale: Sale) -> AsyncIterator[AsyncIterator[Change]]:
    async with billing.feed.follow(creator_channel(sale.creator.id)) as following:
        yield following


async def test_open_dashboards_are_told_after_the_commit(
    billing: Billing, sale: Sale, changes: AsyncIterator[Change]
) -> None:
    await billing.inbox.take(event(sale.provider_id))
    row = await billing.subscription(sale.provider_id)
    change = await asyncio.wait_for(anext(changes), 5)
    assert change.subscriptions == {row.id}
    assert change.new == frozenset()
