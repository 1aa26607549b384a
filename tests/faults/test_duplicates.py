"""Two forms of one fan, both paid: one subscription lives, the other one's money goes back."""

import pytest

from lastlink_ui.billing.models import Operation, OperationStatus
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


async def test_one_whose_money_cannot_go_back_is_ended_all_the_same(shop: Shop) -> None:
    await shop.sell_twice("bia@example.com")
    await shop.hear(shop.events())
    first, second = await rows(shop.database, Subscription)
    there = shop.sandbox.get(f"/v1/subscriptions/{second.provider_subscription_id}")
    for charge in shop.sandbox.get("/v1/charges", customer=there["customer"])["data"]:
        if charge["payment_intent"] == await shop.intent(str(second.provider_subscription_id)):
            shop.sandbox.act("open_dispute", charge["id"])
    await shop.carry_out()
    (operation,) = await rows(shop.database, Operation)
    assert (operation.status, operation.last_error) == (OperationStatus.REFUSED, "charge_disputed")
    await shop.hear(shop.events())
    first, second = await rows(shop.database, Subscription)
    assert (first.status, first.ended_at) == (Status.ACTIVE, None)
    assert second.status is Status.CHARGED_BACK
    assert second.ended_at


@ON_SQLITE
async def test_without_the_guard_both_live(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control of the test above."""
    monkeypatch.setattr(*unguarded.GUARDS["one_live_subscription"])
    assert [row.status for row in await _both_paid(shop)] == [Status.ACTIVE, Status.ACTIVE]
