"""Links that serve once: made, looked at, and used up inside a transaction."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from lastlink_ui.accounts.models import LinkPurpose, OneTimeLink
from lastlink_ui.accounts.sessions import token_hash
from lastlink_ui.core.errors import LastlinkError
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.db import UnitOfWork

LIFETIME = {
    LinkPurpose.INVITATION: timedelta(days=7),
    LinkPurpose.PASSWORD_RESET: timedelta(minutes=10),
    LinkPurpose.EMAIL_CHANGE: timedelta(hours=1),
    LinkPurpose.SIGN_IN: timedelta(minutes=10),
}
_TOKEN_BYTES = 32
_MAX_TOKEN = 64


class LinkUnusable(LastlinkError):
    """The link was used, is too old, or never was one: the three are not told apart."""

    def __init__(self) -> None:
        super().__init__("link.unusable")


@dataclass(frozen=True, slots=True)
class Link:
    """Whom a link is for: an account, or the address of somebody who has none yet."""

    creator_id: CreatorId | None
    email: str


def make(
    uow: UnitOfWork, purpose: LinkPurpose, now: datetime, *, creator: CreatorId | None = None, email: str = ""
) -> str:
    """A new link's token (256 bits), which is nowhere else."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    uow.session.add(
        OneTimeLink(
            purpose=purpose,
            token_hash=token_hash(token),
            creator_id=creator,
            email=email,
            created_at=now,
            expires_at=now + LIFETIME[purpose],
        )
    )
    return token


async def look(session: AsyncSession, purpose: LinkPurpose, token: str, now: datetime) -> Link:
    """Whom the link is for, without using it up: mail programs open links too. Raises: LinkUnusable."""
    found = await session.scalar(select(OneTimeLink).where(*_usable(purpose, token, now)))
    if found is None:
        raise LinkUnusable
    return Link(found.creator_id, found.email)


async def use(uow: UnitOfWork, purpose: LinkPurpose, token: str, now: datetime) -> None:
    """Use the link up. Raises: LinkUnusable, also for the second of two who do it at once."""
    used = await uow.session.scalars(
        update(OneTimeLink)
        .where(*_usable(purpose, token, now))
        .values(used_at=now, email="")
        .returning(col(OneTimeLink.id))
    )
    if used.one_or_none() is None:
        raise LinkUnusable


async def withdraw(uow: UnitOfWork, purpose: LinkPurpose, creator: CreatorId, now: datetime) -> None:
    """Make the creator's other links of that purpose useless."""
    await uow.session.execute(
        update(OneTimeLink)
        .where(
            col(OneTimeLink.purpose) == purpose,
            col(OneTimeLink.creator_id) == creator,
            col(OneTimeLink.used_at).is_(None),
        )
        .values(used_at=now)
    )


def _usable(purpose: LinkPurpose, token: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(OneTimeLink.token_hash) == token_hash(token[:_MAX_TOKEN]),
        col(OneTimeLink.purpose) == purpose,
        col(OneTimeLink.used_at).is_(None),
        col(OneTimeLink.expires_at) > now,
    )
