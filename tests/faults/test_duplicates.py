"""Two forms of one fan, both paid: one subscription lives, the other one's money goes back."""

import pytest

from lastlink_ui.subscribers.lifecycle import Status
from lastlink_ui.subscribers.models import Fan, Subscription
from tests.faults import unguarded
from tests.faults.shop import ON_SQLITE, Shop
from tests.support.rows import count, rows


async def _both_paid(shop: Shop) -> list[Subscription]:
    """What is there once a fan paid on two payment pages that were open at the same time."""
    await shop.sell_twice("bia@example.com")
    await shop.hear(shop.events())
    await shop.carry_out()
    await shop.carry_out()
    return await rows(shop.database, Subscription)


async def test_the_second_one_is_returned_and_ended(shop: Shop) -> None:
    first, second = await _both_paid(shop)
    assert (first.status, second.status) == (Status.ACTIVE, Status.REFUNDED)
    assert first.in_list
    assert await count(shop.database, Fan) == 1
    (refund,) = shop.sandbox.refunds()
    assert refund["payment_intent"] == await shop.intent(str(second.provider_subscription_id))


@ON_SQLITE
async def test_without_the_guard_both_live(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control of the test above."""
    monkeypatch.setattr(*unguarded.GUARDS["one_live_subscription"])
    assert [row.status for row in await _both_paid(shop)] == [Status.ACTIVE, Status.ACTIVE]
