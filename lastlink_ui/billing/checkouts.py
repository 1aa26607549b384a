"""Checkouts: from the filled-in form to the provider's payment page, and back to the return page."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Select, select, union_all
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from lastlink_ui.accounts.models import Creator
from lastlink_ui.billing import outbox
from lastlink_ui.billing.catalogue import Catalogue
from lastlink_ui.billing.duplicates import is_live_of
from lastlink_ui.billing.gateway import CheckoutWanted, Gateways, Payer
from lastlink_ui.billing.models import Checkout, MailKind
from lastlink_ui.core.clock import Clock
from lastlink_ui.core.errors import NotFound, Refused
from lastlink_ui.core.ids import CheckoutId, CreatorId, PlanId, new_id
from lastlink_ui.db import Database
from lastlink_ui.plans.models import Plan
from lastlink_ui.subscribers.fans import Person
from lastlink_ui.subscribers.lifecycle import Method, PaymentStatus, Status
from lastlink_ui.subscribers.models import Fan, Payment, Subscription
from lastlink_ui.subscribers.recording import Voucher

BOLETO_MIN, BOLETO_MAX = 500, 4_999_999
"""In centavos: https://docs.stripe.com/payments/boleto"""
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
    payer: Payer | None = None
    """For a boleto."""

    def fingerprint(self) -> str:
        """One hash for one filled-in form; any change of it makes another."""
        fields = (
            self.nonce,
            self.plan_id,
            self.method,
            self.person.name,
            self.person.handle,
            self.person.email,
            self.payer,
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
    has_expired: bool = False
    """Whether it is a first boleto that nobody paid in time."""
    voucher: Voucher | None = None
    """The boleto that waits to be paid."""
    due_at: datetime | None = None


class Checkouts:
    """Starts checkouts and says how they ended."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        gateways: Gateways,
        secret: str,
        origin: str,
        former: Sequence[str] = (),
    ) -> None:
        """`secret` makes return addresses; those that `former` ones made are still known."""
        self._database = database
        self._clock = clock
        self._gateways = gateways
        self._catalogue = Catalogue(database, clock, gateways)
        self._secrets = [each.encode() for each in (secret, *former)]
        self._origin = origin

    async def start(self, creator: CreatorId, form: Form) -> str:
        """The address of the provider's payment page for this form; the same form finds the same page.

        Raises: NotFound for a plan that is not sold; Refused when the fan has it already;
        NoAccount, ProviderUnavailable, ProviderRefused.
        """
        gateway = await self._gateways.for_creator(creator)
        plan, running = await self._look_up(creator, form)
        if running:
            await self._write_to(running)
            raise Refused("checkout.already_subscribed")
        checkout = await self._written_down(creator, form, plan)
        if checkout.url:
            return checkout.url
        # The key is the checkout's: a failure that the provider remembers must not keep the plan from being
        # sold.
        price_id = await self._catalogue.price_of(gateway, plan, f"price:{checkout.id}")
        hosted = await gateway.create_checkout(
            CheckoutWanted(
                checkout_id=str(checkout.id),
                price_id=price_id,
                method=form.method,
                email=form.person.email or "",
                name=form.person.name,
                payer=form.payer,
                success_url=f"{self._origin}/obrigado/{self._token(checkout.id)}",
                cancel_url=f"{self._origin}/{await self._handle(creator)}",
                metadata={
                    "checkout_id": str(checkout.id),
                    "creator_id": str(creator),
                    "plan_id": str(plan.id),
                    "name": form.person.name,
                    "handle": form.person.handle,
                    **({"tax_id": form.payer.tax_id} if form.payer else {}),
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
                select(Checkout, Plan, Creator, Subscription, Payment)
                .join(Plan, col(Plan.id) == col(Checkout.plan_id))
                .join(Creator, col(Creator.id) == col(Checkout.creator_id))
                .outerjoin(Subscription, col(Subscription.id) == col(Checkout.subscription_id))
                .outerjoin(Payment, col(Payment.id) == col(Subscription.last_payment_id))
                .where(col(Checkout.token_hash) == _hash(token), col(Checkout.expires_at) > self._clock.now())
            )
            row = found.one_or_none()
        if row is None:
            raise NotFound
        checkout, plan, creator, *_ = row
        subscription = cast("Subscription | None", row[3])  # an outer join: there may be none yet
        payment = cast("Payment | None", row[4])
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
            has_expired=payment is not None
            and payment.status is PaymentStatus.EXPIRED
            and subscription is not None
            and subscription.access_until is None,
            voucher=_voucher(payment),
            due_at=payment.due_at if payment else None,
        )

    async def payment_page(self, token: str) -> str:
        """The provider's payment page behind `token`. Raises: NotFound."""
        async with self._database.reading() as session:
            url = await session.scalar(
                select(col(Checkout.url)).where(
                    col(Checkout.token_hash) == _hash(token), col(Checkout.expires_at) > self._clock.now()
                )
            )
        if url is None:
            raise NotFound
        return url

    async def token_of(self, creator: CreatorId, form: Form) -> str:
        """The token of the form's return page. Raises: NotFound for one that was never started."""
        async with self._database.reading() as session:
            found = await session.scalars(_of_form(creator, form))
            checkout = found.one_or_none()
        if checkout is None:
            raise NotFound
        return self._token(checkout.id)

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

    async def _look_up(self, creator: CreatorId, form: Form) -> tuple[Plan, Subscription | None]:
        """The plan, where it is sold, and the fan's subscription to it. Raises: NotFound, Refused."""
        async with self._database.reading() as session:
            plan = await session.get(Plan, form.plan_id)
            if plan is None or plan.creator_id != creator or plan.archived_at:
                raise NotFound("checkout.plan_not_sold")
            if form.method is Method.BOLETO and not BOLETO_MIN <= plan.amount <= BOLETO_MAX:
                raise Refused("checkout.boleto_amount")
            live = await session.scalars(
                select(Subscription).where(
                    col(Subscription.fan_id).in_(_fans_meant(creator, form)),
                    *is_live_of(plan.id),
                )
            )
            return plan, live.first()

    async def _write_to(self, subscription: Subscription) -> None:
        """Tell the fan who has it already by mail, at most once an hour: the screen tells nobody."""
        now = self._clock.now()
        try:
            async with self._database.unit_of_work() as uow:
                cause = f"{subscription.id}:{now:%Y%m%d%H}"
                await outbox.post(uow, MailKind.ALREADY_SUBSCRIBED, cause, subscription, now)
        except IntegrityError:
            pass  # the second of two clicks

    async def _written_down(self, creator: CreatorId, form: Form, plan: Plan) -> Checkout:
        """The row of this form, made before the provider hears of it."""
        mine = _of_form(creator, form)
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

    async def _handle(self, creator: CreatorId) -> str:
        async with self._database.reading() as session:
            return (await session.get_one(Creator, creator)).handle

    def return_address(self, checkout: CheckoutId, token_hash: str) -> str:
        """The address of the checkout's return page, as it was made when the form was sent."""
        made = (self._token(checkout, secret) for secret in self._secrets)
        token = next((each for each in made if _hash(each) == token_hash), self._token(checkout))
        return f"{self._origin}/obrigado/{token}"

    def _token(self, checkout: CheckoutId, secret: bytes | None = None) -> str:
        """The 256-bit token of the return page: derived, so that a retry sends the same address."""
        return hmac.new(secret or self._secrets[0], checkout.bytes, hashlib.sha256).hexdigest()


def _of_form(creator: CreatorId, form: Form) -> Select[Checkout]:
    return select(Checkout).where(
        col(Checkout.creator_id) == creator, col(Checkout.fingerprint) == form.fingerprint()
    )


def _fans_meant(creator: CreatorId, form: Form) -> Any:  # noqa: ANN401 - a subquery of ids
    """The fans that the form may be of: by e-mail, profile or tax id; an index for each."""
    tax_id = form.payer.tax_id if form.payer else form.person.tax_id
    meant = [col(Fan.email) == form.person.email, col(Fan.handle) == form.person.handle]
    if tax_id:
        meant.append(col(Fan.tax_id) == tax_id)
    known = (col(Fan.creator_id) == creator, col(Fan.erased_at).is_(None))
    return union_all(*(select(col(Fan.id)).where(*known, each) for each in meant))


def _voucher(payment: Payment | None) -> Voucher | None:
    if payment is None or not payment.voucher_line or not payment.voucher_url:
        return None
    return Voucher(payment.voucher_line, payment.voucher_url)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
