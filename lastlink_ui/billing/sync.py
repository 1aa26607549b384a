"""Looks at a subscription at the provider and writes down what it is now: how all news take effect."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from lastlink_ui.accounts import audit
from lastlink_ui.billing import duplicates, outbox
from lastlink_ui.billing.gateway import Gateway, Gateways, SubscriptionSeen
from lastlink_ui.billing.models import Checkout, Operation, OperationStatus
from lastlink_ui.billing.stand import Stand, stand_of
from lastlink_ui.billing.terms import terms_seen
from lastlink_ui.core.actor import PROVIDER, Actor
from lastlink_ui.core.clock import Clock
from lastlink_ui.core.ids import CheckoutId, CreatorId, PlanId, SubscriptionId, parse_id
from lastlink_ui.db import Database, UnitOfWork
from lastlink_ui.live import Change, Feed, checkout_channel, creator_channel
from lastlink_ui.plans.models import Plan
from lastlink_ui.subscribers import fans, membership
from lastlink_ui.subscribers.fans import Person
from lastlink_ui.subscribers.lifecycle import Method, Status
from lastlink_ui.subscribers.membership import Cause
from lastlink_ui.subscribers.models import Fan, MembershipReason, Subscription
from lastlink_ui.subscribers.recording import PaymentRecord, SubscriptionRecord, record
from lastlink_ui.subscribers.terms import Terms

_LOOKS = 5
"""How often to look again because somebody else wrote a look of theirs meanwhile."""

# Written once: building a statement takes longer than asking it.
_IS_IT = (
    col(Subscription.creator_id) == bindparam("creator"),
    col(Subscription.provider_subscription_id) == bindparam("provider_id"),
)
_SUBSCRIPTION = select(Subscription).where(*_IS_IT)
_HELD = select(col(Fan.id)).where(col(Fan.id) == bindparam("fan")).with_for_update()
_COUNTED = (
    update(Subscription)
    .where(col(Subscription.id) == bindparam("it"), col(Subscription.revision) == bindparam("as_of"))
    .values(revision=col(Subscription.revision) + 1)
)
_LATEST_REQUEST = (
    select(col(Operation.actor_kind), col(Operation.actor_id))
    .where(
        col(Operation.subscription_id) == bindparam("subscription"),
        col(Operation.status) == OperationStatus.REQUESTED,
    )
    .order_by(col(Operation.requested_at).desc())
    .limit(1)
)

AlsoDo = Callable[[UnitOfWork], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Written:
    """What a look came to."""

    subscription_id: SubscriptionId
    before: Status | None
    """None where it was not known here."""
    after: Status
    is_changed: bool
    """Whether anything was not as it was already known."""


class StillMoving(Exception):
    """Others kept writing newer looks; whoever brought the news brings it again."""


class _Overtaken:
    """A newer look was written since this one was begun."""


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where a subscription that is new here came from."""

    checkout: Checkout
    plan: Plan


class Synchroniser:
    """Applies what a subscription is at the provider, whatever the news about it said.

    A look is written only where nobody wrote another since it was begun; else the provider is looked at
    again. So each look that is written began after the one before it was, and the last one shows the end:
    any order and any repetition of news converge.
    """

    def __init__(self, database: Database, clock: Clock, feed: Feed, gateways: Gateways) -> None:
        self._database = database
        self._clock = clock
        self._feed = feed
        self._gateways = gateways

    async def sync(
        self,
        creator: CreatorId,
        provider_id: str,
        also_do: AlsoDo,
        actor: Actor = PROVIDER,
        *,
        may_glance: bool = False,
    ) -> Written | None:
        """Apply the creator's subscription as it now is, and `also_do` in the same transaction.

        `may_glance` where there is no news of what moved back, nor of what was paid with: where the rest is
        as known, those are not asked about. None for a subscription that was not sold here, of which
        nothing is written.

        Raises: ProviderUnavailable, ProviderRefused, StillMoving; nothing is written then.
        """
        in_the_way: IntegrityError | None = None
        for _ in range(_LOOKS):
            async with self._database.looking() as connection:
                gateway = await self._gateways.for_creator(creator, connection)
                stand = await stand_of(connection, creator, provider_id)
            seen = await _news(gateway, provider_id, stand, may_glance=may_glance)
            try:
                async with self._database.unit_of_work() as uow:
                    written: Written | _Overtaken | None = None
                    if seen:
                        written = await self._apply(uow, creator, seen, stand, actor)
                    elif stand:
                        written = await self._count(uow, creator, stand)
                    if not isinstance(written, _Overtaken):
                        await also_do(uow)
                        return written
            except IntegrityError as error:
                # Somebody else made the same fan or subscription first: theirs is found the next time.
                in_the_way = error
        raise StillMoving(provider_id) from in_the_way

    async def _apply(
        self,
        uow: UnitOfWork,
        creator: CreatorId,
        seen: SubscriptionSeen,
        stand: Stand | None,
        actor: Actor,
    ) -> "Written | _Overtaken | None":
        """Write the look down, unless a newer one was written since it was begun."""
        # Before the subscription is read: what is read before a lock is had may be old by then.
        fan = await membership.lock_fan(uow, creator, stand.fan_id) if stand else None
        found = await uow.session.scalars(_SUBSCRIPTION, {"creator": creator, "provider_id": seen.id})
        known = found.one_or_none()
        origin = None
        if known is None:
            origin = await self._origin(uow, creator, seen)
            if origin is None:
                return None  # not sold by us: nothing to write
            fan = await self._introduce(uow, origin, seen)
            subscription = _new_subscription(origin, fan, seen)
        else:
            subscription = known
        if fan is None or subscription.revision != (stand.revision if stand else 0):
            return _Overtaken()
        written = await self._write(uow, fan, subscription, seen, actor, is_new=known is None)
        if origin:
            origin.checkout.subscription_id, origin.checkout.look_at = subscription.id, None
            uow.session.add(origin.checkout)
        changed = frozenset({subscription.id})
        change = Change(changed, new=changed if known is None else frozenset(), list_tasks=True)
        checkout = parse_id(seen.metadata.get("checkout_id", ""))
        self._tell(
            uow,
            change,
            creator_channel(creator),
            *([checkout_channel(CheckoutId(checkout))] if checkout else []),
        )
        return written

    async def _count(self, uow: UnitOfWork, creator: CreatorId, stand: Stand) -> "Written | _Overtaken":
        """Nothing new: all that follows was written before. That it was looked at counts all the same."""
        connection = await uow.session.connection()
        if connection.dialect.name != "sqlite":  # which has but one writer
            await connection.execute(_HELD, {"fan": stand.fan_id})
        counted = await connection.execute(_COUNTED, {"it": stand.id, "as_of": stand.revision})
        if not counted.rowcount:
            return _Overtaken()
        self._tell(uow, Change(frozenset({stand.id}), list_tasks=True), creator_channel(creator))
        return Written(stand.id, stand.status, stand.status, is_changed=False)

    async def _write(
        self,
        uow: UnitOfWork,
        fan: Fan,
        subscription: Subscription,
        seen: SubscriptionSeen,
        actor: Actor,
        *,
        is_new: bool,
    ) -> Written:
        now = self._clock.now()
        actor = actor if actor != PROVIDER or is_new else await _doer(uow, subscription, seen)
        before = None if is_new else subscription.status
        had_access = subscription.access_until is not None
        sold = await terms_seen(uow, subscription, seen)
        recorded = await record(
            uow, fan, subscription, _as_record(seen, sold), Cause(MembershipReason.PAID, actor, now)
        )
        after = recorded.stands.status
        if after is not before:
            await audit.record(
                uow,
                subscription.creator_id,
                actor,
                f"subscription.{after.value}",
                at=now,
                subject_kind="subscription",
                subject_id=subscription.id,
            )
        if not had_access and subscription.access_until and subscription.ended_at is None:
            await duplicates.end_if_one_is_live(uow, subscription, now)
        await outbox.after_look(uow, subscription, now, had_access=had_access)
        return Written(subscription.id, before, after, recorded.is_changed)

    async def _origin(self, uow: UnitOfWork, creator: CreatorId, seen: SubscriptionSeen) -> _Origin | None:
        """The creator's checkout that a new subscription came from; None where it is not one of ours.

        What the account says is its owner's to write: it must not reach another creator's checkout.
        """
        checkout_id = parse_id(seen.metadata.get("checkout_id", ""))
        checkout = await uow.session.get(Checkout, checkout_id) if checkout_id else None
        if checkout and checkout.creator_id != creator:
            return None
        plan = await uow.session.get(Plan, checkout.plan_id) if checkout else None
        return _Origin(checkout, plan) if checkout and plan else None

    async def _introduce(self, uow: UnitOfWork, origin: _Origin, seen: SubscriptionSeen) -> Fan:
        person = Person(
            name=seen.metadata.get("name", ""),
            handle=seen.metadata.get("handle", ""),
            email=seen.email,
            tax_id=seen.metadata.get("tax_id") or None,
        )
        fan = await fans.find_or_make(uow, origin.checkout.creator_id, person, self._clock.now())
        fan.provider_customer_id = seen.customer_id
        return fan

    def _tell(self, uow: UnitOfWork, change: Change, *channels: str) -> None:
        async def tell() -> None:
            for channel in channels:
                await self._feed.publish(channel, change)

        uow.after_commit(tell)


async def _news(
    gateway: Gateway, provider_id: str, stand: Stand | None, *, may_glance: bool
) -> SubscriptionSeen | None:
    """The subscription as it now is; None where that is as it was known."""
    if stand is None:
        return await gateway.subscription(provider_id)
    if may_glance:
        seen = await gateway.news_of(provider_id, stand.is_told_nothing_new_by_a_glance)
    else:
        seen = await gateway.subscription(provider_id)
    return None if seen is None or stand.is_told_nothing_new_by(seen) else seen


async def _doer(uow: UnitOfWork, subscription: Subscription, seen: SubscriptionSeen) -> Actor:
    """Whose doing the provider's news are: of whoever asked for a change that is under way just now.

    News of it may come before its own answer does. A dispute is nobody's request.
    """
    if any(payment.facts.is_charged_back for payment in seen.payments):
        return PROVIDER
    found = await uow.session.execute(_LATEST_REQUEST, {"subscription": subscription.id})
    row = found.one_or_none()
    return Actor(row[0], row[1]) if row else PROVIDER


def _new_subscription(origin: _Origin, fan: Fan, seen: SubscriptionSeen) -> Subscription:
    return Subscription(
        creator_id=origin.checkout.creator_id,
        fan_id=fan.id,
        plan_id=PlanId(origin.plan.id),
        amount=seen.amount,
        currency=origin.plan.currency,
        period=origin.plan.period,
        method=Method(origin.checkout.method),
        status=Status.PAYMENT_PENDING,
        started_at=seen.started_at,
        provider_subscription_id=seen.id,
    )


def _as_record(seen: SubscriptionSeen, terms: Terms) -> SubscriptionRecord:
    return SubscriptionRecord(
        cancel_at_period_end=seen.cancel_at_period_end,
        canceled_at=seen.canceled_at,
        ended_at=seen.ended_at,
        payments=[
            PaymentRecord(p.invoice_id, p.payment_intent_id, p.created_at, p.facts, p.voucher)
            for p in seen.payments
        ],
        given_up=seen.given_up,
        terms=terms,
    )
