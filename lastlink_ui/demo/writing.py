"""Turns stories into rows of our tables: a fan, what they pay for, and their place in the list."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

from lastlink_ui.core.actor import PROVIDER, SYSTEM, Actor, ActorKind
from lastlink_ui.core.ids import CreatorId, PlanId
from lastlink_ui.core.money import CURRENCY
from lastlink_ui.demo.bulk import insert_rows
from lastlink_ui.demo.names import MadeUp
from lastlink_ui.demo.stories import Story, Terms
from lastlink_ui.subscribers.lifecycle import PaymentFacts, Standing, Status, standing
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

_LEFT_BECAUSE = {
    Status.CANCELED: MembershipReason.PERIOD_ENDED,
    Status.REFUNDED: MembershipReason.REFUNDED,
    Status.CHARGED_BACK: MembershipReason.CHARGED_BACK,
    Status.PAYMENT_PENDING: MembershipReason.PAYMENT_OVERDUE,
    Status.ACTIVE: MembershipReason.PERIOD_ENDED,
}
_REMOVED, _READDED = 0.03, 0.02
_TASKS_FOR = timedelta(days=14)
_OPEN_FOR = timedelta(hours=40)
_MOST_OPEN = 24


TABLES = (Fan, Subscription, Payment, Entitlement, Membership, MembershipChange, ListTask)
"""What is written, the referred tables first."""


@dataclass(frozen=True, slots=True)
class Deal:
    """What somebody agreed to and how it went, with the number that the provider's ids are made of."""

    plan: PlanId
    terms: Terms
    story: Story
    number: int


@dataclass(frozen=True, slots=True)
class _Change:
    at: datetime
    in_list: bool
    reason: MembershipReason
    actor: Actor


class Sheaf:
    """Rows that wait to be written together."""

    def __init__(self) -> None:
        self._rows: defaultdict[type[SQLModel], list[Sequence[Any]]] = defaultdict(list)
        self._columns: dict[type[SQLModel], Sequence[str]] = {}

    def add(self, model: type[SQLModel], **values: Any) -> None:  # noqa: ANN401 - the columns of `model`
        """Take one more row; every row of a table must name the same columns in the same order."""
        if model not in self._columns:
            self._columns[model] = tuple(values)
        self._rows[model].append(tuple(values.values()))

    async def write(self, session: AsyncSession) -> None:
        """Insert what waits, the referred tables first, and wait for more."""
        for model in TABLES:
            if model in self._columns:
                await insert_rows(session, model, self._columns[model], self._rows[model])
        self._rows.clear()


class Writer:
    """Writes one creator's fans into its sheaf; the same chance writes the same rows."""

    def __init__(self, chance: random.Random, creator: CreatorId, now: datetime) -> None:
        self.sheaf = Sheaf()
        self._chance = chance
        self._creator = creator
        self._now = now
        self._open_tasks = 0

    def fan(self, person: MadeUp, deals: Sequence[Deal]) -> None:
        """A fan with their subscriptions, the earliest first."""
        fan, began = self._id(deals[0].story.started_at), deals[0].story.started_at
        stands = [standing(deal.story.facts) for deal in deals]
        changes = self._changes(deals, stands)
        in_list = bool(changes) and changes[-1].in_list
        self.sheaf.add(
            Fan,
            id=fan,
            creator_id=self._creator,
            email=person.email,
            name=person.name,
            handle=person.handle,
            sort_name=sort_name(person.name),
            search_text=search_text(person.name, person.handle, person.email),
            provider_customer_id=customer_id(deals[0].number),
            created_at=began,
        )
        for deal, stands_so in zip(deals, stands, strict=True):
            self._subscription(fan, deal, stands_so, in_list=in_list)
        self._membership(fan, changes)

    def _subscription(self, fan: UUID, deal: Deal, stands: Standing, *, in_list: bool) -> None:
        story, terms = deal.story, deal.terms
        identity = self._id(story.started_at)
        payments = [self._id(payment.period_start) for payment in story.facts.payments]
        self.sheaf.add(
            Subscription,
            id=identity,
            creator_id=self._creator,
            fan_id=fan,
            plan_id=deal.plan,
            amount=terms.amount,
            currency=CURRENCY,
            period=terms.period,
            method=story.facts.payments[-1].method,
            status=stands.status,
            started_at=story.started_at,
            access_until=stands.access_until,
            cancel_at_period_end=story.facts.cancel_at_period_end,
            canceled_at=story.facts.canceled_at,
            ended_at=story.facts.ended_at,
            in_list=in_list,
            last_payment_id=payments[-1],
            provider_subscription_id=subscription_id(deal.number),
            revision=1,
        )
        for nth, payment in enumerate(story.facts.payments):
            self._payment(identity, payments[nth], payment, provider_number(deal.number, nth))
        if stands.entitled_until is not None:
            starts = min(p.period_start for p in story.facts.payments if p.is_paid)
            ends = max(starts, stands.entitled_until)
            self.sheaf.add(
                Entitlement,
                id=self._id(starts),
                creator_id=self._creator,
                fan_id=fan,
                subscription_id=identity,
                starts_at=starts,
                ends_at=ends,
                settled_at=ends if ends <= self._now else None,
                note="",
            )

    def _payment(self, subscription: UUID, identity: UUID, facts: PaymentFacts, number: str) -> None:
        self.sheaf.add(
            Payment,
            id=identity,
            creator_id=self._creator,
            subscription_id=subscription,
            amount=facts.amount,
            currency=CURRENCY,
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
            attempts=facts.attempts,
            provider_invoice_id=f"in_{number}",
            provider_payment_intent_id=f"pi_{number}",
        )

    def _changes(self, deals: Sequence[Deal], stands: Sequence[Standing]) -> list[_Change]:
        """How the fan came into the list and left it."""
        changes: list[_Change] = []
        for deal, stands_so in zip(deals, stands, strict=True):
            paid = [payment.paid_at for payment in deal.story.facts.payments if payment.paid_at]
            until = stands_so.entitled_until
            if not paid or until is None:
                continue
            entered = min(paid)
            changes.append(_Change(entered, True, MembershipReason.PAID, PROVIDER))  # noqa: FBT003
            if until <= self._now:
                reason = _LEFT_BECAUSE[stands_so.status]
                actor = SYSTEM if reason is MembershipReason.PERIOD_ENDED else PROVIDER
                changes.append(_Change(max(until, entered), False, reason, actor))  # noqa: FBT003
        if changes and changes[-1].in_list:
            changes += self._by_creator(changes[-1].at)
        return changes

    def _by_creator(self, since: datetime) -> list[_Change]:
        """A few were taken out of the list by hand, and some of those put back."""
        roll = self._chance.random()
        if roll >= _REMOVED + _READDED:
            return []
        creator = Actor(ActorKind.CREATOR, str(self._creator))
        removed_at = since + (self._now - since) * self._chance.random()
        removed = _Change(removed_at, False, MembershipReason.REMOVED_BY_CREATOR, creator)  # noqa: FBT003
        if roll < _REMOVED:
            return [removed]
        back_at = removed_at + (self._now - removed_at) * self._chance.random()
        return [removed, _Change(back_at, True, MembershipReason.READDED_BY_CREATOR, creator)]  # noqa: FBT003

    def _membership(self, fan: UUID, changes: Sequence[_Change]) -> None:
        if not changes:
            return
        for change in changes:
            self.sheaf.add(
                MembershipChange,
                id=self._id(change.at),
                creator_id=self._creator,
                fan_id=fan,
                at=change.at,
                in_list=change.in_list,
                reason=change.reason,
                actor_kind=change.actor.kind,
                actor_id=change.actor.id,
                request_id="",
            )
        last = changes[-1]
        self.sheaf.add(
            Membership,
            fan_id=fan,
            creator_id=self._creator,
            in_list=last.in_list,
            since=last.at,
            reason=last.reason,
            actor_kind=last.actor.kind,
            actor_id=last.actor.id,
        )
        if last.at > self._now - _TASKS_FOR:
            self._task(fan, last)

    def _task(self, fan: UUID, change: _Change) -> None:
        done_at: datetime | None = change.at + (self._now - change.at) * self._chance.random()
        if self._now - change.at < _OPEN_FOR and self._open_tasks < _MOST_OPEN:
            self._open_tasks += 1
            done_at = None
        self.sheaf.add(
            ListTask,
            id=self._id(change.at),
            creator_id=self._creator,
            fan_id=fan,
            wish=Wish.ADD if change.in_list else Wish.REMOVE,
            reason=change.reason,
            created_at=change.at,
            done_at=done_at,
        )

    def _id(self, at: datetime) -> UUID:
        return id_at(at, self._chance)


def id_at(at: datetime, chance: random.Random) -> UUID:
    """A UUIDv7 of that instant (RFC 9562, section 5.7), the same for the same chance.

    The twelve bits behind the instant are left for the number of a copy (`copies.py`).
    """
    milliseconds = int(at.timestamp() * 1000)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | 0b10 << 62 | chance.getrandbits(62))


def customer_id(number: int) -> str:
    """The provider's id of the customer of deal `number`."""
    return f"cus_demo{number:07}"


def subscription_id(number: int) -> str:
    """The provider's id of the subscription of deal `number`."""
    return f"sub_demo{number:07}"


def provider_number(number: int, nth: int) -> str:
    """What the provider's ids of a payment of deal `number` end with."""
    return f"demo{number:07}{nth:02}"
