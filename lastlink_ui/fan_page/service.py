"""What a fan may do on the own page: every method finds the subscription among the fan's own first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from lastlink_ui.billing.gateway import Gateways
from lastlink_ui.billing.service import BillingService
from lastlink_ui.billing.withdrawals import Withdrawals
from lastlink_ui.core.actor import Actor, ActorKind
from lastlink_ui.core.clock import Clock
from lastlink_ui.core.errors import NotFound
from lastlink_ui.core.ids import CreatorId, FanId, PaymentId, PlanId, SubscriptionId
from lastlink_ui.core.period import Period
from lastlink_ui.db import Database
from lastlink_ui.fan_page.access import FanAccess, SignedInFan
from lastlink_ui.fan_page.holdings import Holding, holdings_of, payment_of
from lastlink_ui.privacy.export import Document
from lastlink_ui.privacy.service import Privacy
from lastlink_ui.subscribers.lifecycle import Method
from lastlink_ui.subscribers.models import Subscription


@dataclass(frozen=True, slots=True)
class Receipt:
    """A paid payment, as its receipt says it. Amounts in centavos."""

    id: PaymentId
    creator_name: str
    creator_handle: str
    plan_name: str
    amount: int
    refunded_amount: int
    method: Method
    period: Period
    paid_at: datetime
    period_start: datetime
    period_end: datetime


class FanPage:
    """Raises NotFound for whatever is another fan's, as for what is not there."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        gateways: Gateways,
        billing: BillingService,
        withdrawals: Withdrawals,
        privacy: Privacy,
        access: FanAccess,
        origin: str,
    ) -> None:
        self._database = database
        self._clock = clock
        self._gateways = gateways
        self._billing = billing
        self._withdrawals = withdrawals
        self._privacy = privacy
        self._access = access
        self._origin = origin

    async def holdings(self, fan: SignedInFan) -> list[Holding]:
        """Every subscription of the fan's, at every creator."""
        async with self._database.reading() as session:
            return await holdings_of(session, fan.fans, self._clock.now())

    async def cancel(self, fan: SignedInFan, subscription_id: SubscriptionId) -> None:
        """End it with its paid period, or at once if never paid. Raises: NotFound, ActionRefused."""
        mine = await self._mine(fan, subscription_id)
        at_once = mine.access_until is None
        await self._billing.cancel(mine.creator_id, mine.id, _actor(mine), at_once=at_once)

    async def undo_cancel(self, fan: SignedInFan, subscription_id: SubscriptionId) -> None:
        """Let it renew again. Raises: NotFound, ActionRefused."""
        mine = await self._mine(fan, subscription_id)
        await self._billing.undo_cancel(mine.creator_id, mine.id, _actor(mine))

    async def change_plan(self, fan: SignedInFan, subscription_id: SubscriptionId, plan_id: PlanId) -> None:
        """Have the next charge be for another plan. Raises: NotFound, ActionRefused."""
        mine = await self._mine(fan, subscription_id)
        await self._billing.change_plan(mine.creator_id, mine.id, plan_id, _actor(mine))

    async def withdraw(self, fan: SignedInFan, subscription_id: SubscriptionId, account: str) -> None:
        """Withdraw from the purchase (art. 49). Raises: NotFound, ActionRefused, InvalidInput."""
        mine = await self._mine(fan, subscription_id)
        await self._withdrawals.withdraw(mine.creator_id, mine.id, _actor(mine), account)

    async def card_page(self, fan: SignedInFan, subscription_id: SubscriptionId) -> str:
        """The provider's page for another card.

        Raises: NotFound, NoAccount, ProviderUnavailable, ProviderRefused.
        """
        mine = await self._mine(fan, subscription_id)
        if mine.provider_subscription_id is None or mine.method is not Method.CARD or mine.status.is_over:
            raise NotFound
        gateway = await self._gateways.for_creator(mine.creator_id)
        return await gateway.card_page(mine.provider_subscription_id, f"{self._origin}/minha-assinatura")

    async def receipt(self, fan: SignedInFan, payment_id: PaymentId) -> Receipt:
        """The receipt of a paid payment. Raises: NotFound."""
        async with self._database.reading() as session:
            found = await payment_of(session, fan.fans, payment_id)
        if found is None or found[0].paid_at is None:
            raise NotFound
        payment, subscription, plan, creator = found
        return Receipt(
            id=payment.id,
            creator_name=creator.name,
            creator_handle=creator.handle,
            plan_name=plan.name,
            amount=payment.amount,
            refunded_amount=payment.refunded_amount,
            method=payment.method,
            period=subscription.period,
            paid_at=found[0].paid_at,
            period_start=payment.period_start,
            period_end=payment.period_end,
        )

    async def export(self, fan: SignedInFan) -> list[Document]:
        """Everything that is kept of the fan, a document for each creator."""
        return [await self._privacy.export_of_fan(creator, each) for creator, each in fan.fans]

    async def delete(self, fan: SignedInFan, creator: CreatorId) -> None:
        """Have that creator forget the fan. Raises: NotFound, ErasureRefused."""
        if (there := fan.at(creator)) is None:
            raise NotFound
        if other := next((each for _, each in fan.fans if each != there), None):
            await self._access.hold_on_to(fan.session_id, other)
        await self._privacy.delete_fan(creator, there, Actor(ActorKind.FAN, str(there)))

    async def _mine(self, fan: SignedInFan, subscription_id: SubscriptionId) -> Subscription:
        async with self._database.reading() as session:
            found = await session.scalars(
                select(Subscription).where(
                    col(Subscription.id) == subscription_id,
                    col(Subscription.fan_id).in_([each for _, each in fan.fans]),
                )
            )
            mine = found.one_or_none()
        if mine is None:
            raise NotFound
        return mine


def _actor(subscription: Subscription) -> Actor:
    return Actor(ActorKind.FAN, str(FanId(subscription.fan_id)))
