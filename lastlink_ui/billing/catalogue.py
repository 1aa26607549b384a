"""The provider's catalogue follows the plans: made, renamed, priced anew, no longer offered."""

from datetime import timedelta

import structlog
from sqlalchemy import select
from sqlmodel import col

from lastlink_ui.billing.gateway import (
    Gateway,
    Gateways,
    NoAccount,
    PlanListed,
    ProviderError,
    ProviderUnavailable,
)
from lastlink_ui.core.clock import Clock
from lastlink_ui.db import Database
from lastlink_ui.plans.models import Plan

_AT_A_TIME = 50
_AGAIN_AFTER = timedelta(minutes=1)
_REFUSED_AGAIN_AFTER = timedelta(hours=1)

log = structlog.get_logger()


class Catalogue:
    """Brings each plan's product and price in step, outside any transaction, until the provider has it.

    What is due is written with the change itself, so that no change is forgotten; a change made while the
    provider is being asked is due again.
    """

    def __init__(self, database: Database, clock: Clock, gateways: Gateways) -> None:
        self._database = database
        self._clock = clock
        self._gateways = gateways

    async def keep(self) -> int:
        """Bring in step what is due; how many plans are now."""
        return sum([await self._try(plan) for plan in await self._due()])

    async def list_now(self, gateway: Gateway, plan: Plan, key: str) -> str:
        """Bring `plan` in step with what it says now; the provider's price of it.

        Raises: ProviderUnavailable, ProviderRefused.
        """
        asked = _listed(plan)
        price = await gateway.list_plan(asked, key)
        async with self._database.unit_of_work() as uow:
            row = await uow.session.get_one(Plan, plan.id, with_for_update=True)
            row.provider_product_id = price.product_id
            if (row.amount, row.period) == (plan.amount, plan.period):
                row.provider_price_id = price.price_id
            if row.catalogue_due_at == plan.catalogue_due_at and _terms(_listed(row)) == _terms(asked):
                row.catalogue_due_at = None
        return price.price_id

    async def price_of(self, gateway: Gateway, plan: Plan, key: str) -> str:
        """The provider's price of `plan`, made where there is none yet. Raises: as `list_now`."""
        return plan.provider_price_id or await self.list_now(gateway, plan, key)

    async def _due(self) -> list[Plan]:
        async with self._database.reading() as session:
            found = await session.scalars(
                select(Plan)
                .where(col(Plan.catalogue_due_at) <= self._clock.now())
                .order_by(col(Plan.catalogue_due_at))
                .limit(_AT_A_TIME)
            )
            return list(found)

    async def _try(self, plan: Plan) -> bool:
        """When it was due is in the key: each attempt has its own, written down before it is used."""
        at = plan.catalogue_due_at
        try:
            gateway = await self._gateways.for_creator(plan.creator_id)
            await self.list_now(gateway, plan, f"plan:{plan.id}:{at:%Y%m%d%H%M%S%f}")
        except NoAccount:
            # Keys that are entered make all of the creator's plans due.
            await self._put_off(plan, None)
        except ProviderUnavailable as failure:
            log.warning("catalogue_unavailable", plan_id=str(plan.id), reason=failure.code)
            await self._put_off(plan, _AGAIN_AFTER)
        except ProviderError as refusal:
            log.warning("catalogue_refused", plan_id=str(plan.id), reason=refusal.code)
            await self._put_off(plan, _REFUSED_AGAIN_AFTER)
        else:
            return True
        return False

    async def _put_off(self, plan: Plan, wait: timedelta | None) -> None:
        async with self._database.unit_of_work() as uow:
            row = await uow.session.get_one(Plan, plan.id, with_for_update=True)
            if row.catalogue_due_at == plan.catalogue_due_at:
                row.catalogue_due_at = self._clock.now() + wait if wait else None


def _listed(plan: Plan) -> PlanListed:
    return PlanListed(
        plan_id=str(plan.id),
        name=plan.name,
        description=plan.description,
        amount=plan.amount,
        period=plan.period,
        is_offered=plan.archived_at is None,
        product_id=plan.provider_product_id,
    )


def _terms(plan: PlanListed) -> tuple[object, ...]:
    """What the provider is told, apart from what it calls the plan."""
    return plan.name, plan.description, plan.amount, plan.period, plan.is_offered
