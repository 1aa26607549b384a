"""How each creator is paid: the keys of the own account at the provider, and how fans may pay."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from lastlink_ui.accounts import audit
from lastlink_ui.billing.account_gateways import OpenGateway, fingerprint
from lastlink_ui.billing.gateway import KeyRefused
from lastlink_ui.billing.models import ProviderAccount
from lastlink_ui.core.actor import Actor
from lastlink_ui.core.clock import Clock
from lastlink_ui.core.errors import InvalidInput, Refused
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.core.sealing import Vault
from lastlink_ui.db import Database
from lastlink_ui.live import Change, Feed, creator_channel
from lastlink_ui.plans.models import Plan
from lastlink_ui.subscribers.lifecycle import Method
from lastlink_ui.subscribers.models import Subscription

SECRET_OVERLAP = timedelta(hours=24)
"""How long a replaced webhook secret still counts: https://docs.stripe.com/webhooks#roll-endpoint-secrets"""
_FORBIDDEN = "http_403"
_MAX_KEY = 255


class KeyKind(StrEnum):
    """What a key moves, by how it begins."""

    LIVE = "live"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Receiving:
    """How a creator is paid, as far as the creator may see it again."""

    key_hint: str = ""
    """`sk_test_…1234`; "" while there is no key, and nothing can be sold."""
    has_webhook_secret: bool = False
    former_secret_until: datetime | None = None
    methods: frozenset[Method] = frozenset({Method.CARD})

    @property
    def can_sell(self) -> bool:
        """Whether fans can pay at all."""
        return bool(self.key_hint) and bool(self.methods)


@dataclass(frozen=True, slots=True)
class Unfit:
    """How many creators' accounts cannot be used as they are."""

    of_other_kind: int
    """Live keys where money is played with, or test keys where it is real."""
    without_secret: int
    """Nobody can tell whether their events come from the provider: they are refused."""


class ProviderAccounts:
    """What a creator says of how to be paid, and what the public page may offer because of it."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        feed: Feed,
        vault: Vault,
        open_gateway: OpenGateway,
        kind: KeyKind,
    ) -> None:
        self._database = database
        self._clock = clock
        self._feed = feed
        self._vault = vault
        self._open = open_gateway
        self._kind = kind

    async def receiving(self, creator: CreatorId) -> Receiving:
        """How the creator is paid now."""
        async with self._database.reading() as session:
            account = await session.get(ProviderAccount, creator)
        if account is None:
            return Receiving()
        is_rolling = bool(account.former_until and self._clock.now() < account.former_until)
        return Receiving(
            key_hint=account.key_hint if account.api_key else "",
            has_webhook_secret=account.webhook_secret is not None,
            former_secret_until=account.former_until if is_rolling else None,
            methods=_accepted(account),
        )

    async def unfit(self) -> Unfit:
        """What is wrong with the accounts that are kept."""
        async with self._database.reading() as session:
            found = await session.scalars(
                select(ProviderAccount).where(col(ProviderAccount.api_key).is_not(None))
            )
            accounts = found.all()
        return Unfit(
            of_other_kind=sum(each.key_hint.split("_")[1] != self._kind for each in accounts),
            without_secret=sum(each.webhook_secret is None for each in accounts),
        )

    async def offered(self, creator: CreatorId) -> tuple[Method, ...]:
        """How fans may pay, the method chosen beforehand first; nothing where nothing can be sold."""
        receiving = await self.receiving(creator)
        return tuple(m for m in Method if m in receiving.methods) if receiving.can_sell else ()

    async def offer(self, creator: CreatorId, method: Method, actor: Actor, *, on: bool) -> None:
        """Have fans pay by `method`, or no longer; who pays by it already goes on.

        Raises: Refused for Pix, which the provider does not offer yet, and for the last method.
        """
        if method is Method.PIX:
            raise Refused("receiving.pix_not_yet")
        async with self._database.unit_of_work() as uow:
            account = await self._row(uow.session, creator)
            if method is Method.CARD:
                account.accepts_card = on
            else:
                account.accepts_boleto = on
            if not _accepted(account):
                raise Refused("receiving.last_method")
            uow.session.add(account)
            action = f"receiving.{method.value}_{'on' if on else 'off'}"
            await audit.record(uow, creator, actor, action, at=self._clock.now())
            uow.after_commit(lambda: self._feed.publish(creator_channel(creator), Change(plans=True)))

    async def connect(self, creator: CreatorId, api_key: str, webhook_secret: str, actor: Actor) -> None:
        """Try the keys, and keep them; an empty one leaves what is there as it is.

        Raises: InvalidInput (of which `params["field"]` says the field) for what cannot be used,
        ProviderUnavailable when it could not be tried; nothing is changed then.
        """
        api_key, webhook_secret = api_key.strip(), webhook_secret.strip()
        now = self._clock.now()
        moved = bool(api_key) and await self._try(creator, api_key)
        _check_secret(webhook_secret)
        async with self._database.unit_of_work() as uow:
            account = await self._row(uow.session, creator)
            if not api_key and account.api_key is None:
                raise InvalidInput("receiving.key_missing", field="key")
            if api_key:
                account.api_key = self._vault.seal(api_key, creator)
                account.fingerprint, account.key_hint = fingerprint(api_key), _hint(api_key)
            if webhook_secret:
                account.former_webhook_secret = account.webhook_secret
                account.former_until = now + SECRET_OVERLAP if account.webhook_secret else None
                account.webhook_secret = self._vault.seal(webhook_secret, creator)
            account.changed_at = now
            uow.session.add(account)
            # What the plans are called in the account that was left, nobody else knows.
            left = {"provider_product_id": None, "provider_price_id": None} if moved else {}
            await uow.session.execute(
                update(Plan).where(col(Plan.creator_id) == creator).values(catalogue_due_at=now, **left)
            )
            await audit.record(uow, creator, actor, "receiving.connected", at=now)
            uow.after_commit(lambda: self._feed.publish(creator_channel(creator), Change(plans=True)))

    async def _try(self, creator: CreatorId, api_key: str) -> bool:
        """Ask the provider what the key is good for; whether it is another account's than before.

        Raises: InvalidInput, ProviderUnavailable.
        """
        _check_form(api_key, self._kind)
        async with self._database.reading() as session:
            product = await session.scalar(
                select(col(Plan.provider_product_id))
                .where(col(Plan.creator_id) == creator, col(Plan.provider_product_id).is_not(None))
                .limit(1)
            )
            sold = await session.scalar(
                select(col(Subscription.id))
                .where(col(Subscription.creator_id) == creator, col(Subscription.ended_at).is_(None))
                .limit(1)
            )
        try:
            is_known = await self._open(api_key).try_key(product)
        except KeyRefused as refusal:
            reason = "key_forbidden" if refusal.code == _FORBIDDEN else "key_wrong"
            raise InvalidInput(f"receiving.{reason}", field="key") from refusal
        if not is_known and sold is not None:
            raise InvalidInput("receiving.key_of_another_account", field="key")
        return not is_known

    async def _row(self, session: AsyncSession, creator: CreatorId) -> ProviderAccount:
        known = await session.get(ProviderAccount, creator, with_for_update=True)
        return known or ProviderAccount(creator_id=creator, changed_at=self._clock.now())


def _accepted(account: ProviderAccount) -> frozenset[Method]:
    switches = {Method.CARD: account.accepts_card, Method.BOLETO: account.accepts_boleto}
    return frozenset(method for method, is_on in switches.items() if is_on)


def _check_form(api_key: str, kind: KeyKind) -> None:
    """What can be seen without asking. Raises: InvalidInput."""
    if api_key.startswith("pk_"):
        raise InvalidInput("receiving.key_publishable", field="key")
    if len(api_key) > _MAX_KEY or not api_key.startswith(("sk_", "rk_")) or not api_key.isascii():
        raise InvalidInput("receiving.key_unreadable", field="key")
    if api_key.split("_")[1] != kind.value:
        raise InvalidInput(f"receiving.key_must_be_{kind.value}", field="key")


def _check_secret(secret: str) -> None:
    if secret and (len(secret) > _MAX_KEY or not secret.startswith("whsec_") or not secret.isascii()):
        raise InvalidInput("receiving.secret_unreadable", field="secret")


def _hint(api_key: str) -> str:
    kind = "_".join(api_key.split("_")[:2])
    return f"{kind}_…{api_key[-4:]}"
