"""The tables of accounts: creators, their sessions, and the audit log."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, false
from sqlmodel import Field

from lastlink_ui.core.actor import ActorKind
from lastlink_ui.core.handles import shape
from lastlink_ui.core.ids import CreatorId, SessionId
from lastlink_ui.core.requests import request_id
from lastlink_ui.db.base import Table, instant, primary_id, reference
from lastlink_ui.db.types import Id, code_of


def _shape_of_handle(context: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own context of an insert
    return shape(context.get_current_parameters()["handle"])


class Creator(Table, table=True):
    """A tenant: owns plans, subscribers and one public page."""

    __tablename__ = "creators"

    id: CreatorId = primary_id()
    email: str = Field(unique=True, max_length=254)
    """Normalised: trimmed, lower case."""
    email_confirmed_at: datetime | None = instant(default=None)
    """When a link that was mailed to it was used; None until then."""
    password_hash: str
    name: str = Field(max_length=80)
    handle: str = Field(unique=True, max_length=30)
    """First path segment of the public page, lower case, without @."""
    about: str = Field(default="", max_length=500)
    accent: str = Field(default="#7c3aed", max_length=7)
    picture: str = Field(default="", max_length=32, sa_column_kwargs={"server_default": ""})
    """Which of the creator's pictures the page shows; "" for none."""
    handle_shape: str = Field(
        default=None,
        index=True,
        max_length=30,
        nullable=False,
        sa_column_kwargs={"default": _shape_of_handle, "server_default": ""},
    )
    """What the handle looks like: nobody else's may look the same."""
    retention_months: int | None = None
    """How long who a fan was is kept after everything of theirs ended; None for as long as nobody asks."""
    covers_renewals: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Whether fans may withdraw from each renewal too; from the first charge they always may."""
    created_at: datetime = instant()


class CreatorPicture(Table, table=True):
    """A creator's picture as it is served, by its content."""

    __tablename__ = "creator_pictures"

    id: str = Field(primary_key=True, max_length=32)
    """The first half of the SHA-256 of its bytes, in hexadecimal."""
    creator_id: CreatorId = reference("creators.id", primary_key=True, index=True)
    webp: bytes
    made_at: datetime = instant()


class FormerHandle(Table, table=True):
    """An address that a public page had: it leads to the present one, and nobody else gets it."""

    __tablename__ = "former_handles"

    handle: str = Field(primary_key=True, max_length=30)
    handle_shape: str = Field(max_length=30, index=True)
    """What the eye takes it for: see core/handles.py."""
    creator_id: CreatorId = reference("creators.id", index=True)
    left_at: datetime = instant()


class Session(Table, table=True):
    """One signed-in browser. Only the hash of its token is here."""

    __tablename__ = "sessions"

    id: SessionId = primary_id()
    creator_id: CreatorId = reference("creators.id", index=True)
    token_hash: str = Field(unique=True, max_length=64)
    created_at: datetime = instant()
    last_seen_at: datetime = instant()
    expires_at: datetime = instant()
    revoked_at: datetime | None = instant(default=None)
    user_agent: str = Field(default="", max_length=200)


class SecondStepRow(Table, table=True):
    """A creator's second step at sign-in: see second_step.py."""

    __tablename__ = "second_steps"

    creator_id: CreatorId = reference("creators.id", primary_key=True)
    secret: str = Field(max_length=300)
    """Sealed (core/sealing.py)."""
    confirmed_at: datetime | None = instant(default=None)
    """Since when it is asked for; None until the app showed the right code once."""
    last_step: int = 0
    """The half minute of the last code that let in: none lets in twice."""


class RecoveryCode(Table, table=True):
    """One code that stands for the app, once. Only its hash is here."""

    __tablename__ = "recovery_codes"

    id: Any = primary_id()
    creator_id: CreatorId = reference("creators.id", index=True)
    code_hash: str = Field(max_length=64)
    used_at: datetime | None = instant(default=None)


class LinkPurpose(StrEnum):
    """What a link that serves once is for."""

    INVITATION = "invitation"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a name
    EMAIL_CHANGE = "email_change"
    SIGN_IN = "sign_in"
    """A sign-in whose password was right; its token is a cookie's."""


class OneTimeLink(Table, table=True):
    """A link that serves once and not for long. Only the hash of its token is here."""

    __tablename__ = "one_time_links"

    id: Any = primary_id()
    purpose: LinkPurpose = Field(sa_type=code_of(LinkPurpose))  # pyright: ignore[reportArgumentType]
    token_hash: str = Field(unique=True, max_length=64)
    creator_id: CreatorId | None = reference("creators.id", index=True, default=None)
    """Whose account; none yet for an invitation."""
    email: str = Field(default="", max_length=254)
    """Who is invited, or what the account's address is to be; emptied when the link is used."""
    created_at: datetime = instant()
    expires_at: datetime = instant()
    used_at: datetime | None = instant(default=None)


class AuditEntry(Table, table=True):
    """One thing that was done, by whom, and why. Only ids: nothing personal; never changed."""

    __tablename__ = "audit_log"
    __table_args__ = (Index(None, "creator_id", "at"),)

    id: Any = primary_id()
    creator_id: CreatorId = reference("creators.id")
    at: datetime = instant()
    actor_kind: ActorKind = Field(sa_type=code_of(ActorKind))  # pyright: ignore[reportArgumentType]
    actor_id: str | None = Field(default=None, max_length=64)
    action: str = Field(max_length=64)
    subject_kind: str = Field(default="", max_length=32)
    subject_id: Any = Field(default=None, sa_type=Id, nullable=True)
    request_id: str = Field(default_factory=request_id, max_length=64)
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
