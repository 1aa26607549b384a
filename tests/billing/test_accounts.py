"""Creators' own accounts at the provider: tried before they are kept, sealed, and nobody else's."""

import pytest
from sqlalchemy import text

from lastlink_ui.accounts.models import Creator
from lastlink_ui.billing.account_gateways import AccountGateways
from lastlink_ui.billing.accounts import SECRET_OVERLAP, KeyKind, ProviderAccounts
from lastlink_ui.billing.gateway import NoAccount, ProviderUnavailable, SubscriptionSeen
from lastlink_ui.billing.inbox import Inbox
from lastlink_ui.billing.models import Checkout, ProviderAccount
from lastlink_ui.billing.stripe_gateway import gateway_maker
from lastlink_ui.billing.sync import Synchroniser
from lastlink_ui.core.actor import SYSTEM
from lastlink_ui.core.crash import CrashPoints
from lastlink_ui.core.errors import InvalidInput, Refused
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.core.sealing import Vault
from lastlink_ui.db import Database, UnitOfWork
from lastlink_ui.live import MemoryFeed
from lastlink_ui.subscribers.lifecycle import Method
from lastlink_ui.subscribers.models import Subscription
from tests.billing.conftest import Billing, event, form
from tests.support.clock import StoppedClock
from tests.support.rows import count, rows
from tests.support.sandbox import KEY, LOOK, Sandbox
from tests.support.world import World

SECRET, NEWER = "whsec_primeiro", "whsec_segundo"


class Desk:
    """The creator's settings and the gateways that come of them, over one database."""

    def __init__(self, database: Database, sandbox: Sandbox, clock: StoppedClock, *secrets: str) -> None:
        vault, maker = Vault(secrets[0], secrets[1:]), gateway_maker(sandbox.origin)
        self.accounts = ProviderAccounts(database, clock, MemoryFeed(), vault, maker, KeyKind.TEST)
        self.gateways = AccountGateways(database, clock, vault, maker, KEY)


@pytest.fixture
def desk(database: Database, sandbox: Sandbox, clock: StoppedClock) -> Desk:
    return Desk(database, sandbox, clock, "segredo")


@pytest.fixture
async def creator(world: World) -> Creator:
    return await world.creator()


async def test_without_a_key_nothing_can_be_sold(desk: Desk, creator: Creator) -> None:
    assert await desk.accounts.offered(creator.id) == ()
    with pytest.raises(NoAccount):
        await desk.gateways.for_creator(creator.id)
    assert await desk.gateways.webhook_secrets(creator.id) == []


async def test_a_key_that_works_is_kept_sealed(desk: Desk, creator: Creator, database: Database) -> None:
    await desk.accounts.connect(creator.id, f" {KEY} ", SECRET, SYSTEM)
    kept = await desk.accounts.receiving(creator.id)
    assert (kept.key_hint, kept.has_webhook_secret, kept.can_sell) == ("sk_test_…dbox", True, True)
    assert await desk.accounts.offered(creator.id) == (Method.CARD,)
    assert await desk.gateways.for_creator(creator.id)
    assert await desk.gateways.webhook_secrets(creator.id) == [SECRET]
    assert KEY not in await _stored(database)
    assert SECRET not in await _stored(database)


async def _stored(database: Database) -> str:
    """Whatever the two tables hold that a key could have come into."""
    async with database.reading() as session:
        rows = [
            (await session.execute(text(f"SELECT * FROM {table}"))).one()  # noqa: S608 - our names
            for table in ("provider_accounts", "audit_log")
        ]
    return " ".join(str(value) for row in rows for value in row)


async def test_without_the_seal_the_key_is_there_to_be_read(
    desk: Desk, creator: Creator, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of the test above."""

    def left_open(_vault: Vault, secret: str, _owner: object) -> str:
        return secret

    monkeypatch.setattr(Vault, "seal", left_open)
    await desk.accounts.connect(creator.id, KEY, SECRET, SYSTEM)
    stored = await _stored(database)
    assert KEY in stored
    assert SECRET in stored


@pytest.mark.parametrize(
    ("key", "secret", "sentence"),
    [
        ("", SECRET, "receiving.key_missing"),
        ("qualquer coisa", SECRET, "receiving.key_unreadable"),
        ("pk_test_123", SECRET, "receiving.key_publishable"),
        ("sk_live_123", SECRET, "receiving.key_must_be_test"),
        ("sk_test_de_outra_pessoa", SECRET, "receiving.key_wrong"),
        (KEY, "segredo", "receiving.secret_unreadable"),
    ],
)
async def test_a_key_that_cannot_be_used_changes_nothing(
    desk: Desk, creator: Creator, database: Database, key: str, secret: str, sentence: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await desk.accounts.connect(creator.id, key, secret, SYSTEM)
    assert refused.value.message_key == sentence
    assert await count(database, ProviderAccount) == 0


async def test_a_provider_that_is_away_changes_nothing(
    desk: Desk, creator: Creator, database: Database, sandbox: Sandbox
) -> None:
    sandbox.fail("GET /v1/events", "status_500")
    with pytest.raises(ProviderUnavailable):
        await desk.accounts.connect(creator.id, KEY, SECRET, SYSTEM)
    assert await count(database, ProviderAccount) == 0


async def test_a_replaced_secret_counts_for_a_day_more(
    desk: Desk, creator: Creator, clock: StoppedClock
) -> None:
    await desk.accounts.connect(creator.id, KEY, SECRET, SYSTEM)
    await desk.accounts.connect(creator.id, "", NEWER, SYSTEM)
    assert await desk.gateways.webhook_secrets(creator.id) == [NEWER, SECRET]
    assert (await desk.accounts.receiving(creator.id)).former_secret_until
    clock.move(SECRET_OVERLAP)
    assert await desk.gateways.webhook_secrets(creator.id) == [NEWER]


async def test_the_installations_secret_may_change(
    desk: Desk, creator: Creator, database: Database, sandbox: Sandbox, clock: StoppedClock
) -> None:
    await desk.accounts.connect(creator.id, KEY, SECRET, SYSTEM)
    forgotten = Desk(database, sandbox, clock, "novo")
    assert await forgotten.gateways.unreadable() == 1
    with pytest.raises(NoAccount):
        await forgotten.gateways.for_creator(creator.id)
    assert await forgotten.gateways.reseal() == 0

    changed = Desk(database, sandbox, clock, "novo", "segredo")
    assert await changed.gateways.for_creator(creator.id)
    assert await changed.gateways.reseal() == 2
    assert await forgotten.gateways.unreadable() == 0
    assert await forgotten.gateways.webhook_secrets(creator.id) == [SECRET]


async def test_another_accounts_key_is_refused_while_subscriptions_run(
    desk: Desk, world: World, creator: Creator
) -> None:
    plan = await world.plan(
        creator, provider_product_id="prod_elsewhere", provider_price_id="price_elsewhere"
    )
    subscriber = await world.subscriber(plan)
    with pytest.raises(InvalidInput) as refused:
        await desk.accounts.connect(creator.id, KEY, SECRET, SYSTEM)
    assert refused.value.message_key == "receiving.key_of_another_account"
    assert subscriber.subscription.ended_at is None


async def test_another_accounts_key_begins_a_new_catalogue(
    desk: Desk, world: World, creator: Creator, database: Database
) -> None:
    await world.plan(creator, provider_product_id="prod_elsewhere", provider_price_id="price_elsewhere")
    await desk.accounts.connect(creator.id, KEY, SECRET, SYSTEM)
    async with database.reading() as session:
        kept = await session.execute(text("SELECT provider_product_id, provider_price_id FROM plans"))
    assert [tuple(row) for row in kept] == [(None, None)]


async def test_methods_are_switched_one_by_one_and_one_stays(desk: Desk, creator: Creator) -> None:
    await desk.accounts.connect(creator.id, KEY, SECRET, SYSTEM)
    await desk.accounts.offer(creator.id, Method.BOLETO, SYSTEM, on=True)
    assert await desk.accounts.offered(creator.id) == (Method.CARD, Method.BOLETO)
    await desk.accounts.offer(creator.id, Method.CARD, SYSTEM, on=False)
    assert await desk.accounts.offered(creator.id) == (Method.BOLETO,)
    for method in (Method.BOLETO, Method.PIX):
        with pytest.raises(Refused):
            await desk.accounts.offer(creator.id, method, SYSTEM, on=method is Method.PIX)
    assert await desk.accounts.offered(creator.id) == (Method.BOLETO,)


async def test_each_account_is_read_once(desk: Desk, world: World, creator: Creator) -> None:
    await desk.accounts.connect(creator.id, KEY, SECRET, SYSTEM)
    await desk.accounts.connect((await world.creator()).id, KEY, SECRET, SYSTEM)
    assert [owner for owner, _ in await desk.gateways.every()] == [None]
    assert len(await desk.gateways.sharing()) == 2


async def _sold(billing: Billing, world: World, sandbox: Sandbox) -> tuple[Creator, str]:
    """A checkout of a creator that was paid, and the provider's subscription; nothing of it is here yet."""
    creator = await world.creator()
    url = await billing.service.start_checkout(creator.id, form(await world.plan(creator)))
    token = sandbox.pay(url).headers["location"].rsplit("/", 1)[1]
    provider_id = await billing.checkouts.provider_subscription(token)
    assert provider_id
    return creator, provider_id


async def _nothing(_uow: UnitOfWork) -> None:
    """Nothing else is to be done in the transaction."""


async def test_an_account_cannot_speak_for_another_creator(
    billing: Billing, real_world: World, sandbox: Sandbox
) -> None:
    """Whoever writes another's checkout into a subscription of the own account reaches nothing of theirs."""
    creator, provider_id = await _sold(billing, real_world, sandbox)
    other = await real_world.creator()
    await billing.synchroniser.sync(other.id, provider_id, _nothing)
    assert await rows(billing.database, Subscription) == []
    await billing.synchroniser.sync(creator.id, provider_id, _nothing)
    (subscription,) = await rows(billing.database, Subscription)
    assert subscription.creator_id == creator.id
    await billing.synchroniser.sync(other.id, provider_id, _nothing)
    assert (await billing.subscription(provider_id)).revision == subscription.revision


async def test_without_the_check_of_its_owner_a_checkout_is_reached_from_another_account(
    billing: Billing, real_world: World, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of the test above."""
    creator, provider_id = await _sold(billing, real_world, sandbox)
    real = Synchroniser._origin  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]

    async def unguarded(
        self: Synchroniser, uow: UnitOfWork, _creator: CreatorId, seen: SubscriptionSeen
    ) -> object:
        return await real(self, uow, creator.id, seen)

    monkeypatch.setattr(Synchroniser, "_origin", unguarded)
    await billing.synchroniser.sync((await real_world.creator()).id, provider_id, _nothing)
    assert len(await rows(billing.database, Subscription)) == 1


async def test_news_of_the_shared_account_find_whose_they_are(
    billing: Billing, real_world: World, sandbox: Sandbox, desk: Desk
) -> None:
    creator, provider_id = await _sold(billing, real_world, sandbox)
    await desk.accounts.connect(creator.id, KEY, "", SYSTEM)
    synchroniser = Synchroniser(billing.database, billing.clock, billing.feed, desk.gateways)
    inbox = Inbox(billing.database, billing.clock, desk.gateways, synchroniser, CrashPoints())
    await inbox.take(event(provider_id))
    (checkout,) = await rows(billing.database, Checkout)
    assert checkout.subscription_id == (await billing.subscription(provider_id)).id
    looks = len(sandbox.requests(LOOK))
    await inbox.take(event(provider_id))  # known by now: nothing has to be asked to find the owner
    assert len(sandbox.requests(LOOK)) == looks + 1


async def test_accounts_that_cannot_be_used_as_they_are_are_counted(
    desk: Desk, creator: Creator, world: World, database: Database
) -> None:
    await desk.accounts.connect(creator.id, KEY, "", SYSTEM)
    unfit = await desk.accounts.unfit()
    assert (unfit.of_other_kind, unfit.without_secret) == (0, 1)
    await desk.accounts.connect((await world.creator()).id, KEY, SECRET, SYSTEM)
    async with database.unit_of_work() as uow:
        await uow.session.execute(text("UPDATE provider_accounts SET key_hint = 'rk_live_…9876'"))
    unfit = await desk.accounts.unfit()
    assert (unfit.of_other_kind, unfit.without_secret) == (2, 1)
