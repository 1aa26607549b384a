"""Accounts at the provider for creators that tests make behind the running program's back."""

from lastlink_ui.billing.accounts import KeyKind, ProviderAccounts
from lastlink_ui.billing.stripe_gateway import gateway_maker
from lastlink_ui.core.actor import SYSTEM
from lastlink_ui.core.clock import SystemClock
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.core.sealing import Vault
from lastlink_ui.db import Database
from lastlink_ui.live import MemoryFeed
from lastlink_ui.settings import Settings
from lastlink_ui.subscribers.lifecycle import Method
from tests.support.sandbox import KEY, Sandbox


def accounts_over(database: Database, sandbox: Sandbox) -> ProviderAccounts:
    """What the program itself would use on `database`."""
    vault = Vault(*Settings().secrets)
    return ProviderAccounts(
        database, SystemClock(), MemoryFeed(), vault, gateway_maker(sandbox.origin), KeyKind.TEST
    )


async def connect_to_sandbox(
    database: Database, sandbox: Sandbox, creator: CreatorId, *, boleto: bool = False
) -> None:
    """Have the creator be paid through the sandbox."""
    accounts = accounts_over(database, sandbox)
    if boleto:
        await accounts.offer(creator, Method.BOLETO, SYSTEM, on=True)
    await accounts.connect(creator, KEY, "", SYSTEM)
