"""Withdrawals within seven days: the fan's request, and a creator's transfers by hand for boletos."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from lastlink_ui.accounts import audit
from lastlink_ui.accounts.models import Creator
from lastlink_ui.billing import outbox, requesting
from lastlink_ui.billing.models import MailKind, Operation, OperationKind, OperationStatus, Withdrawal
from lastlink_ui.billing.service import Enqueue
from lastlink_ui.core.actor import Actor
from lastlink_ui.core.clock import Clock, sao_paulo_day
from lastlink_ui.core.errors import NotFound
from lastlink_ui.core.ids import CreatorId, SubscriptionId, WithdrawalId
from lastlink_ui.db import Database, UnitOfWork
from lastlink_ui.live import Change, Feed, creator_channel
from lastlink_ui.plans.models import Plan
from lastlink_ui.subscribers import membership
from lastlink_ui.subscribers.history import Happening
from lastlink_ui.subscribers.models import Fan, Payment, Subscription, SubscriptionChange
from lastlink_ui.subscribers.recording import facts_in, last_paid, payments_of, withdrawable_since
from lastlink_ui.subscribers.rules import ActionRefused, WithdrawRefusal
from lastlink_ui.subscribers.withdrawal import (
    WithdrawalStage,
    is_transferred,
    read_account,
    stage_of,
    transfer_due,
    why_not_withdrawable,
)

# Without letters that are taken for each other when read out on the phone.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_RANDOM = 7


@dataclass(frozen=True, slots=True)
class Transfer:
    """What a creator owes a fan who paid by boleto and withdrew. Amount in centavos."""

    id: WithdrawalId
    subscription_id: SubscriptionId
    protocol: str
    name: str
    handle: str
    plan: str
    amount: int
    account: str
    """As the fan wrote it."""
    requested_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class _Held:
    """A subscription whose fan is locked, and what was paid for it last."""

    fan: Fan
    subscription: Subscription
    paid: Payment | None
    since: datetime
    """From when the days of withdrawing from that count."""


class Withdrawals:
    """Art. 49 of the Consumer Code, beside the creator's own rule for refunds and not inside it."""

    def __init__(self, database: Database, clock: Clock, feed: Feed, enqueue: Enqueue) -> None:
        self._database = database
        self._clock = clock
        self._feed = feed
        self._enqueue = enqueue

    async def withdraw(
        self, creator: CreatorId, subscription_id: SubscriptionId, actor: Actor, account: str = ""
    ) -> Withdrawal:
        """Cancel, end access, and send all the money back; `account` is where a boleto's goes.

        Asking again finds the first withdrawal; then `account` corrects the one that is transferred to, and
        makes a transfer of money that the provider could not return.

        Raises: NotFound, ActionRefused, InvalidInput for an account that is needed.
        """
        async with self._database.unit_of_work() as uow:
            held = await self._held(uow, creator, subscription_id)
            found = await uow.session.scalars(
                select(Withdrawal).where(col(Withdrawal.subscription_id) == subscription_id)
            )
            if (known := found.one_or_none()) is not None:
                if account:
                    await self._take_account(uow, held, known, actor, account)
                return known
            return await self._begin(uow, held, actor, account)

    async def transfers(self, creator: CreatorId) -> Sequence[Transfer]:
        """What the creator still has to transfer, the most urgent first."""
        async with self._database.reading() as session:
            found = await session.execute(
                select(Withdrawal, Fan, col(Plan.name))
                .join(Fan, col(Fan.id) == col(Withdrawal.fan_id))
                .join(Subscription, col(Subscription.id) == col(Withdrawal.subscription_id))
                .join(Plan, col(Plan.id) == col(Subscription.plan_id))
                .where(
                    col(Withdrawal.creator_id) == creator,
                    col(Withdrawal.due_at).is_not(None),
                    col(Withdrawal.done_at).is_(None),
                )
                .order_by(col(Withdrawal.due_at), col(Withdrawal.id))
            )
            return [
                Transfer(
                    id=owed.id,
                    subscription_id=owed.subscription_id,
                    protocol=owed.protocol,
                    name=fan.name,
                    handle=fan.handle,
                    plan=plan,
                    amount=owed.amount,
                    account=fan.transfer_to or "",
                    requested_at=owed.requested_at,
                    due_at=owed.due_at,
                )
                for owed, fan, plan in found
                if owed.due_at
            ]

    async def transferred(self, creator: CreatorId, withdrawal_id: WithdrawalId, actor: Actor) -> None:
        """Write down that the creator transferred the money; the fan is told. Raises: NotFound."""
        async with self._database.unit_of_work() as uow:
            found = await uow.session.scalars(
                select(Withdrawal).where(
                    col(Withdrawal.id) == withdrawal_id,
                    col(Withdrawal.creator_id) == creator,
                    col(Withdrawal.due_at).is_not(None),
                )
            )
            owed = found.one_or_none()
            if owed is None:
                raise NotFound
            held = await self._held(uow, creator, owed.subscription_id)
            await uow.session.refresh(owed)
            if owed.done_at is None:
                owed.done_at = self._clock.now()
                uow.session.add(owed)
                await uow.session.flush()
                await _forget_account(uow, held.fan)
                await self._written(uow, held, owed, Happening.TRANSFERRED, actor)
                cause = str(owed.id)
                await outbox.post(uow, MailKind.TRANSFERRED, cause, held.subscription, self._clock.now())

    async def _begin(self, uow: UnitOfWork, held: _Held, actor: Actor, account: str) -> Withdrawal:
        now, paid = self._clock.now(), held.paid
        facts = facts_in(paid) if paid else None
        reason = why_not_withdrawable(held.since, facts, now)
        if reason or paid is None or facts is None:
            raise ActionRefused(reason or WithdrawRefusal.NOTHING_PAID)
        if OperationKind.UNDO_CANCEL in await requesting.under_way(uow, held.subscription.id):
            raise ActionRefused(WithdrawRefusal.UNDER_WAY)
        by_hand = is_transferred(facts)
        if by_hand:
            held.fan.transfer_to = read_account(account)
            uow.session.add(held.fan)
        operation = await self._ask_provider(uow, held, None if by_hand else paid, actor)
        withdrawal = Withdrawal(
            creator_id=held.subscription.creator_id,
            fan_id=held.fan.id,
            subscription_id=held.subscription.id,
            payment_id=paid.id,
            operation_id=operation.id,
            protocol=_protocol(now),
            amount=paid.amount - paid.refunded_amount,
            requested_at=now,
            due_at=transfer_due(now) if by_hand else None,
        )
        uow.session.add(withdrawal)
        await uow.session.flush()
        await self._written(uow, held, withdrawal, Happening.WITHDRAWN, actor)
        await outbox.post(uow, MailKind.WITHDRAWN, str(withdrawal.id), held.subscription, now)
        return withdrawal

    async def _take_account(
        self, uow: UnitOfWork, held: _Held, withdrawal: Withdrawal, actor: Actor, account: str
    ) -> None:
        """Where the provider said no, the money goes by hand, and what still runs is ended."""
        stage = await _stage(uow, withdrawal)
        if stage not in {WithdrawalStage.ACCOUNT_NEEDED, WithdrawalStage.TO_TRANSFER}:
            return
        held.fan.transfer_to = read_account(account)
        if stage is WithdrawalStage.ACCOUNT_NEEDED:
            withdrawal.due_at = transfer_due(self._clock.now())
            if held.subscription.ended_at is None:
                withdrawal.operation_id = (await self._ask_provider(uow, held, None, actor)).id
        uow.session.add_all([held.fan, withdrawal])
        self._tell(uow, held.subscription)

    async def _ask_provider(
        self, uow: UnitOfWork, held: _Held, to_return: Payment | None, actor: Actor
    ) -> Operation:
        """Have the payment returned and the subscription ended; only ended, without `to_return`."""
        kind = OperationKind.REFUND if to_return else OperationKind.CANCEL_NOW
        wanted = requesting.new_operation(held.subscription, kind, actor, self._clock.now())
        if to_return:
            wanted.payment_id, wanted.unique_key = to_return.id, f"refund:{to_return.id}"
        else:
            wanted.unique_key = f"{kind.value}:{held.subscription.id}"
        operation = await requesting.request(uow, wanted)
        # The sweep finds it if this never runs.
        uow.after_commit(lambda: self._enqueue(operation.id))
        return operation

    async def _held(self, uow: UnitOfWork, creator: CreatorId, subscription_id: SubscriptionId) -> _Held:
        """Raises: NotFound."""
        found = await uow.session.scalars(
            select(Subscription).where(
                col(Subscription.id) == subscription_id, col(Subscription.creator_id) == creator
            )
        )
        subscription = found.one_or_none()
        if subscription is None:
            raise NotFound
        fan = await membership.lock_fan(uow, creator, subscription.fan_id)
        await uow.session.refresh(subscription)
        payments = await payments_of(uow, subscription)
        covers = (await uow.session.get_one(Creator, creator)).covers_renewals
        since = withdrawable_since(subscription, payments, covers_renewals=covers)
        return _Held(fan, subscription, last_paid(payments), since)

    async def _written(
        self, uow: UnitOfWork, held: _Held, withdrawal: Withdrawal, what: Happening, actor: Actor
    ) -> None:
        now = self._clock.now()
        uow.session.add(
            SubscriptionChange(
                creator_id=withdrawal.creator_id,
                subscription_id=withdrawal.subscription_id,
                # To the second, as the provider dates what follows from it: the cause comes first.
                at=now.replace(microsecond=0),
                what=what,
                amount=withdrawal.amount,
                actor_kind=actor.kind,
                actor_id=actor.id,
            )
        )
        await audit.record(
            uow,
            withdrawal.creator_id,
            actor,
            f"withdrawal.{what.value}",
            at=now,
            subject_kind="subscription",
            subject_id=withdrawal.subscription_id,
            details={"protocol": withdrawal.protocol},
        )
        self._tell(uow, held.subscription)

    def _tell(self, uow: UnitOfWork, subscription: Subscription) -> None:
        change = Change(subscriptions=frozenset({subscription.id}), list_tasks=True)
        uow.after_commit(lambda: self._feed.publish(creator_channel(subscription.creator_id), change))


async def _stage(uow: UnitOfWork, withdrawal: Withdrawal) -> WithdrawalStage:
    operation = await uow.session.get_one(Operation, withdrawal.operation_id)
    payment = await uow.session.get_one(Payment, withdrawal.payment_id)
    return stage_of(
        due_at=withdrawal.due_at,
        done_at=withdrawal.done_at,
        was_refused=operation.status is OperationStatus.REFUSED,
        paid=facts_in(payment),
    )


async def _forget_account(uow: UnitOfWork, fan: Fan) -> None:
    """The account is kept no longer than somebody owes something to it."""
    others = await uow.session.scalars(
        select(col(Withdrawal.id)).where(
            col(Withdrawal.fan_id) == fan.id,
            col(Withdrawal.due_at).is_not(None),
            col(Withdrawal.done_at).is_(None),
        )
    )
    if others.first() is None:
        fan.transfer_to = None
        uow.session.add(fan)


def _protocol(now: datetime) -> str:
    """The day in São Paulo and what nobody can guess: `20261125-7K3F9QX`."""
    made = "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM))
    return f"{sao_paulo_day(now):%Y%m%d}-{made}"
