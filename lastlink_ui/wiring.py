"""Which database, gateway, feed and clock the services get: the one place where they are put together."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache, lru_cache

from lastlink_ui.accounts.face import PublicFace
from lastlink_ui.accounts.limits import AttemptLimit
from lastlink_ui.accounts.models import LinkPurpose
from lastlink_ui.accounts.opening import Invitations
from lastlink_ui.accounts.present_password import PresentPassword
from lastlink_ui.accounts.recovery import Recovery
from lastlink_ui.accounts.second_step import SecondStep
from lastlink_ui.accounts.service import Accounts
from lastlink_ui.billing.account_gateways import AccountGateways
from lastlink_ui.billing.accounts import KeyKind, ProviderAccounts
from lastlink_ui.billing.addressing import Addresses
from lastlink_ui.billing.catalogue import Catalogue
from lastlink_ui.billing.checkouts import Checkouts
from lastlink_ui.billing.email_change import EmailChange
from lastlink_ui.billing.inbox import Inbox
from lastlink_ui.billing.mailed_links import MailedLinks
from lastlink_ui.billing.operations import OperationRunner
from lastlink_ui.billing.password_mail import PasswordMail
from lastlink_ui.billing.postman import Postman
from lastlink_ui.billing.reconcile import Reconciler
from lastlink_ui.billing.service import BillingService
from lastlink_ui.billing.stripe_gateway import gateway_maker
from lastlink_ui.billing.sync import Synchroniser
from lastlink_ui.billing.withdrawal_terms import WithdrawalTerms
from lastlink_ui.billing.withdrawals import Withdrawals
from lastlink_ui.billing.worker import Chore, Worker
from lastlink_ui.core.clock import Clock, FollowingClock, SystemClock
from lastlink_ui.core.crash import CrashPoints
from lastlink_ui.core.sealing import Vault
from lastlink_ui.db import Database
from lastlink_ui.fan_page.access import FanAccess
from lastlink_ui.fan_page.service import FanPage
from lastlink_ui.live import Feed, MemoryFeed
from lastlink_ui.live.redis import RedisFeed
from lastlink_ui.mail import Mailer
from lastlink_ui.mail.mailbox import NoMailer, SandboxMailer
from lastlink_ui.mail.smtp import SmtpMailer
from lastlink_ui.plans.drafts import Drafts
from lastlink_ui.plans.service import Plans
from lastlink_ui.privacy.retention import Retention
from lastlink_ui.privacy.service import Privacy
from lastlink_ui.settings import SANDBOX_KEY, Environment, Settings, settings
from lastlink_ui.subscribers.audit_log import AuditLog
from lastlink_ui.subscribers.expiry import Expiry
from lastlink_ui.subscribers.lists import Lists
from lastlink_ui.subscribers.plan_use import live_subscriptions
from lastlink_ui.subscribers.queries import Subscribers
from lastlink_ui.text import t

_OPEN_GATEWAYS = 256
"""How many creators' gateways are kept open; their connections are shared."""

_EXPIRY_SECONDS, _MAIL_SECONDS, _CATALOGUE_SECONDS, _RETENTION_SECONDS = 10, 1, 5, 3600

# Of the present password, by somebody who is signed in.
_TRIES, _TRIES_WINDOW = 5, timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Services:
    """What pages and routes work with."""

    settings: Settings
    clock: Clock
    """The time that subscriptions live in: the sandbox's, where money is played with."""
    machine_clock: Clock
    """The time of this machine, which sign-ins and signatures are held against."""
    database: Database
    feed: Feed
    accounts: Accounts
    invitations: Invitations
    recovery: Recovery
    second_step: SecondStep
    face: PublicFace
    plans: Plans
    drafts: Drafts
    subscribers: Subscribers
    lists: Lists
    audit_log: AuditLog
    accounts_at_provider: ProviderAccounts
    gateways: AccountGateways
    billing: BillingService
    checkouts: Checkouts
    privacy: Privacy
    retention: Retention
    withdrawals: Withdrawals
    withdrawal_terms: WithdrawalTerms
    password_mail: PasswordMail
    email_change: EmailChange
    fan_access: FanAccess
    fan_page: FanPage
    synchroniser: Synchroniser
    inbox: Inbox
    reconciler: Reconciler
    worker: Worker


@cache
def services() -> Services:
    """The services of this process, made once."""
    return build(settings())


def clock_for(chosen: Settings, machine_clock: Clock) -> Clock:
    """The time that subscriptions live in: the sandbox's; the machine's where money is real."""
    return FollowingClock(machine_clock, chosen.sandbox_clock) if chosen.uses_sandbox else machine_clock


def mailer_for(chosen: Settings) -> Mailer:
    """The mail server that is set; else the sandbox's mailbox; else nobody, and mails wait."""
    if url := chosen.smtp_url.get_secret_value():
        return SmtpMailer(url, chosen.mail_from, t("mail.sender"))
    if chosen.uses_sandbox:
        return SandboxMailer(chosen.stripe_api_base, chosen.mail_from)
    return NoMailer()


def build(chosen: Settings) -> Services:
    """Services for these settings; tests make their own."""
    machine_clock = SystemClock(timedelta(seconds=chosen.clock_offset_seconds))
    clock = clock_for(chosen, machine_clock)
    database = Database(chosen.database)
    feed: Feed = RedisFeed(chosen.redis_url.get_secret_value()) if chosen.redis_url else MemoryFeed()
    crash = CrashPoints(chosen.crash_at)
    vault = Vault(*chosen.secrets)
    open_gateway = lru_cache(_OPEN_GATEWAYS)(gateway_maker(chosen.stripe_api_base))
    shared_key = SANDBOX_KEY if chosen.uses_sandbox else ""
    gateways = AccountGateways(database, machine_clock, vault, open_gateway, shared_key)
    kind = KeyKind.LIVE if chosen.environment is Environment.PRODUCTION else KeyKind.TEST
    synchroniser = Synchroniser(database, clock, feed, gateways)
    runner = OperationRunner(database, clock, feed, gateways, synchroniser, crash)
    inbox = Inbox(database, clock, gateways, synchroniser, crash)
    reconciler = Reconciler(database, clock, gateways, inbox, synchroniser)
    former = chosen.secrets[1]
    checkouts = Checkouts(
        database,
        clock,
        gateways,
        chosen.secret_key.get_secret_value(),
        chosen.public_origin,
        former,
    )
    fan_access = FanAccess(
        database, machine_clock, clock, chosen.secret_key.get_secret_value(), chosen.public_origin
    )
    secret, origin = chosen.secret_key.get_secret_value(), chosen.public_origin
    password_links = MailedLinks(secret, origin, LinkPurpose.PASSWORD_RESET, "/redefinir-senha")
    email_links = MailedLinks(secret, origin, LinkPurpose.EMAIL_CHANGE, "/confirmar-email")
    password_mail = PasswordMail(database, machine_clock, clock, password_links)
    addresses = Addresses(
        chosen.public_origin,
        checkouts.return_address,
        fan_access.link_address,
        password_links.address,
        email_links.address,
    )
    postman = Postman(database, clock, mailer_for(chosen), addresses, crash)
    chores = (
        Chore("expiry", _EXPIRY_SECONDS, Expiry(database, clock, feed).act),
        Chore("mails", _MAIL_SECONDS, postman.deliver),
        Chore("catalogue", _CATALOGUE_SECONDS, Catalogue(database, clock, gateways).keep),
    )
    worker = Worker(
        runner,
        reconciler,
        chores,
        chosen.queue_database,
        chosen.data_dir / "worker.lock",
    )
    billing = BillingService(database, clock, feed, worker.enqueue, checkouts)
    withdrawals = Withdrawals(database, clock, feed, worker.enqueue)
    privacy = Privacy(database, clock, feed, worker.enqueue)
    retention = Retention(database, clock, privacy)
    worker.add(Chore("retention", _RETENTION_SECONDS, retention.act))
    present_password = PresentPassword(database, AttemptLimit(machine_clock, _TRIES, _TRIES_WINDOW))
    return Services(
        settings=chosen,
        clock=clock,
        machine_clock=machine_clock,
        database=database,
        feed=feed,
        accounts=Accounts(database, machine_clock),
        invitations=Invitations(database, machine_clock),
        recovery=Recovery(database, machine_clock, present_password),
        second_step=SecondStep(database, machine_clock, vault, present_password),
        face=PublicFace(database, clock, feed),
        drafts=Drafts(database, machine_clock),
        plans=Plans(database, clock, feed, live_subscriptions),
        subscribers=Subscribers(database, clock),
        lists=Lists(database, clock, feed),
        audit_log=AuditLog(database),
        accounts_at_provider=ProviderAccounts(database, machine_clock, feed, vault, open_gateway, kind),
        gateways=gateways,
        billing=billing,
        withdrawals=withdrawals,
        withdrawal_terms=WithdrawalTerms(database, clock, feed),
        checkouts=checkouts,
        password_mail=password_mail,
        email_change=EmailChange(database, machine_clock, clock, email_links, present_password),
        fan_access=fan_access,
        fan_page=FanPage(
            database, clock, gateways, billing, withdrawals, privacy, fan_access, chosen.public_origin
        ),
        privacy=privacy,
        retention=retention,
        synchroniser=synchroniser,
        inbox=inbox,
        reconciler=reconciler,
        worker=worker,
    )
