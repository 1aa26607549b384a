"""Hands out each creator's gateway, from the keys that are kept sealed."""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Protocol

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from lastlink_ui.billing.gateway import Gateway, NoAccount
from lastlink_ui.billing.models import ProviderAccount
from lastlink_ui.core.clock import Clock
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.core.sealing import CannotOpen, Vault
from lastlink_ui.db import Database


class AccountGateway(Gateway, Protocol):
    """A gateway whose key can be tried."""

    async def try_key(self, product_id: str | None) -> bool:
        """Whether the key may read what is needed, and knows the product where one is named.

        Raises: KeyRefused, ProviderUnavailable.
        """
        ...


# Written once: building a statement takes longer than asking it.
_KEY = select(col(ProviderAccount.api_key)).where(col(ProviderAccount.creator_id) == bindparam("creator"))
_WITH_KEY = select(col(ProviderAccount.creator_id)).where(
    col(ProviderAccount.fingerprint) == bindparam("fingerprint")
)

OpenGateway = Callable[[str], AccountGateway]
"""The gateway of a key, the same one each time."""


class AccountGateways:
    """The creators' own accounts (the `Gateways` port).

    `shared_key` is the sandbox's where there is one: creators who use it share one account, whose news come
    to one address.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        vault: Vault,
        open_gateway: OpenGateway,
        shared_key: str = "",
    ) -> None:
        self._database = database
        self._clock = clock
        self._vault = vault
        self._open = open_gateway
        self._shared_key = shared_key

    async def for_creator(self, creator: CreatorId, reading: AsyncConnection | None = None) -> Gateway:
        """The creator's account, looked up in `reading` where a transaction is open. Raises: NoAccount."""
        async with self._in(reading) as connection:
            sealed = await connection.scalar(_KEY, {"creator": creator})
        return self._gateway(creator, sealed)

    async def shared(self) -> Gateway:
        """The sandbox's account. Raises: NoAccount where there is no sandbox."""
        if not self._shared_key:
            raise NoAccount
        return self._open(self._shared_key)

    async def every(self) -> Sequence[tuple[CreatorId | None, Gateway]]:
        """Each account once, with whose it is; None for the shared one."""
        own = select(ProviderAccount).where(col(ProviderAccount.api_key).is_not(None))
        if self._shared_key:
            own = own.where(col(ProviderAccount.fingerprint) != fingerprint(self._shared_key))
        async with self._database.reading() as session:
            accounts = (await session.scalars(own.order_by(col(ProviderAccount.creator_id)))).all()
        shared: list[tuple[CreatorId | None, Gateway]] = (
            [(None, await self.shared())] if self._shared_key else []
        )
        return shared + [
            (account.creator_id, self._gateway(account.creator_id, account.api_key)) for account in accounts
        ]

    async def sharing(self, reading: AsyncConnection | None = None) -> Sequence[CreatorId]:
        """The creators whose account is the shared one, looked up in `reading` as above."""
        async with self._in(reading) as connection:
            return (await connection.scalars(_WITH_KEY, {"fingerprint": fingerprint(self._shared_key)})).all()

    async def webhook_secrets(self, creator: CreatorId) -> Sequence[str]:
        """What the creator's account signs its events with: the secret, and for a day the one before it."""
        async with self._database.reading() as session:
            account = await session.get(ProviderAccount, creator)
        if account is None:
            return []
        sealed = [account.webhook_secret]
        if account.former_until and self._clock.now() < account.former_until:
            sealed.append(account.former_webhook_secret)
        try:
            return [self._vault.open(each, creator) for each in sealed if each]
        except CannotOpen as error:
            raise NoAccount("unreadable_key") from error

    async def reseal(self) -> int:
        """Seal anew what former secrets sealed, so that those may be forgotten; how many that were."""
        done = 0
        async with self._database.unit_of_work() as uow:
            for account in (await uow.session.scalars(select(ProviderAccount))).all():
                for name in ("api_key", "webhook_secret", "former_webhook_secret"):
                    sealed: str | None = getattr(account, name)
                    if sealed is None or self._vault.is_current(sealed, account.creator_id):
                        continue
                    try:
                        text = self._vault.open(sealed, account.creator_id)
                    except CannotOpen:
                        continue  # the doctor says so
                    setattr(account, name, self._vault.seal(text, account.creator_id))
                    done += 1
                uow.session.add(account)
        return done

    async def unreadable(self) -> int:
        """How many creators' keys no known secret opens."""
        async with self._database.reading() as session:
            found = await session.scalars(
                select(ProviderAccount).where(col(ProviderAccount.api_key).is_not(None))
            )
            return sum(self._opened(account.creator_id, account.api_key) is None for account in found)

    def _in(self, reading: AsyncConnection | None) -> AbstractAsyncContextManager[AsyncConnection]:
        return nullcontext(reading) if reading else self._database.looking()

    def _gateway(self, creator: CreatorId, sealed: str | None) -> Gateway:
        if sealed is None:
            raise NoAccount
        key = self._opened(creator, sealed)
        if key is None:
            raise NoAccount("unreadable_key")
        return self._open(key)

    def _opened(self, creator: CreatorId, sealed: str | None) -> str | None:
        try:
            return self._vault.open(sealed or "", creator)
        except CannotOpen:
            return None


def fingerprint(api_key: str) -> str:
    """Tells keys apart without being one."""
    return hashlib.sha256(api_key.encode()).hexdigest()
