"""Checkouts: from the filled-in form to the provider's payment page, and back to the return page."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from lastlink_ui.accounts.models import Creator
from lastlink_ui.billing.gateway import CheckoutWanted, Gateway, Gateways, PriceWanted
from lastlink_ui.billing.models import Checkout
from lastlink_ui.core.clock import Clock
from lastlink_ui.core.errors import NotFound, Refused
from lastlink_ui.core.ids import CheckoutId, CreatorId, PlanId, new_id
from lastlink_ui.db import Database
from lastlink_ui.plans.models import Plan
from lastlink_ui.subscribers.fans import Person
from lastlink_ui.subscribers.lifecycle import Method, Status
from lastlink_ui.subscribers.models import Fan, Subscription

TOKEN_LIFE = timedelta(days=30)
"""How long the return page stays open: a boleto takes days to be paid and confirmed."""
_FIRST_LOOK = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Form:
    """What a fan filled in, already normalised."""

    plan_id: PlanId
    method: Method
    person: Person
    nonce: str
    """Random text of the page that was filled in: the same form sent twice carries the same one."""

    def fingerprint(self) -> str:
        """One hash for one filled-in form; any change of it makes another."""
        fields = (
            self.nonce,
            self.plan_id,
            self.method,
            self.person.name,
            self.person.handle,
            self.person.email,
        )
        return hashlib.sha256("\0".join(str(value) for value in fields).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What the return page may show."""

    checkout_id: CheckoutId
    creator_id: CreatorId
    creator_name: str
    creator_handle: str
    plan_name: str
    amount: int
    period: str
    method: Method
    status: Status | None
    """None until the provider's subscription is known here."""
    renews_at: datetime | None
    """When the next charge is due; None while nothing is paid, and when nothing more will be charged."""
    access_text: str
    access_link: str


class Checkouts:
    """Starts checkouts and says how they ended."""

    def __init__(
        self, database: Database, clock: Clock, gateways: Gateways, secret: str, origin: str
    ) -> None:
        self._database = database
        self._clock = clock
        self._gateways = gateways
        self._secret = secret.encode()
        self._origin = origin

    async def start(self, creator: CreatorId, form: Form) -> str:
        """The address of the provider's payment page for this form; the same form finds the same page.

        Raises: NotFound for a plan that is not sold; Refused when the fan has it already;
        NoAccount, ProviderUnavailable, ProviderRefused.
        """
        gateway = await self._gateways.for_creator(creator)
        plan, known_customer = await self._may_start(creator, form)
        checkout = await self._written_down(creator, form, plan)
        if checkout.url:
            return checkout.url
        price_id = plan.provider_price_id or await self._price(gateway, plan, checkout.id)
        hosted = await gateway.create_checkout(
            CheckoutWanted(
                checkout_id=str(checkout.id),
                price_id=price_id,
                method=form.method,
                email=form.person.email or "",
                name=form.person.name,
                customer_id=known_customer,
                success_url=f"{self._origin}/obrigado/{self._token(checkout.id)}",
                cancel_url=f"{self._origin}/{await self._handle(creator)}",
                metadata={
                    "checkout_id": str(checkout.id),
                    "creator_id": str(creator),
                    "plan_id": str(plan.id),
                    "name": form.person.name,
                    "handle": form.person.handle,
                },
            ),
            key=f"checkout:{checkout.id}",
        )
        async with self._database.unit_of_work() as uow:
            row = await uow.session.get_one(Checkout, checkout.id)
            row.provider_session_id, row.url = hosted.session_id, hosted.url
            uow.session.add(row)
        return hosted.url

    async def confirmation(self, token: str) -> Confirmation:
        """What the return page behind `token` shows now. Raises: NotFound, also for an expired token."""
        async with self._database.reading() as session:
            found = await session.execute(
                select(Checkout, Plan, Creator, Subscription)
                .join(Plan, col(Plan.id) == col(Checkout.plan_id))
                .join(Creator, col(Creator.id) == col(Checkout.creator_id))
                .outerjoin(Subscription, col(Subscription.id) == col(Checkout.subscription_id))
                .where(col(Checkout.token_hash) == _hash(token), col(Checkout.expires_at) > self._clock.now())
            )
            row = found.one_or_none()
        if row is None:
            raise NotFound
        checkout, plan, creator, _ = row
        subscription = cast("Subscription | None", row[3])  # an outer join: there may be none yet
        paid = subscription is not None and subscription.status is Status.ACTIVE
        return Confirmation(
            checkout_id=checkout.id,
            creator_id=creator.id,
            creator_name=creator.name,
            creator_handle=creator.handle,
            plan_name=plan.name,
            amount=checkout.amount,
            period=plan.period,
            method=checkout.method,
            status=subscription.status if subscription else None,
            renews_at=subscription.access_until if subscription and paid else None,
            access_text=plan.access_text if paid else "",
            access_link=plan.access_link if paid else "",
        )

    async def provider_subscription(self, token: str) -> str | None:
        """The provider's subscription behind the return page, asked of the provider itself.

        For a fan who comes back before the news do, or whose news were lost.
        """
        async with self._database.reading() as session:
            found = await session.scalars(select(Checkout).where(col(Checkout.token_hash) == _hash(token)))
            checkout = found.one_or_none()
        if checkout is None or checkout.provider_session_id is None:
            return None
        gateway = await self._gateways.for_creator(checkout.creator_id)
        return (await gateway.checkout(checkout.provider_session_id)).subscription_id

    async def _may_start(self, creator: CreatorId, form: Form) -> tuple[Plan, str | None]:
        """The plan, and the provider's customer of a fan who is known."""
        async with self._database.reading() as session:
            plan = await session.get(Plan, form.plan_id)
            if plan is None or plan.creator_id != creator or plan.archived_at:
                raise NotFound("checkout.plan_not_sold")
            fans = await session.scalars(
                select(Fan).where(col(Fan.creator_id) == creator, col(Fan.email) == form.person.email)
            )
            fan = fans.one_or_none()
            if fan is None:
                return plan, None
            live = await session.scalars(
                select(Subscription).where(
                    col(Subscription.fan_id) == fan.id,
                    col(Subscription.plan_id) == plan.id,
                    col(Subscription.ended_at).is_(None),
                    col(Subscription.access_until).is_not(None),
                )
            )
            if live.first() is not None:
                raise Refused("checkout.already_subscribed")
            return plan, fan.provider_customer_id

    async def _written_down(self, creator: CreatorId, form: Form, plan: Plan) -> Checkout:
        """The row of this form, made before the provider hears of it."""
        mine = select(Checkout).where(
            col(Checkout.creator_id) == creator, col(Checkout.fingerprint) == form.fingerprint()
        )
        checkout_id = CheckoutId(new_id())
        now = self._clock.now()
        try:
            async with self._database.unit_of_work() as uow:
                if known := (await uow.session.scalars(mine)).one_or_none():
                    return known
                made = Checkout(
                    id=checkout_id,
                    creator_id=creator,
                    plan_id=plan.id,
                    method=form.method,
                    amount=plan.amount,
                    fingerprint=form.fingerprint(),
                    token_hash=_hash(self._token(checkout_id)),
                    created_at=now,
                    expires_at=now + TOKEN_LIFE,
                    look_at=now + _FIRST_LOOK,
                )
                uow.session.add(made)
                return made
        except IntegrityError:  # the second of two clicks: the first one's row is there now
            async with self._database.reading() as session:
                return (await session.scalars(mine)).one()

    async def _price(self, gateway: Gateway, plan: Plan, checkout: CheckoutId) -> str:
        """The provider's price for what the plan costs now, kept for the next fan.

        The key is the checkout's: a failure that the provider remembers must not keep the plan from being
        sold, and a price made twice costs nobody anything.
        """
        price = await gateway.create_price(
            PriceWanted(str(plan.id), plan.name, plan.amount, plan.period, plan.provider_product_id),
            key=f"price:{checkout}",
        )
        async with self._database.unit_of_work() as uow:
            row = await uow.session.get_one(Plan, plan.id)
            row.provider_product_id = price.product_id
            if (row.amount, row.period) == (plan.amount, plan.period):
                row.provider_price_id = price.price_id
            uow.session.add(row)
        return price.price_id

    async def _handle(self, creator: CreatorId) -> str:
        async with self._database.reading() as session:
            return (await session.get_one(Creator, creator)).handle

    def _token(self, checkout: CheckoutId) -> str:
        """The 256-bit token of the return page: derived, so that a retry sends the same address."""
        return hmac.new(self._secret, checkout.bytes, hashlib.sha256).hexdigest()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
