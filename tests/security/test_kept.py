"""What a running program keeps of whoever uses it, and for how long a page may be kept waiting."""

import pytest
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.token import BaseStateToken
from reflex_base.config import get_config
from sqlalchemy import select
from sqlmodel import col

from lastlink_ui.core.ids import SubscriptionId
from lastlink_ui.db import Database
from lastlink_ui.frontend.sources import ROOT
from lastlink_ui.subscribers.models import Subscription
from lastlink_ui.text import t
from lastlink_ui.web.page_notice import PageNotice
from tests.e2e.shop import PASSWORD as SHOPS_PASSWORD
from tests.e2e.shop import Shop
from tests.security.conftest import GuardsOff
from tests.security.tenants import PASSWORD, Tenant
from tests.support.behind import in_database
from tests.support.server import Server
from tests.support.signed_in import session_of
from tests.support.sockets import EventSocket
from tests.support.stores import kept

PAGE = "reflex___state____state.lastlink_ui___web___subscribers___state____subscribers_state"


def test_no_token_of_a_session_is_kept_as_it_is(
    server: Server, victim: Tenant, guards_off: GuardsOff
) -> None:
    def where_a_new_one_is() -> set[str]:
        token = session_of(server.origin, victim.email, PASSWORD)
        with EventSocket(server, session=token, address="/assinantes") as page:
            page.send(f"{PAGE}.show")
            page.hear("Nome Secreto")
            return {name for name, text in kept(server.data_dir).items() if token in text}

    assert where_a_new_one_is() == set()
    assert not (ROOT / ".states").exists()
    with guards_off("hashing"):
        assert where_a_new_one_is() == {"lastlink.sqlite"}


def test_no_page_waits_for_the_provider(server: Server, guards_off: GuardsOff) -> None:
    """Reflex holds a page's state for ten seconds at the most, and the provider may take longer."""

    def is_told() -> bool:
        shop = Shop.opened(server)
        shop.sell(f"fa@{shop.handle}.example")
        (subscription,) = in_database(server.database_url, lambda database: _subscriptions(database, shop))
        session = session_of(server.origin, shop.email, SHOPS_PASSWORD)
        server.sandbox.fail("POST /v1/subscriptions/*", "hang", times=100)
        try:
            with EventSocket(server, session=session, address="/assinantes") as page:
                page.send(f"{PAGE}.show")
                page.hear("Beatriz Ribeiro")
                page.send(f"{PAGE}.cancel", {"form": {"subscription": str(subscription)}})
                page.hear(t("subscribers.said.cancel_requested", name="Beatriz Ribeiro"), seconds=4)
        except AssertionError:
            return False
        else:
            return True
        finally:
            server.sandbox.heal()

    assert is_told()
    with guards_off("queue"):
        assert not is_told()


async def _subscriptions(database: Database, shop: Shop) -> list[SubscriptionId]:
    async with database.reading() as session:
        mine = col(Subscription.creator_id) == shop.creator
        return list(await session.scalars(select(col(Subscription.id)).where(mine)))


@pytest.mark.parametrize(("seconds", "is_kept"), [(0, False), (900, True)])
async def test_what_a_page_that_is_gone_leaves_behind_is_forgotten(*, seconds: int, is_kept: bool) -> None:
    assert get_config().redis_token_expiration == 900
    manager = StateManagerMemory(token_expiration=seconds)
    token = BaseStateToken(ident="gone", cls=PageNotice)
    async with manager.modify_state(token) as state:
        assert state is not None
    manager._purge_expired_tokens()  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - what its task does
    assert (token.cache_key in manager.states) is is_kept
    await manager.close()
