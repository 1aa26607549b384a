"""Death at each named point of the work: the next one who comes by finishes it, once."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy.exc import DataError

from lastlink_ui.billing.arrivals import Arrivals
from lastlink_ui.billing.gateway import ProviderEvent
from lastlink_ui.billing.inbox import Inbox
from lastlink_ui.billing.models import InboxEvent, Operation, OperationStatus
from lastlink_ui.db import Database
from lastlink_ui.subscribers.lifecycle import Status
from lastlink_ui.subscribers.models import Subscription
from tests.faults import unguarded
from tests.faults.shop import ON_SQLITE, Died, Shop
from tests.support.rows import rows


@pytest.mark.parametrize(
    "point",
    ["refund.refund.before", "refund.refund.answered", "refund.cancel.before", "refund.cancel.answered"],
)
@ON_SQLITE
async def test_a_refund_ends_after_its_worker_died(shop: Shop, point: str) -> None:
    provider_id = await shop.cancelled()
    await shop.ask_refund(provider_id)
    shop.deaths.at[point] = shop.deaths.die
    with pytest.raises(Died):
        await shop.carry_out()
    assert (await rows(shop.database, Operation))[-1].status is OperationStatus.REQUESTED
    await shop.carry_out()
    assert (await rows(shop.database, Operation))[-1].status is OperationStatus.SUCCEEDED
    intent = await shop.intent(provider_id)
    assert (len(shop.sandbox.refunds(intent)), len(shop.refund_keys(intent))) == (1, 1)
    assert (await shop.row(provider_id)).status is Status.REFUNDED


async def _told_again_after_a_death(shop: Shop, point: str) -> list[Subscription]:
    """What is there after an event whose taker died was told once more."""
    await shop.sell()
    news = shop.events()[-1]
    shop.deaths.at[point] = shop.deaths.die
    with pytest.raises(Died):
        await shop.inbox.take(news)
    await shop.inbox.take(news)
    return await rows(shop.database, Subscription)


@pytest.mark.parametrize("point", ["inbox.recorded", "inbox.done"])
async def test_an_event_acts_once_though_its_taker_died(shop: Shop, point: str) -> None:
    (row,) = await _told_again_after_a_death(shop, point)
    assert (row.status, row.revision) == (Status.ACTIVE, 1)
    (stored,) = await rows(shop.database, InboxEvent)
    assert stored.done_at is not None


@ON_SQLITE
async def test_done_before_its_effect_an_event_is_lost(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A negative control: the done mark not in the transaction of the effect."""
    real = Inbox._is_done_after_recording  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]

    async def done_at_once(self: Inbox, event: ProviderEvent) -> bool:
        is_done = await real(self, event)
        async with shop.database.unit_of_work() as uow:
            for row in await uow.session.scalars(shop.stored(event)):
                row.done_at = shop.clock.now()
        return is_done

    monkeypatch.setattr(Inbox, "_is_done_after_recording", done_at_once)
    assert await _told_again_after_a_death(shop, "inbox.recorded") == []


@ON_SQLITE
async def test_unless_it_is_known_a_repeated_event_acts_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A negative control: nobody asks whether it was done."""

    async def never_done(_self: Inbox, _event: ProviderEvent) -> bool:
        return False

    monkeypatch.setattr(Inbox, "_is_done_after_recording", never_done)
    (row,) = await _told_again_after_a_death(shop, "inbox.done")
    assert row.revision == 2


def _news_of_one_moment(shop: Shop) -> list[ProviderEvent]:
    return [ProviderEvent(f"evt_{number}", "customer.created", shop.clock.now(), {}) for number in range(8)]


async def _told_at_once(shop: Shop, news: list[ProviderEvent]) -> tuple[int, int]:
    """How many of them were acknowledged though the taker died before the commit, and how many are there."""
    shop.deaths.at["inbox.storing"] = shop.deaths.die
    answers = await asyncio.gather(*map(shop.inbox.take, news), return_exceptions=True)
    acknowledged = [answer for answer in answers if not isinstance(answer, BaseException)]
    return len(acknowledged), len(await rows(shop.database, InboxEvent))


async def test_events_that_share_a_commit_are_acknowledged_after_it(shop: Shop) -> None:
    news = _news_of_one_moment(shop)
    assert await _told_at_once(shop, news) == (0, 0)
    await asyncio.gather(*map(shop.inbox.take, news))
    assert all(stored.done_at for stored in await rows(shop.database, InboxEvent))
    assert len(await rows(shop.database, InboxEvent)) == len(news)


@ON_SQLITE
async def test_acknowledged_before_the_commit_events_are_lost(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of the test above."""
    monkeypatch.setattr(Arrivals, "_write", unguarded.answers_before_it_is_written)
    assert await _told_at_once(shop, _news_of_one_moment(shop)) == (8, 0)


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
async def test_an_event_that_cannot_be_stored_is_no_trouble_to_others(shop: Shop) -> None:
    news = _news_of_one_moment(shop)
    spoilt = replace(news[3], id="evt_\0")  # no text of PostgreSQL's holds that
    answers = await asyncio.gather(*map(shop.inbox.take, [*news, spoilt]), return_exceptions=True)
    assert isinstance(answers.pop(), DataError)
    assert answers == [None] * len(news)
    assert len(await rows(shop.database, InboxEvent)) == len(news)


async def test_two_tabs_and_twenty_clicks_make_one_refund(shop: Shop) -> None:
    provider_id = await shop.cancelled()
    other = Database(str(shop.database.engine.url.render_as_string(hide_password=False)))
    try:
        tabs = [shop, await Shop(other, shop.sandbox, shop.clock_file).move_in(shop)]
        clicks = [tab.ask_refund(provider_id) for _ in range(20) for tab in tabs]
        assert len(set(await asyncio.gather(*clicks))) == 1
        await shop.carry_out()
    finally:
        await other.dispose()
    intent = await shop.intent(provider_id)
    assert (len(shop.sandbox.refunds(intent)), len(shop.refund_keys(intent))) == (1, 1)
