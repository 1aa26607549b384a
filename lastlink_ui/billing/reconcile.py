"""Reconciliation: reads what happened at the provider and what is there, and repairs what differs here."""

import itertools
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Select, or_, select
from sqlmodel import col

from lastlink_ui.billing.differences import is_in_step
from lastlink_ui.billing.gateway import (
    Gateway,
    Gateways,
    ProviderError,
    ProviderEvent,
    ProviderRefused,
    ProviderUnavailable,
    SubscriptionListed,
    SubscriptionPage,
)
from lastlink_ui.billing.inbox import HANDLED, Inbox
from lastlink_ui.billing.models import Checkout, ProviderReading
from lastlink_ui.billing.sync import Synchroniser, Written
from lastlink_ui.core.clock import Clock
from lastlink_ui.core.ids import CreatorId, PaymentId
from lastlink_ui.db import Database, UnitOfWork
from lastlink_ui.subscribers.lifecycle import DisputeStatus, RefundStatus, Status
from lastlink_ui.subscribers.models import Payment, Subscription

OVERLAP = timedelta(hours=1)
"""How far before the newest event of the last time is read again: one may appear a little late."""
_PAGES_AT_A_TIME = 20
_ROWS_AT_A_TIME = 200

Progress = Callable[[str, int], None]
"""Told what is being read and how much of it was."""
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Repair:
    """One subscription that was brought to what it is at the provider."""

    subscription_id: str
    before: Status | None
    """None for one that was not known here."""
    after: Status


@dataclass(slots=True)
class Report:
    """What one reconciliation read and repaired."""

    events: int = 0
    """Events that the provider lists since the last time."""
    missed: int = 0
    """Events that had not been acted on until now."""
    compared: int = 0
    """Subscriptions, payments and checkouts held against the provider's."""
    repairs: list[Repair] = field(default_factory=list[Repair])
    failures: list[str] = field(default_factory=list[str])
    """What could not be read or repaired and why, as codes and ids; the next time tries again."""


@dataclass(frozen=True, slots=True)
class _Account:
    """One account at the provider, and whose it is; None for the shared one."""

    owner: CreatorId | None
    gateway: Gateway

    @property
    def key(self) -> str:
        return str(self.owner or "")


@dataclass(frozen=True, slots=True)
class _Here:
    """A subscription as it is known here."""

    row: Subscription
    payments: list[Payment] = field(default_factory=list[Payment])


@dataclass(slots=True)
class _Work:
    """One reconciliation under way."""

    report: Report
    progress: Progress
    whole: bool
    silent: set[CreatorId | None] = field(default_factory=set[CreatorId | None])
    """Whose account does not answer: nothing more is asked of it this time."""

    def compared(self, what: str, count: int = 1) -> None:
        self.report.compared += count
        self.progress(what, self.report.compared)


class Reconciler:
    """Brings everything here to what it is at the provider, whatever news were lost.

    Doing it twice changes nothing the second time. How far it has read is written down as it goes, so that
    the next time goes on from there, also after a death in between; each time reads a bounded part of what
    is old.
    """

    def __init__(
        self, database: Database, clock: Clock, gateways: Gateways, inbox: Inbox, synchroniser: Synchroniser
    ) -> None:
        self._database = database
        self._clock = clock
        self._gateways = gateways
        self._inbox = inbox
        self._synchroniser = synchroniser
        self._payments_after: PaymentId | None = None

    async def run(self, *, whole: bool = False, progress: Progress = lambda _what, _done: None) -> Report:
        """Read the news since the last time, then a part of what is old; all of it when `whole`."""
        work = _Work(Report(), progress, whole=whole)
        for owner, gateway in await self._gateways.every():
            account = _Account(owner, gateway)
            try:
                await self._events(account, work)
                await self._subscriptions(account, work)
            except ProviderError as error:
                work.silent.add(owner)
                work.report.failures.append(f"account {account.key or 'shared'}: {error.code}")
        await self._unfinished_events(work)
        await self._checkouts(work)
        await self._payments(work)
        return work.report

    async def _events(self, account: _Account, work: _Work) -> None:
        """Every event since the last time is in the inbox, and acted on. Raises: ProviderError."""
        newest = (await self._reading(account)).events_until
        since = newest - OVERLAP if newest else None
        after: str | None = None
        while True:
            page = await account.gateway.events(HANDLED, since, after)
            events = [replace(event, account=account.owner) for event in page.events]
            for event in await self._inbox.not_done(events):
                await self._take(work, event)
            work.report.events += len(events)
            work.progress("events", work.report.events)
            for event in events:
                newest = event.created_at if newest is None else max(newest, event.created_at)
            after = page.next
            if after is None:
                break
        # Only now: who dies before this reads the same pages again and finds most of it done.
        await self._remember(account, events_until=newest)

    async def _subscriptions(self, account: _Account, work: _Work) -> None:
        """Compare the account's subscriptions, from where the last time ended. Raises: ProviderError."""
        after = None if work.whole else (await self._reading(account)).subscriptions_after
        for _ in range(_PAGES_AT_A_TIME) if not work.whole else itertools.count():
            try:
                page = await account.gateway.subscriptions(after)
            except ProviderRefused:
                if after is None:
                    raise
                page = SubscriptionPage((), None)  # it does not know where we were: from the start next time
            for creator, provider_id in await self._out_of_step(account, page.subscriptions):
                await self._look(work, creator, provider_id)
            work.compared("subscriptions", len(page.subscriptions))
            after = page.next
            await self._remember(account, subscriptions_after=after)
            if after is None:
                break

    async def _out_of_step(
        self, account: _Account, listed: Sequence[SubscriptionListed]
    ) -> list[tuple[CreatorId, str]]:
        """Those of a page that differ from what is here, with whose they are."""
        owners = [account.owner] if account.owner else await self._gateways.sharing()
        known = await self._known(owners, [each.id for each in listed])
        found: list[tuple[CreatorId, str]] = []
        for each in listed:
            here = known.get(each.id)
            creator = here.row.creator_id if here else account.owner or each.creator
            if creator and not is_in_step(each, here.row if here else None, here.payments if here else ()):
                found.append((creator, each.id))
        return found

    async def _known(self, owners: Sequence[CreatorId], provider_ids: Sequence[str]) -> dict[str, _Here]:
        async with self._database.reading() as session:
            rows = await session.scalars(
                select(Subscription).where(
                    col(Subscription.creator_id).in_(owners),
                    col(Subscription.provider_subscription_id).in_(provider_ids),
                )
            )
            known = {row.id: _Here(row) for row in rows}
            payments = await session.scalars(
                select(Payment).where(col(Payment.subscription_id).in_(known.keys()))
            )
            for payment in payments:
                known[payment.subscription_id].payments.append(payment)
        return {str(here.row.provider_subscription_id): here for here in known.values()}

    async def _unfinished_events(self, work: _Work) -> None:
        """What arrived and could not be acted on then."""
        for event in await self._inbox.unfinished(at_most=_ROWS_AT_A_TIME):
            if event.account not in work.silent:
                await self._take(work, event)

    async def _checkouts(self, work: _Work) -> None:
        """What became of payment pages that nothing was heard of, each asked about less and less often."""
        query = select(Checkout).where(col(Checkout.look_at).is_not(None))
        if not work.whole:
            query = query.where(col(Checkout.look_at) <= self._clock.now())
        async with self._database.reading() as session:
            due = await session.scalars(query.order_by(col(Checkout.look_at)).limit(_ROWS_AT_A_TIME))
            checkouts = list(due)
        for checkout in checkouts:
            if checkout.creator_id not in work.silent:
                what = f"checkout {checkout.id}"
                await self._try(work, what, checkout.creator_id, self._checkout(work, checkout))
                work.compared("checkouts")

    async def _checkout(self, work: _Work, checkout: Checkout) -> None:
        is_over = checkout.subscription_id is not None or checkout.provider_session_id is None
        if not is_over:
            gateway = await self._gateways.for_creator(checkout.creator_id)
            seen = await gateway.checkout(str(checkout.provider_session_id))
            if seen.subscription_id:
                await self._look(work, checkout.creator_id, seen.subscription_id)
            is_over = seen.subscription_id is not None or seen.is_expired
        now = self._clock.now()
        async with self._database.unit_of_work() as uow:
            row = await uow.session.get_one(Checkout, checkout.id)
            row.look_at = None if is_over or now > row.expires_at else now + (now - row.created_at)
            uow.session.add(row)

    async def _payments(self, work: _Work) -> None:
        """Refunds that are under way and disputes that are open: some each time, in turn."""
        while True:
            batch = await self._moving_payments()
            for payment_id, creator, provider_id in batch:
                self._payments_after = payment_id
                if creator not in work.silent:
                    await self._look(work, creator, provider_id)
                    work.compared("payments")
            if len(batch) < _ROWS_AT_A_TIME:
                self._payments_after = None
                return
            if not work.whole:
                return

    async def _moving_payments(self) -> list[tuple[PaymentId, CreatorId, str]]:
        async with self._database.reading() as session:
            found = await session.execute(moving_payments(self._payments_after, at_most=_ROWS_AT_A_TIME))
            return [(row[0], row[1], str(row[2])) for row in found]

    async def _take(self, work: _Work, event: ProviderEvent) -> None:
        work.report.missed += 1
        await self._try(work, event.id, event.account, self._inbox.take(event))

    async def _look(self, work: _Work, creator: CreatorId, provider_id: str) -> None:
        await self._try(
            work, provider_id, creator, self._synchroniser.sync(creator, provider_id, _nothing_else)
        )

    async def _try(
        self, work: _Work, what: str, creator: CreatorId | None, repair: Awaitable[Written | None]
    ) -> None:
        """One repair; where it fails, the others go on."""
        try:
            written = await repair
        except ProviderUnavailable as error:
            work.silent.add(creator)
            work.report.failures.append(f"{what}: {error.code}")
        except ProviderError as error:
            work.report.failures.append(f"{what}: {error.code}")
        except Exception as error:
            log.exception("repair_failed", what=what)
            work.report.failures.append(f"{what}: {type(error).__name__}")
        else:
            if written and written.is_changed:
                work.report.repairs.append(
                    Repair(str(written.subscription_id), written.before, written.after)
                )

    async def _reading(self, account: _Account) -> ProviderReading:
        async with self._database.reading() as session:
            return await session.get(ProviderReading, account.key) or ProviderReading(account=account.key)

    async def _remember(self, account: _Account, **read: datetime | str | None) -> None:
        """Write down how far the account was read."""
        async with self._database.unit_of_work() as uow:
            row = await uow.session.get(ProviderReading, account.key) or ProviderReading(account=account.key)
            for name, value in read.items():
                setattr(row, name, value)
            uow.session.add(row)


async def _nothing_else(_uow: UnitOfWork) -> None:
    """A repair has no mark of its own to write."""


def moving_payments(after: PaymentId | None, *, at_most: int) -> Select[PaymentId, CreatorId, str | None]:
    """Payments whose money is on its way back, with whose they are and the provider's subscription."""
    moving = or_(
        col(Payment.refund_status) == RefundStatus.PENDING,
        col(Payment.dispute_status) == DisputeStatus.OPEN,
    )
    query = (
        select(col(Payment.id), col(Payment.creator_id), col(Subscription.provider_subscription_id))
        .join(Subscription, col(Subscription.id) == col(Payment.subscription_id))
        .where(moving, col(Subscription.provider_subscription_id).is_not(None))
        .order_by(col(Payment.id))
        .limit(at_most)
    )
    return query.where(col(Payment.id) > after) if after else query
