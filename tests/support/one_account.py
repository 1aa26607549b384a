"""Gateways for tests that need but one account: every creator's is the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from lastlink_ui.billing.gateway import Gateway
from lastlink_ui.core.ids import CreatorId


@dataclass(frozen=True, slots=True)
class OneAccount:
    """The `Gateways` port over one gateway, shared by all creators."""

    gateway: Gateway

    async def for_creator(self, creator: CreatorId, reading: AsyncConnection | None = None) -> Gateway:  # noqa: ARG002
        return self.gateway

    async def shared(self) -> Gateway:
        return self.gateway

    async def every(self) -> Sequence[tuple[CreatorId | None, Gateway]]:
        return [(None, self.gateway)]

    async def sharing(self, reading: AsyncConnection | None = None) -> Sequence[CreatorId]:  # noqa: ARG002
        return []
