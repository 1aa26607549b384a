"""Builds creators, plans, fans and subscriptions for tests; statuses and dates follow from the facts."""

# ruff: noqa: ANN401 - fields are handed on to the models as they are

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lastlink_ui.accounts.models import Creator
from lastlink_ui.core.actor import SYSTEM
from lastlink_ui.core.clock import Clock
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.core.period import Period, add_months
from lastlink_ui.db import Database
from lastlink_ui.plans.models import Plan
from lastlink_ui.subscribers.counters import cell_of, move
from lastlink_ui.subscribers.lifecycle import (
    Method,
    PaymentFacts,
    PaymentStatus,
    access_until,
    entitled_until,
    facts_of,
    status_of,
)
from lastlink_ui.subscribers.models import (
    Entitlement,
    Fan,
    ListTask,
    Membership,
    MembershipChange,
    MembershipReason,
    Payment,
    Subscription,
    Wish,
)
from lastlink_ui.subscribers.normalise import search_text, sort_name

_serial = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Subscriber:
    """One subscription with everything around it."""

    fan: Fan
    subscription: Subscription
    payments: tuple[Payment, ...]


class World:
    """Everything that it makes is committed when its method returns."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def creator(self, handle: str = "", **fields: Any) -> Creator:
        """A creator who cannot sign in: the password is no hash."""
        handle = handle or f"criadora{next(_serial)}"
        values: dict[str, Any] = {
            "email": f"{handle}@example.com",
            "password_hash": "-",
            "name": handle.title(),
            "created_at": self._clock.now(),
        }
        creator = Creator(handle=handle, **values | fields)
        async with self._database.unit_of_work() as uow:
            uow.session.add(creator)
        return creator

    async def plan(self, creator: Creator, name: str = "Mensal", **fields: Any) -> Plan:
        """A plan; monthly and R$ 29,90 unless said otherwise."""
        values: dict[str, Any] = {
            "amount": 2990,
            "period": Period.MONTHLY,
            "created_at": self._clock.now(),
        }
        plan = Plan(creator_id=creator.id, name=name, **values | fields)
        async with self._database.unit_of_work() as uow:
            uow.session.add(plan)
        return plan

    async def fan(self, creator: Creator, name: str = "Beatriz Ribeiro", **fields: Any) -> Fan:
        """A fan of `creator`; handle and e-mail are made up where none is given."""
        return await self._new_fan(creator.id, name, **fields)

    async def _new_fan(self, creator: CreatorId, name: str, **fields: Any) -> Fan:
        number = next(_serial)
        handle = fields.pop("handle", f"perfil{number}")
        email = fields.pop("email", f"pessoa{number}@example.com")
        values: dict[str, Any] = {"created_at": self._clock.now()}
        fan = Fan(
            creator_id=creator,
            name=name,
            handle=handle,
            email=email,
            sort_name=sort_name(name),
            search_text=search_text(name, handle, email),
            **values | fields,
        )
        async with self._database.unit_of_work() as uow:
            uow.session.add(fan)
        return fan

    async def subscriber(
        self,
        plan: Plan,
        name: str = "Beatriz Ribeiro",
        *,
        fan: Fan | None = None,
        handle: str | None = None,
        email: str | None = None,
        method: Method = Method.CARD,
        started_at: datetime | None = None,
        payments: Sequence[PaymentFacts] | None = None,
        cancel_at_period_end: bool = False,
        ended_at: datetime | None = None,
        in_list: bool | None = None,
        wish: Wish | None = None,
        **fields: Any,
    ) -> Subscriber:
        """A subscription and what hangs on it; by default one paid period that began `started_at`.

        It is in the list while its facts entitle it to be, unless `in_list` says otherwise.
        """
        now = self._clock.now()
        started_at = started_at or now - timedelta(days=2)
        if payments is None:
            payments = [paid(plan, started_at, method=method)]
        facts = facts_of(
            cancel_at_period_end=cancel_at_period_end,
            canceled_at=now if cancel_at_period_end or ended_at else None,
            ended_at=ended_at,
            payments=payments,
        )
        until = entitled_until(facts)
        if in_list is None:
            in_list = until is not None and now < until
        if fan is None:
            optional = {"handle": handle, "email": email}
            fan = await self._new_fan(
                plan.creator_id, name, **{key: value for key, value in optional.items() if value}
            )
        number = next(_serial)
        subscription = Subscription(
            creator_id=plan.creator_id,
            fan_id=fan.id,
            plan_id=plan.id,
            amount=fields.pop("amount", plan.amount),
            period=plan.period,
            method=method,
            status=status_of(facts),
            started_at=started_at,
            access_until=access_until(facts),
            cancel_at_period_end=cancel_at_period_end,
            canceled_at=facts.canceled_at,
            ended_at=ended_at,
            in_list=in_list,
            provider_subscription_id=f"sub_{number}",
            **fields,
        )
        rows = [_payment(subscription, each, f"in_{number}_{nth}") for nth, each in enumerate(facts.payments)]
        if rows:
            subscription.last_payment_id = rows[-1].id
        reason = MembershipReason.PAID if in_list else MembershipReason.PERIOD_ENDED
        async with self._database.unit_of_work() as uow:
            add = uow.session.add
            add(subscription)
            await uow.session.flush()
            uow.session.add_all(rows)
            await move(uow, None, cell_of(subscription))
            if until is not None:
                add(_entitlement(subscription, until))
            if await uow.session.get(Membership, fan.id) is None and until is not None:
                where: dict[str, Any] = {
                    "fan_id": fan.id,
                    "creator_id": fan.creator_id,
                    "in_list": in_list,
                    "reason": reason,
                    "actor_kind": SYSTEM.kind,
                }
                add(Membership(since=started_at, **where))
                add(MembershipChange(at=started_at, **where))
            if wish:
                add(
                    ListTask(
                        creator_id=fan.creator_id, fan_id=fan.id, wish=wish, reason=reason, created_at=now
                    )
                )
        return Subscriber(fan, subscription, tuple(rows))


def paid(plan: Plan, on: datetime, *, method: Method = Method.CARD, **facts: Any) -> PaymentFacts:
    """One period of `plan` that began, and was paid, at `on`."""
    values: dict[str, Any] = {"status": PaymentStatus.PAID, "paid_at": on}
    return PaymentFacts(
        amount=plan.amount,
        method=method,
        period_start=on,
        period_end=add_months(on, plan.period.months),
        **values | facts,
    )


def _payment(subscription: Subscription, facts: PaymentFacts, invoice: str) -> Payment:
    return Payment(
        creator_id=subscription.creator_id,
        subscription_id=subscription.id,
        amount=facts.amount,
        method=facts.method,
        status=facts.status,
        period_start=facts.period_start,
        period_end=facts.period_end,
        created_at=facts.period_start,
        due_at=facts.due_at,
        paid_at=facts.paid_at,
        refund_status=facts.refund,
        refunded_amount=facts.refunded_amount,
        refunded_at=facts.refunded_at,
        dispute_status=facts.dispute,
        disputed_at=facts.disputed_at,
        provider_invoice_id=invoice,
        provider_payment_intent_id=invoice.replace("in_", "pi_"),
    )


def _entitlement(subscription: Subscription, until: datetime) -> Entitlement:
    return Entitlement(
        creator_id=subscription.creator_id,
        fan_id=subscription.fan_id,
        subscription_id=subscription.id,
        starts_at=subscription.started_at,
        ends_at=until,
    )
