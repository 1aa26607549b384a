"""With every webhook dropped, reconciliation alone brings everything to what it is at the provider."""

import pytest
from sqlalchemy import update

from lastlink_ui.billing.models import Checkout, InboxEvent, ProviderReading
from lastlink_ui.billing.reconcile import Reconciler, moving_payments
from lastlink_ui.commands.reconcile import sentences_of
from lastlink_ui.core.ids import new_id
from lastlink_ui.subscribers.lifecycle import Status
from lastlink_ui.subscribers.models import Payment, Subscription
from tests.faults.shop import ON_SQLITE, Shop
from tests.support.plans import NUMBER, multiply, plan_of
from tests.support.rows import count, rows
from tests.support.sandbox import Sandbox


def _dispute(sandbox: Sandbox, provider_id: str) -> str:
    charge = sandbox.get("/v1/charges", customer=sandbox.get(f"/v1/subscriptions/{provider_id}")["customer"])
    return sandbox.act("open_dispute", charge["data"][0]["id"])["id"]


async def _statuses(shop: Shop) -> dict[str, Status]:
    return {str(row.provider_subscription_id): row.status for row in await rows(shop.database, Subscription)}


async def _a_busy_half_hour(shop: Shop) -> dict[str, Status]:
    """What happened while no webhook arrived, and what is therefore true."""
    kept, ended, disputed, returned = [await shop.sell() for _ in range(4)]
    await shop.gateway.cancel(ended, at_once=False, key=ended)
    _dispute(shop.sandbox, disputed)
    paid = (await shop.gateway.subscription(returned)).payments[0].payment_intent_id
    await shop.gateway.refund(str(paid), "by-hand", returned)
    await shop.gateway.cancel(returned, at_once=True, key=f"{returned}:now")
    return {
        kept: Status.ACTIVE,
        ended: Status.CANCELED,
        disputed: Status.CHARGED_BACK,
        returned: Status.REFUNDED,
    }


async def test_what_was_never_heard_of_is_found_and_said(shop: Shop) -> None:
    true = await _a_busy_half_hour(shop)
    report = await shop.reconcile()
    assert report.failures == []
    assert await _statuses(shop) == true
    assert {repair.after for repair in report.repairs} == set(true.values())
    assert report.missed == report.events == len(shop.events())
    said = "\n".join(sentences_of(report))
    assert "was not known here: it is charged_back." in said
    again = await shop.reconcile()
    assert (again.missed, again.repairs, again.failures) == (0, [], [])
    assert list(sentences_of(again))[-1] == "Everything was as it is at the provider."


@ON_SQLITE
@pytest.mark.parametrize("without", ["_subscriptions", "_events"])
async def test_events_and_objects_are_each_enough(
    shop: Shop, without: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The events may be older than what the provider still lists; an object may come late into its list."""

    async def reads_nothing(*_arguments: object) -> None:
        """That reading is off."""

    monkeypatch.setattr(Reconciler, without, reads_nothing)
    true = await _a_busy_half_hour(shop)
    await shop.reconcile()
    assert await _statuses(shop) == true


@ON_SQLITE
async def test_without_either_reading_nothing_is_found(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control of the tests above."""

    async def reads_nothing(*_arguments: object) -> None:
        """Both readings are off, and payment pages are not asked about."""

    for reading in ("_subscriptions", "_events", "_checkouts"):
        monkeypatch.setattr(Reconciler, reading, reads_nothing)
    await _a_busy_half_hour(shop)
    await shop.reconcile()
    assert await _statuses(shop) == {}


@ON_SQLITE
async def test_it_goes_on_where_it_was_cut_off(shop: Shop) -> None:
    await _a_busy_half_hour(shop)
    shop.sandbox.fail("GET /v1/invoices", "refuse", times=1)
    assert (await shop.reconcile()).failures != []
    report = await shop.reconcile()
    assert report.failures == []
    assert report.missed < len(shop.events())
    assert set((await _statuses(shop)).values()) >= {Status.ACTIVE, Status.CANCELED}
    assert await count(shop.database, InboxEvent) == len(shop.events())
    (read,) = await rows(shop.database, ProviderReading)
    assert read.events_until == max(event.created_at for event in shop.events())


@ON_SQLITE
async def test_an_event_that_can_never_be_acted_on_keeps_no_other_waiting(shop: Shop) -> None:
    async with shop.database.unit_of_work() as uow:
        uow.session.add(
            InboxEvent(
                provider_event_id=f"evt_{new_id().hex}",
                type="invoice.paid",
                subject={"subscription": "sub_unheard_of", "creator": str(shop.creator.id)},
                occurred_at=shop.clock.now(),
                received_at=shop.clock.now(),
            )
        )
    sold = await shop.sell()
    report = await shop.reconcile()
    assert len(report.failures) == 1
    assert await _statuses(shop) == {sold: Status.ACTIVE}


@ON_SQLITE
async def test_a_payment_page_is_asked_about_less_and_less_often(shop: Shop) -> None:
    sold = await shop.sell()
    asked = "GET /v1/checkout/sessions/*"
    (page,) = await rows(shop.database, Checkout)
    assert page.look_at
    await shop.reconciler.run()
    assert await _statuses(shop) == {sold: Status.ACTIVE}
    (page,) = await rows(shop.database, Checkout)
    assert page.look_at is None
    async with shop.database.unit_of_work() as uow:  # somebody who never paid
        await uow.session.execute(
            update(Checkout).values(
                look_at=shop.clock.now(), subscription_id=None, provider_session_id="cs_1"
            )
        )
    shop.sandbox.fail(asked, "refuse")
    await shop.reconciler.run()
    (page,) = await rows(shop.database, Checkout)
    assert page.look_at is not None


async def test_money_on_its_way_is_found_by_index(shop: Shop) -> None:
    await shop.sell()
    await shop.reconcile()
    await multiply(shop.database, Payment, 20_000, provider_invoice_id=NUMBER)
    assert "ix_payments_moving" in await plan_of(shop.database, moving_payments(None, at_most=200))
