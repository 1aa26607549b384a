"""The port to the payment provider: what is asked of it and what it says, in our words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from lastlink_ui.core.ids import CreatorId
from lastlink_ui.core.period import Period
from lastlink_ui.subscribers.lifecycle import Method, PaymentFacts, PaymentStatus, RefundStatus
from lastlink_ui.subscribers.recording import Voucher


class ProviderError(Exception):
    """The provider did not do what was asked; `code` is its own word for why, never anything personal."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ProviderUnavailable(ProviderError):
    """No answer, or none that counts: what was asked may have been done. Ask again with the same key."""


class NoAccount(ProviderUnavailable):
    """The creator has no key that can be used: nothing can be asked until there is one."""

    def __init__(self, code: str = "no_account") -> None:
        super().__init__(code)


class ProviderRefused(ProviderError):
    """A definite no: nothing was done."""


class KeyRefused(ProviderRefused):
    """The provider does not accept the key, or the key may not do this."""


@dataclass(frozen=True, slots=True)
class PlanListed:
    """A plan as the provider's catalogue is to have it. Amount in centavos."""

    plan_id: str
    name: str
    description: str
    amount: int
    period: Period
    is_offered: bool
    product_id: str | None = None
    """What the provider calls it; None while it does not know it."""


@dataclass(frozen=True, slots=True)
class Price:
    """The provider's product and price."""

    product_id: str
    price_id: str


@dataclass(frozen=True, slots=True)
class Address:
    """Where a payer lives, in Brazil."""

    line1: str
    """Street and number."""
    line2: str
    """Complement and district."""
    city: str
    state: str
    """Two letters."""
    postal_code: str
    """Eight digits."""


@dataclass(frozen=True, slots=True)
class Payer:
    """Who a boleto is made out to. Handed to the provider; of it only the tax id is kept here, in `fans`."""

    tax_id: str
    """Normalised CPF or CNPJ."""
    address: Address


@dataclass(frozen=True, slots=True)
class CheckoutWanted:
    """A payment page for one fan and one price."""

    checkout_id: str
    price_id: str
    method: Method
    email: str
    name: str
    payer: Payer | None
    success_url: str
    cancel_url: str
    metadata: Mapping[str, str]
    """Comes back with the subscription: which checkout, creator and plan, and who the fan says to be."""


@dataclass(frozen=True, slots=True)
class HostedCheckout:
    """Where the fan pays."""

    session_id: str
    url: str


@dataclass(frozen=True, slots=True)
class CheckoutSeen:
    """How far a payment page came."""

    session_id: str
    subscription_id: str | None
    is_complete: bool
    is_expired: bool
    """Whether nothing can come of it any more."""


@dataclass(frozen=True, slots=True)
class PaymentSeen:
    """One invoice of a subscription with the money that moved for it."""

    invoice_id: str
    payment_intent_id: str | None
    created_at: datetime
    facts: PaymentFacts
    voucher: Voucher | None = None
    product_id: str = ""
    """What it was for; "" where the invoice does not say."""


@dataclass(frozen=True, slots=True)
class SubscriptionSeen:
    """A subscription as it is at the provider now."""

    id: str
    customer_id: str
    email: str | None
    amount: int
    """Each coming period's price in centavos."""
    product_id: str
    """What the next charge is for."""
    started_at: datetime
    current_period_end: datetime | None
    cancel_at_period_end: bool
    canceled_at: datetime | None
    ended_at: datetime | None
    payments: tuple[PaymentSeen, ...]
    given_up: bool = False
    """Whether the provider ended it because nobody paid."""
    metadata: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class RefundSeen:
    """The provider's answer to a refund."""

    id: str
    status: RefundStatus


@dataclass(frozen=True, slots=True)
class ProviderEvent:
    """A verified event: its id, type, time, and the ids of what it is about."""

    id: str
    type: str
    created_at: datetime
    subject: Mapping[str, str]
    account: CreatorId | None = None
    """Whose account it happened in; None for the one that creators share (the sandbox's)."""
    says: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What it says of its object, where that can be held against what is known; never stored."""


@dataclass(frozen=True, slots=True)
class EventPage:
    """Some of an account's events, the newest first."""

    events: tuple[ProviderEvent, ...]
    next: str | None
    """Where the next page begins; None behind the last one."""


@dataclass(frozen=True, slots=True)
class SubscriptionListed:
    """What a list says of a subscription: enough to see whether a closer look is due."""

    id: str
    checkout_id: str
    """The checkout here that it came from; "" for one that was not sold by us."""
    creator: CreatorId | None
    """Whose it is, by what the checkout wrote there."""
    cancel_at_period_end: bool
    ended_at: datetime | None
    invoice_id: str | None
    """The latest invoice; None while it is a draft."""
    invoice_status: PaymentStatus | None


@dataclass(frozen=True, slots=True)
class SubscriptionPage:
    """Some of an account's subscriptions, the newest first."""

    subscriptions: tuple[SubscriptionListed, ...]
    next: str | None
    """Where the next page begins; None behind the last one."""


IsKnown = Callable[[SubscriptionSeen], bool]
"""Whether what a first glance shows is known already."""


class Gateway(Protocol):
    """What the provider can be asked. Every method may raise ProviderUnavailable or ProviderRefused.

    A `key` makes asking twice the same as asking once: it is stored before the call and used by every retry.
    """

    async def list_plan(self, plan: PlanListed, key: str) -> Price:
        """The plan's product as it is to be, and its price; other prices of it are no longer for sale.

        What is there already is found again and not made twice.
        """
        ...

    async def create_checkout(self, wanted: CheckoutWanted, key: str) -> HostedCheckout:
        """A payment page, and the customer behind it."""
        ...

    async def checkout(self, session_id: str) -> CheckoutSeen:
        """How far that payment page came."""
        ...

    async def subscription(self, subscription_id: str) -> SubscriptionSeen:
        """The subscription with its latest payments, as they are now."""
        ...

    async def news_of(self, subscription_id: str, is_known: IsKnown) -> SubscriptionSeen | None:
        """The same, or None where `is_known` says of a first glance that it holds nothing new.

        A glance has nothing of what was paid with, and of what moved back.
        """
        ...

    async def subscriptions(self, after: str | None) -> SubscriptionPage:
        """A page of all subscriptions, ended ones too."""
        ...

    async def events(self, types: Sequence[str], since: datetime | None, after: str | None) -> EventPage:
        """A page of the events of these types since that instant, at most 30 days back."""
        ...

    async def subscription_of_payment(self, payment_intent_id: str) -> str | None:
        """The id of the subscription that the payment was for; None for another kind of payment."""
        ...

    async def refund(self, payment_intent_id: str, operation_id: str, key: str) -> RefundSeen:
        """Return the payment in full."""
        ...

    async def find_refund(self, payment_intent_id: str, operation_id: str) -> RefundSeen | None:
        """The refund that this operation made, where it made one."""
        ...

    async def cancel(self, subscription_id: str, *, at_once: bool, key: str) -> None:
        """End the subscription now, or have it end with the period that is paid."""
        ...

    async def change_price(self, subscription_id: str, price_id: str, key: str) -> None:
        """Have the subscription renew at that price, of the same period; what is paid already stays."""
        ...

    async def card_page(self, subscription_id: str, return_url: str) -> str:
        """The address of the provider's page on which the subscription's payer changes the card."""
        ...

    async def resume(self, subscription_id: str, key: str) -> None:
        """Take back that the subscription ends with its period: it renews again."""
        ...


class Gateways(Protocol):
    """Each creator's own account at the provider. Ask anew for each piece of work: keys change."""

    async def for_creator(self, creator: CreatorId, reading: AsyncConnection | None = None) -> Gateway:
        """The creator's account, looked up in `reading` where a transaction is open. Raises: NoAccount."""
        ...

    async def shared(self) -> Gateway:
        """The account that creators share in development, the sandbox's. Raises: NoAccount."""
        ...

    async def every(self) -> Sequence[tuple[CreatorId | None, Gateway]]:
        """Each account once, with whose it is; None for the shared one. For reading what happened."""
        ...

    async def sharing(self, reading: AsyncConnection | None = None) -> Sequence[CreatorId]:
        """The creators whose account is the shared one, looked up in `reading` as above."""
        ...
