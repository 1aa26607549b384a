"""Sessions of signed-in browsers: made, looked up, kept alive and ended inside a transaction."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from lastlink_ui.accounts.models import Creator, Session
from lastlink_ui.core.ids import CreatorId, SessionId
from lastlink_ui.db import UnitOfWork

IDLE_LIMIT = timedelta(days=14)
ABSOLUTE_LIMIT = timedelta(days=60)
_SEEN_EVERY = timedelta(minutes=1)
_TOKEN_BYTES = 32
_MAX_TOKEN = 64
_MAX_USER_AGENT = 200
_MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class SignedInCreator:
    """Who stands behind a request, as the database says at this moment."""

    session_id: SessionId
    creator_id: CreatorId
    name: str
    handle: str
    email: str
    email_confirmed: bool


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One browser that is signed in."""

    id: SessionId
    user_agent: str
    created_at: datetime
    last_seen_at: datetime


def start(uow: UnitOfWork, creator: CreatorId, user_agent: str, now: datetime) -> tuple[str, SessionId]:
    """Begin a session; returns its token, which is nowhere else, and its id."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session = Session(
        creator_id=creator,
        token_hash=token_hash(token),
        created_at=now,
        last_seen_at=now,
        expires_at=now + ABSOLUTE_LIMIT,
        user_agent=_printable(user_agent)[:_MAX_USER_AGENT],
    )
    uow.session.add(session)
    return token, session.id


async def find(session: AsyncSession, token: str, now: datetime) -> tuple[SignedInCreator, datetime] | None:
    """The creator behind `token`, and when the session was last seen; None when it is over or never was."""
    if not 0 < len(token) <= _MAX_TOKEN:
        return None
    found = await session.execute(
        select(Session, Creator)
        .join(Creator, col(Creator.id) == col(Session.creator_id))
        .where(col(Session.token_hash) == token_hash(token), *_open(now))
    )
    row = found.one_or_none()
    if row is None:
        return None
    known, creator = row
    return (
        SignedInCreator(
            known.id,
            creator.id,
            creator.name,
            creator.handle,
            creator.email,
            creator.email_confirmed_at is not None,
        ),
        known.last_seen_at,
    )


def is_stale(last_seen_at: datetime, now: datetime) -> bool:
    """Whether it is time to write down that the session was used."""
    return now - last_seen_at >= _SEEN_EVERY


async def mark_seen(uow: UnitOfWork, sessions: Collection[SessionId], now: datetime) -> None:
    """Write down that the sessions are in use, unless somebody just did."""
    await uow.session.execute(
        update(Session)
        .where(col(Session.id).in_(list(sessions)), col(Session.last_seen_at) <= now - _SEEN_EVERY)
        .values(last_seen_at=now)
    )


async def open_among(
    session: AsyncSession, sessions: Collection[SessionId], now: datetime
) -> dict[SessionId, datetime]:
    """Those of `sessions` that are not over, each with when it was last seen."""
    found = await session.execute(
        select(col(Session.id), col(Session.last_seen_at)).where(
            col(Session.id).in_(list(sessions)), *_open(now)
        )
    )
    return {row[0]: row[1] for row in found}


async def list_open(session: AsyncSession, creator: CreatorId, now: datetime) -> Sequence[OpenSession]:
    """The creator's signed-in browsers, the one last used first; at most a hundred."""
    found = await session.scalars(
        select(Session)
        .where(col(Session.creator_id) == creator, *_open(now))
        .order_by(col(Session.last_seen_at).desc(), col(Session.id).desc())
        .limit(_MOST_LISTED)
    )
    return [OpenSession(row.id, row.user_agent, row.created_at, row.last_seen_at) for row in found]


async def revoke(uow: UnitOfWork, creator: CreatorId, session_id: SessionId, now: datetime) -> bool:
    """End one session of the creator; whether it was open."""
    ended = await uow.session.scalars(
        update(Session)
        .where(col(Session.id) == session_id, col(Session.creator_id) == creator, *_open(now))
        .values(revoked_at=now)
        .returning(col(Session.id))
    )
    return ended.one_or_none() is not None


async def revoke_others(uow: UnitOfWork, kept: SignedInCreator, now: datetime) -> int:
    """End every session of the creator but `kept`; how many there were."""
    ended = await uow.session.scalars(
        update(Session)
        .where(col(Session.creator_id) == kept.creator_id, col(Session.id) != kept.session_id, *_open(now))
        .values(revoked_at=now)
        .returning(col(Session.id))
    )
    return len(ended.all())


async def revoke_all(uow: UnitOfWork, creator: CreatorId, now: datetime) -> None:
    """End every session of the creator."""
    await uow.session.execute(
        update(Session).where(col(Session.creator_id) == creator, *_open(now)).values(revoked_at=now)
    )


def token_hash(token: str) -> str:
    """What is stored of a token. It has 256 random bits, so a plain hash cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()


def _open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Session.revoked_at).is_(None),
        col(Session.expires_at) > now,
        col(Session.last_seen_at) > now - IDLE_LIMIT,
    )


def _printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable())
