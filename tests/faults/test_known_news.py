"""News that say what is known are done without a question, and never let an older look win."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import update
from sqlmodel import col

from lastlink_ui.billing import arrivals
from lastlink_ui.billing.gateway import ProviderEvent
from lastlink_ui.billing.known_news import PAID, settle_known
from lastlink_ui.billing.models import InboxEvent
from lastlink_ui.core.ids import new_id
from lastlink_ui.subscribers.lifecycle import PaymentStatus
from lastlink_ui.subscribers.models import Payment, Subscription
from tests.faults.shop import ON_SQLITE, Shop
from tests.support.rows import count, rows
from tests.support.sandbox import LOOK


async def _heard(shop: Shop) -> ProviderEvent:
    """A sale of which everything was heard; its payment's event, as if told under another id."""
    await shop.sell()
    await shop.hear(shop.events())
    (paid,) = (event for event in shop.events() if event.type == PAID)
    return replace(paid, id=f"evt_{new_id().hex}")


async def test_a_payment_that_is_known_is_not_asked_about(shop: Shop) -> None:
    again = await _heard(shop)
    asked = len(shop.sandbox.requests(LOOK))
    (before,) = await rows(shop.database, Subscription)
    assert await shop.inbox.take(again) is None
    (after,) = await rows(shop.database, Subscription)
    assert len(shop.sandbox.requests(LOOK)) == asked
    assert after.revision == before.revision + 1
    assert all(stored.done_at for stored in await rows(shop.database, InboxEvent))


@pytest.mark.parametrize("says", [{"amount": 1}, {"paid_at": 1}, {"invoice": "in_unheard_of"}])
@ON_SQLITE
async def test_anything_else_is_looked_at(shop: Shop, says: dict[str, object]) -> None:
    again = await _heard(shop)
    asked = len(shop.sandbox.requests(LOOK))
    await shop.inbox.take(replace(again, says={**again.says, **says}))
    assert len(shop.sandbox.requests(LOOK)) == asked + 1


@ON_SQLITE
async def test_news_of_another_account_say_nothing_of_this_one(shop: Shop) -> None:
    again = await _heard(shop)
    stranger = (await Shop(shop.database, shop.sandbox, shop.clock_file).open()).creator
    async with shop.database.unit_of_work() as uow:
        assert await settle_known(uow.session, [again], [shop.creator.id]) == {again.id}
        theirs = replace(again, account=stranger.id)
        assert await settle_known(uow.session, [theirs], []) == set()


async def _an_old_look_meets_known_news(shop: Shop) -> PaymentStatus:
    """What the payment is in the end, when a look from before it was paid is written after all news of it."""
    again = await _heard(shop)
    (row,) = await rows(shop.database, Subscription)
    real = shop.gateway.subscription
    looked, go_on = asyncio.Event(), asyncio.Event()

    async def unpaid_then(provider_id: str) -> object:
        seen = await real(provider_id)
        if looked.is_set():
            return seen
        looked.set()
        await go_on.wait()
        (payment,) = seen.payments
        return replace(
            seen, payments=(replace(payment, facts=replace(payment.facts, status=PaymentStatus.PENDING)),)
        )

    shop.gateway.subscription = unpaid_then  # pyright: ignore[reportAttributeAccessIssue]
    late = asyncio.create_task(
        shop.synchroniser.sync(shop.creator.id, str(row.provider_subscription_id), _nothing)
    )
    await looked.wait()
    await shop.inbox.take(again)
    go_on.set()
    await late
    (payment,) = await rows(shop.database, Payment)
    return payment.status


async def _nothing(_uow: object) -> None:
    """Nothing else is to be done in the transaction."""


async def test_an_older_look_is_not_written_over_known_news(shop: Shop) -> None:
    assert await _an_old_look_meets_known_news(shop) is PaymentStatus.PAID


@ON_SQLITE
async def test_with_the_revision_left_alone_the_older_look_wins(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of the test above."""

    async def settles_alone(session: object, events: list[ProviderEvent], sharing: list[object]) -> set[str]:
        known = await settle_known(session, events, sharing)  # pyright: ignore[reportArgumentType]
        if known:
            lower = update(Subscription).values(revision=col(Subscription.revision) - 1)
            await session.execute(lower.execution_options(synchronize_session=False))  # pyright: ignore[reportUnknownMemberType, reportAttributeAccessIssue]
        return known

    monkeypatch.setattr(arrivals, "settle_known", settles_alone)
    assert await _an_old_look_meets_known_news(shop) is PaymentStatus.PENDING


@ON_SQLITE
async def test_events_of_one_moment_are_each_stored_once(shop: Shop) -> None:
    news = [
        ProviderEvent(f"evt_{number % 20}", "customer.created", shop.clock.now(), {}) for number in range(60)
    ]
    await asyncio.gather(*(shop.inbox.take(event) for event in news))
    assert await count(shop.database, InboxEvent) == 20
