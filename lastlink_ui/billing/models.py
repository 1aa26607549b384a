"""The tables of billing: checkouts, operations with their provider calls, and the inbox of events."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field

from lastlink_ui.core.actor import ActorKind
from lastlink_ui.core.ids import (
    CheckoutId,
    CreatorId,
    FanId,
    OperationId,
    PaymentId,
    PlanId,
    SubscriptionId,
    WithdrawalId,
)
from lastlink_ui.core.requests import request_id
from lastlink_ui.db.base import Table, instant, primary_id, reference
from lastlink_ui.db.types import Id, code_of
from lastlink_ui.subscribers.lifecycle import Method


class OperationKind(StrEnum):
    """The requested changes that the provider must carry out."""

    REFUND = "refund"
    CANCEL_AT_PERIOD_END = "cancel_at_period_end"
    CANCEL_NOW = "cancel_now"
    UNDO_CANCEL = "undo_cancel"
    CHANGE_PLAN = "change_plan"


class OperationStatus(StrEnum):
    """From request to result. Nothing leaves `requested` without an answer of the provider."""

    REQUESTED = "requested"
    SUCCEEDED = "succeeded"
    REFUSED = "refused"


class Checkout(Table, table=True):
    """A fan's way from the form to the provider's payment page. Holds nothing personal."""

    __tablename__ = "checkouts"
    __table_args__ = (
        Index(None, "creator_id", "fingerprint", unique=True),
        Index(None, "creator_id", "provider_session_id"),
        Index(None, "subscription_id"),
        Index(
            "ix_checkouts_look_at",
            "look_at",
            sqlite_where=text("look_at IS NOT NULL"),
            postgresql_where=text("look_at IS NOT NULL"),
        ),
    )

    id: CheckoutId = primary_id()
    creator_id: CreatorId = reference("creators.id")
    plan_id: PlanId = reference("plans.id")
    method: Method = Field(sa_type=code_of(Method))  # pyright: ignore[reportArgumentType]
    amount: int
    """What the page said that each period costs, in centavos."""
    fingerprint: str = Field(max_length=64)
    """Hash of one filled-in form: sending it twice finds the first checkout."""
    token_hash: str = Field(unique=True, max_length=64)
    """Hash of the token of `/obrigado/<token>`."""
    created_at: datetime = instant()
    expires_at: datetime = instant()
    """When the token stops opening the return page."""
    provider_session_id: str | None = Field(default=None, max_length=128)
    url: str | None = Field(default=None, max_length=2048)
    """The provider's payment page; None until the provider answered."""
    subscription_id: SubscriptionId | None = reference("subscriptions.id", default=None, nullable=True)
    look_at: datetime | None = instant(default=None)
    """When the provider is asked what became of it, unless that is heard before; None once it is known."""


class ProviderAccount(Table, table=True):
    """How a creator is paid: the keys of the own account at the provider, sealed, and the methods offered."""

    __tablename__ = "provider_accounts"

    creator_id: CreatorId = reference("creators.id", primary_key=True)
    api_key: str | None = Field(default=None, max_length=1000)
    """Sealed (core/sealing.py); None while nothing can be sold."""
    fingerprint: str | None = Field(default=None, max_length=64, index=True)
    """SHA-256 of the key: the same for creators who share an account."""
    key_hint: str = Field(default="", max_length=40)
    """The key's kind and its last four letters, to tell it by."""
    webhook_secret: str | None = Field(default=None, max_length=1000)
    """Sealed; signs what the provider tells."""
    former_webhook_secret: str | None = Field(default=None, max_length=1000)
    """Sealed; still counts until `former_until`."""
    former_until: datetime | None = instant(default=None)
    accepts_card: bool = True
    accepts_boleto: bool = False
    changed_at: datetime = instant()


class ProviderReading(Table, table=True):
    """How far an account at the provider has been read, so that the next time goes on from there."""

    __tablename__ = "provider_readings"

    account: str = Field(primary_key=True, max_length=36)
    """Whose account, by the creator's id; empty for the shared one."""
    events_until: datetime | None = instant(default=None)
    """The provider's time of the newest event read, once all before it were acted on."""
    subscriptions_after: str | None = Field(default=None, max_length=64)
    """Where comparing the subscriptions goes on; None: at the newest."""


class Operation(Table, table=True):
    """One requested change that touches money, from its request to its result."""

    __tablename__ = "operations"
    __table_args__ = (Index(None, "status", "requested_at"), Index(None, "subscription_id"))

    id: OperationId = primary_id()
    creator_id: CreatorId = reference("creators.id")
    kind: OperationKind = Field(sa_type=code_of(OperationKind))  # pyright: ignore[reportArgumentType]
    subscription_id: SubscriptionId = reference("subscriptions.id")
    payment_id: Any = Field(default=None, sa_type=Id, nullable=True)
    plan_id: PlanId | None = reference("plans.id", default=None, nullable=True)
    """The plan to change to."""
    unique_key: str | None = Field(default=None, unique=True, max_length=80)
    """Held while nobody else may ask for the same; given back when the request may be made again."""
    status: OperationStatus = Field(default=OperationStatus.REQUESTED, sa_type=code_of(OperationStatus))  # pyright: ignore[reportArgumentType]
    requested_at: datetime = instant()
    finished_at: datetime | None = instant(default=None)
    attempts: int = 0
    last_error: str = Field(default="", max_length=200)
    """Why the provider could not be asked the last time, or why it refused: a code, nothing personal."""
    actor_kind: ActorKind = Field(sa_type=code_of(ActorKind))  # pyright: ignore[reportArgumentType]
    actor_id: str | None = Field(default=None, max_length=64)
    request_id: str = Field(default_factory=request_id, max_length=64)


class ProviderCall(Table, table=True):
    """One call of the provider for one operation: written before it is made, with the key of every retry."""

    __tablename__ = "provider_calls"
    __table_args__ = (UniqueConstraint("operation_id", "step"),)

    id: Any = primary_id()
    operation_id: OperationId = reference("operations.id")
    step: str = Field(max_length=32)
    idempotency_key: str = Field(unique=True, max_length=80)
    parameters: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    started_at: datetime = instant()
    answered_at: datetime | None = instant(default=None)
    answer: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class Withdrawal(Table, table=True):
    """A fan's withdrawal within seven days (art. 49 of the Consumer Code): one for each subscription."""

    __tablename__ = "withdrawals"
    __table_args__ = (
        Index(
            "ix_withdrawals_to_transfer",
            "creator_id",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL AND done_at IS NULL"),
            postgresql_where=text("due_at IS NOT NULL AND done_at IS NULL"),
        ),
        Index(None, "fan_id"),
    )

    id: WithdrawalId = primary_id()
    creator_id: CreatorId = reference("creators.id")
    fan_id: FanId = reference("fans.id")
    subscription_id: SubscriptionId = reference("subscriptions.id", unique=True)
    payment_id: PaymentId = reference("payments.id")
    operation_id: OperationId = reference("operations.id")
    """What the provider is asked to do: return the money, or end the subscription of a boleto."""
    protocol: str = Field(unique=True, max_length=16)
    amount: int
    """What goes back, in centavos."""
    requested_at: datetime = instant()
    due_at: datetime | None = instant(default=None)
    """Until when the creator has to transfer the money; None where the provider returns it."""
    done_at: datetime | None = instant(default=None)
    """When the creator said that it was transferred."""


class MailKind(StrEnum):
    """The mails that fans get, and those that creators get."""

    FAN_SIGN_IN = "fan_sign_in"
    WITHDRAWN = "withdrawn"
    TRANSFERRED = "transferred"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a name
    EMAIL_CONFIRMATION = "email_confirmation"
    EMAIL_CHANGE = "email_change"
    EMAIL_CHANGE_ASKED = "email_change_asked"
    BOLETO_ISSUED = "boleto_issued"
    ACCESS_RELEASED = "access_released"
    ALREADY_SUBSCRIBED = "already_subscribed"


class OutboxMail(Table, table=True):
    """One mail to be sent. Whom it goes to, and what it says, is looked up when it is."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_waiting",
            "next_at",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    id: Any = primary_id()
    creator_id: CreatorId = reference("creators.id")
    kind: MailKind = Field(sa_type=code_of(MailKind))  # pyright: ignore[reportArgumentType]
    unique_key: str = Field(unique=True, max_length=128)
    """What caused it: the same cause has it sent once."""
    fan_id: FanId | None = reference("fans.id", default=None, nullable=True)
    """None where it goes to the creator."""
    subscription_id: SubscriptionId | None = reference("subscriptions.id", default=None, nullable=True)
    subject_id: Any = Field(default=None, sa_type=Id, nullable=True)
    """What else it is about: the link that it brings."""
    created_at: datetime = instant()
    next_at: datetime = instant()
    """When it is tried next."""
    done_at: datetime | None = instant(default=None)
    """When it was sent, or given up."""
    attempts: int = 0
    last_error: str = Field(default="", max_length=64)
    """Why it was not sent: a code, nothing personal."""


class InboxEvent(Table, table=True):
    """One event of the provider, stored before it is acted on. Only ids of it are kept."""

    __tablename__ = "inbox"
    __table_args__ = (Index(None, "done_at", "received_at"), UniqueConstraint("account", "provider_event_id"))

    id: Any = primary_id()
    account: str = Field(default="", max_length=36)
    """Whose account it happened in, by the creator's id; empty for the shared one."""
    provider_event_id: str = Field(max_length=64)
    type: str = Field(max_length=64)
    subject: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    """The ids that the event names: subscription, invoice, payment intent, checkout."""
    occurred_at: datetime = instant()
    received_at: datetime = instant()
    done_at: datetime | None = instant(default=None)
    attempts: int = 0
    last_error: str = Field(default="", max_length=500)
