"""The tables of subscribers. Whatever names a person is in `fans` alone; the others hold ids."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Date, Index, text
from sqlmodel import Field

from lastlink_ui.core.actor import ActorKind
from lastlink_ui.core.ids import (
    CreatorId,
    EntitlementId,
    FanId,
    ListTaskId,
    PaymentId,
    PlanId,
    SubscriptionId,
)
from lastlink_ui.core.money import CURRENCY
from lastlink_ui.core.period import Period
from lastlink_ui.core.requests import request_id
from lastlink_ui.db.base import Table, instant, primary_id, reference
from lastlink_ui.db.types import Id, code_of
from lastlink_ui.subscribers.history import Happening
from lastlink_ui.subscribers.lifecycle import DisputeStatus, Method, PaymentStatus, RefundStatus, Status

_MOVING = "refund_status = 'pending' OR dispute_status = 'open'"


class MembershipReason(StrEnum):
    """Why a fan is in the list, or no longer is."""

    PAID = "paid"
    COURTESY = "courtesy"
    REMOVED_BY_CREATOR = "removed_by_creator"
    READDED_BY_CREATOR = "readded_by_creator"
    PERIOD_ENDED = "period_ended"
    REFUNDED = "refunded"
    CHARGED_BACK = "charged_back"
    PAYMENT_OVERDUE = "payment_overdue"


class Wish(StrEnum):
    """What is to be done by hand in the list."""

    ADD = "add"
    REMOVE = "remove"


class Grain(StrEnum):
    """How long a stretch of subscription days one counter covers."""

    DAY = "day"
    MONTH = "month"
    ALL = "all"


class Fan(Table, table=True):
    """A person known to one creator by e-mail. The same person at two creators is two fans."""

    __tablename__ = "fans"
    __table_args__ = (
        Index(None, "creator_id", "email", unique=True),
        Index(None, "creator_id", "handle"),
        Index(
            "ix_fans_tax_id",
            "creator_id",
            "tax_id",
            sqlite_where=text("tax_id IS NOT NULL"),
            postgresql_where=text("tax_id IS NOT NULL"),
        ),
        Index(None, "creator_id", "sort_name", "id"),
        # Whoever enters by mail is looked for at every creator.
        Index(None, "email"),
    )

    id: FanId = primary_id()
    creator_id: CreatorId = reference("creators.id")
    email: str | None = Field(default=None, max_length=254)
    """Normalised: trimmed, lower case. None for somebody who only ever had a courtesy."""
    name: str = Field(max_length=120)
    handle: str = Field(max_length=30)
    """Profile, lower case, without @."""
    tax_id: str | None = Field(default=None, max_length=14)
    """CPF or CNPJ: upper-case letters and digits alone."""
    sort_name: str = Field(max_length=120)
    """The name without accents and case, by which rows are sorted."""
    search_text: str
    """Name, handle and e-mail without accents and case, a line each: what the search box looks through."""
    provider_customer_id: str | None = Field(default=None, max_length=64)
    transfer_to: str | None = Field(default=None, max_length=200)
    """The fan's own account, as the fan wrote it, while a creator owes a transfer to it."""
    erased_at: datetime | None = instant(default=None)
    """When everything that names the person was deleted; see privacy/service.py."""
    created_at: datetime = instant()


KIND = ("plan_id", "status", "method", "in_list")
"""What filters tell apart: the columns of a subscription's kind."""


class Subscription(Table, table=True):
    """One fan on one plan, recurring until cancelled: a row of the subscribers page."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        # Fan and creator come along where searches walk: of a row that is passed over nothing else is asked.
        Index("ix_subscriptions_started_at", "creator_id", "started_at", "id", "fan_id"),
        # What filters tell apart, then what it is sorted by: see reading.py. A plan is one creator's.
        Index("ix_subscriptions_kind_started_at", *KIND, "started_at", "id", "fan_id", "creator_id"),
        Index("ix_subscriptions_kind_access_until", *KIND, "access_until", "id"),
        Index("ix_subscriptions_kind_amount", *KIND, "amount", "id"),
        # A fan whom a search found, with all that filters ask and counts tell apart.
        Index("ix_subscriptions_fan", "fan_id", "creator_id", *KIND, "started_at", "id"),
        Index(None, "creator_id", "provider_subscription_id", unique=True),
    )

    id: SubscriptionId = primary_id()
    creator_id: CreatorId = reference("creators.id")
    fan_id: FanId = reference("fans.id")
    plan_id: PlanId = reference("plans.id")
    amount: int
    """What each period costs this fan, in centavos; a later price of the plan does not change it."""
    next_plan_id: PlanId | None = reference("plans.id", default=None, nullable=True)
    """The plan that the fan chose for the next charge; None while it stays as it is."""
    next_amount: int | None = None
    """What each period of that plan will cost, in centavos."""
    currency: str = Field(default=CURRENCY, max_length=3)
    period: Period = Field(sa_type=code_of(Period))  # pyright: ignore[reportArgumentType]
    method: Method = Field(sa_type=code_of(Method))  # pyright: ignore[reportArgumentType]
    status: Status = Field(sa_type=code_of(Status))  # pyright: ignore[reportArgumentType]
    """Derived by `lifecycle.status_of` and kept here for the indexes alone."""
    started_at: datetime = instant()
    """When the fan subscribed ("assinou em")."""
    access_until: datetime | None = instant(default=None)
    """When access ends, or the paid period where it renews; None before the first payment."""
    cancel_at_period_end: bool = False
    canceled_at: datetime | None = instant(default=None)
    """When the cancellation was asked for."""
    ended_at: datetime | None = instant(default=None)
    """When the provider's subscription ended. Once set it stays."""
    in_list: bool = False
    """A copy of the fan's membership, for the indexes; only membership.py writes it."""
    last_payment_id: PaymentId | None = Field(default=None, sa_type=Id, nullable=True)
    provider_subscription_id: str | None = Field(default=None, max_length=64)
    revision: int = 0
    """Counts what was applied from the provider: an older look at it is never applied over a newer one."""


class Payment(Table, table=True):
    """One charge of one period."""

    __tablename__ = "payments"
    __table_args__ = (
        Index(None, "subscription_id", "period_start"),
        Index(None, "creator_id", "provider_invoice_id", unique=True),
        Index(None, "creator_id", "provider_payment_intent_id"),
        # Money that is on its way back is looked after until it has arrived.
        Index(
            "ix_payments_moving",
            "id",
            sqlite_where=text(_MOVING),
            postgresql_where=text(_MOVING),
        ),
    )

    id: PaymentId = primary_id()
    creator_id: CreatorId = reference("creators.id")
    subscription_id: SubscriptionId = reference("subscriptions.id")
    amount: int
    """In centavos."""
    currency: str = Field(default=CURRENCY, max_length=3)
    method: Method = Field(sa_type=code_of(Method))  # pyright: ignore[reportArgumentType]
    status: PaymentStatus = Field(sa_type=code_of(PaymentStatus))  # pyright: ignore[reportArgumentType]
    period_start: datetime = instant()
    period_end: datetime = instant()
    created_at: datetime = instant()
    due_at: datetime | None = instant(default=None)
    paid_at: datetime | None = instant(default=None)
    refund_status: RefundStatus | None = Field(default=None, sa_type=code_of(RefundStatus))  # pyright: ignore[reportArgumentType]
    refunded_amount: int = 0
    """Returned so far, in centavos; never more than `amount`."""
    refunded_at: datetime | None = instant(default=None)
    dispute_status: DisputeStatus | None = Field(default=None, sa_type=code_of(DisputeStatus))  # pyright: ignore[reportArgumentType]
    disputed_at: datetime | None = instant(default=None)
    attempts: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How often the provider tried to collect it."""
    provider_invoice_id: str = Field(max_length=64)
    provider_payment_intent_id: str | None = Field(default=None, max_length=64)
    voucher_line: str | None = Field(default=None, max_length=60)
    """The digits that pay the boleto; None once it is paid or has expired."""
    voucher_url: str | None = Field(default=None, max_length=500)
    """The provider's page of the boleto."""


class SubscriptionChange(Table, table=True):
    """One thing that happened to a subscription or to one of its payments; only ever added."""

    __tablename__ = "subscription_changes"
    __table_args__ = (Index(None, "subscription_id"),)

    id: Any = primary_id()
    creator_id: CreatorId = reference("creators.id")
    subscription_id: SubscriptionId = reference("subscriptions.id")
    at: datetime = instant()
    what: Happening = Field(sa_type=code_of(Happening))  # pyright: ignore[reportArgumentType]
    amount: int | None = None
    """In centavos, where it is about money."""
    actor_kind: ActorKind = Field(sa_type=code_of(ActorKind))  # pyright: ignore[reportArgumentType]
    actor_id: str | None = Field(default=None, max_length=64)
    request_id: str = Field(default_factory=request_id, max_length=64)


class Entitlement(Table, table=True):
    """What a subscription, or a courtesy, gives its fan for a time."""

    __tablename__ = "entitlements"
    __table_args__ = (
        Index(None, "fan_id"),
        Index(None, "subscription_id", unique=True),
        # What has ended and was acted on is never looked through again.
        Index(
            "ix_entitlements_due",
            "ends_at",
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
    )

    id: EntitlementId = primary_id()
    creator_id: CreatorId = reference("creators.id")
    fan_id: FanId = reference("fans.id")
    subscription_id: SubscriptionId | None = reference("subscriptions.id", default=None, nullable=True)
    """None for a courtesy."""
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    """The instant from which it no longer counts, grace time included."""
    settled_at: datetime | None = instant(default=None)
    """When its end was acted on; None while it is still to come."""
    note: str = Field(default="", max_length=200)
    """Why a courtesy was given."""


class Membership(Table, table=True):
    """Whether a fan is in the creator's list, since when, why, and by whom. One for each fan."""

    __tablename__ = "memberships"
    __table_args__ = (Index(None, "creator_id", "in_list"),)

    fan_id: FanId = reference("fans.id", primary_key=True)
    creator_id: CreatorId = reference("creators.id")
    in_list: bool
    since: datetime = instant()
    reason: MembershipReason = Field(sa_type=code_of(MembershipReason))  # pyright: ignore[reportArgumentType]
    actor_kind: ActorKind = Field(sa_type=code_of(ActorKind))  # pyright: ignore[reportArgumentType]
    actor_id: str | None = Field(default=None, max_length=64)


class MembershipChange(Table, table=True):
    """One change of a membership; only ever added, so that any past day can be answered for."""

    __tablename__ = "membership_changes"
    __table_args__ = (Index(None, "fan_id", "at"), Index(None, "creator_id", "at"))

    id: Any = primary_id()
    creator_id: CreatorId = reference("creators.id")
    fan_id: FanId = reference("fans.id")
    at: datetime = instant()
    in_list: bool
    reason: MembershipReason = Field(sa_type=code_of(MembershipReason))  # pyright: ignore[reportArgumentType]
    actor_kind: ActorKind = Field(sa_type=code_of(ActorKind))  # pyright: ignore[reportArgumentType]
    actor_id: str | None = Field(default=None, max_length=64)
    request_id: str = Field(default_factory=request_id, max_length=64)


class ListTask(Table, table=True):
    """An @perfil to add to, or remove from, the list by hand."""

    __tablename__ = "list_tasks"
    __table_args__ = (
        # A newer wish for the same fan replaces the open one: there is never a second.
        Index(
            "ix_list_tasks_open",
            "fan_id",
            unique=True,
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
        Index(None, "creator_id", "done_at", "created_at"),
    )

    id: ListTaskId = primary_id()
    creator_id: CreatorId = reference("creators.id")
    fan_id: FanId = reference("fans.id")
    wish: Wish = Field(sa_type=code_of(Wish))  # pyright: ignore[reportArgumentType]
    reason: MembershipReason = Field(sa_type=code_of(MembershipReason))  # pyright: ignore[reportArgumentType]
    created_at: datetime = instant()
    done_at: datetime | None = instant(default=None)


class Counter(Table, table=True):
    """How many subscriptions of a creator share one status, plan, method and place, by when they began."""

    __tablename__ = "counters"

    creator_id: CreatorId = reference("creators.id", primary_key=True)
    grain: Grain = Field(sa_type=code_of(Grain), primary_key=True)  # pyright: ignore[reportArgumentType]
    starts_on: date = Field(sa_type=Date, primary_key=True)
    """First São Paulo day that it covers; 1970-01-01 for all time."""
    status: Status = Field(sa_type=code_of(Status), primary_key=True)  # pyright: ignore[reportArgumentType]
    plan_id: PlanId = reference("plans.id", primary_key=True)
    method: Method = Field(sa_type=code_of(Method), primary_key=True)  # pyright: ignore[reportArgumentType]
    in_list: bool = Field(primary_key=True)
    subscriptions: int = 0
