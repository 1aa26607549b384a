"""How a fan comes in: a link sent to the own address, used once, then a session of that browser."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from lastlink_ui.accounts.limits import AttemptLimit
from lastlink_ui.accounts.sessions import token_hash
from lastlink_ui.billing import outbox
from lastlink_ui.core.clock import Clock
from lastlink_ui.core.errors import LastlinkError
from lastlink_ui.core.ids import CreatorId, FanId, FanLinkId, FanSessionId, new_id
from lastlink_ui.db import Database, UnitOfWork
from lastlink_ui.fan_page.models import FanLink, FanSession
from lastlink_ui.subscribers.models import Fan
from lastlink_ui.subscribers.normalise import normalise_email

LINK_LIFE = outbox.SIGN_IN_LIFE
SESSION_LIFE = timedelta(days=30)
IDLE_LIMIT = timedelta(days=7)
_SEEN_EVERY = timedelta(minutes=1)
# One address asks for one e-mail; from one address for any: behind a mobile carrier there are many fans.
_ATTEMPTS, _ATTEMPTS_OF_ADDRESS, _WINDOW = 5, 300, timedelta(minutes=10)
_ONE_MAIL_EVERY = timedelta(minutes=1)
_TOKEN_BYTES = 32
_MAX_TOKEN = 64


class FanLinkUnusable(LastlinkError):
    """The link was used, is too old, or never was one: the three are not told apart."""

    def __init__(self) -> None:
        super().__init__("fan_sign_in.unusable")


class TooManyLinks(LastlinkError):
    """Too many were asked for from there; nobody else is held up by it."""

    def __init__(self) -> None:
        super().__init__("fan_sign_in.too_many")


@dataclass(frozen=True, slots=True)
class SignedInFan:
    """Who proved to own an address, as the database says at this moment."""

    session_id: FanSessionId
    email: str
    fans: tuple[tuple[CreatorId, FanId], ...]
    """The same person at each creator; never empty."""

    def at(self, creator: CreatorId) -> FanId | None:
        """Who this is at that creator."""
        return next((fan for owner, fan in self.fans if owner == creator), None)


class FanAccess:
    """Links by mail and the sessions they begin, which reach every creator that knows the address."""

    def __init__(
        self, database: Database, machine_clock: Clock, mail_clock: Clock, secret: str, origin: str
    ) -> None:
        """`machine_clock`: what browsers go by; `mail_clock`: what the outbox goes by."""
        self._database = database
        self._clock = machine_clock
        self._mail_clock = mail_clock
        self._secret = secret.encode()
        self._origin = origin
        self._by_email = AttemptLimit(machine_clock, _ATTEMPTS, _WINDOW)
        self._by_address = AttemptLimit(machine_clock, _ATTEMPTS_OF_ADDRESS, _WINDOW)

    def asked(self, typed: str, address: str) -> str:
        """The address that somebody at the network address `address` asks a link for.

        Raises: InvalidInput for what cannot be an address, TooManyLinks; whether it is known plays no part.
        """
        email = normalise_email(typed)
        if not self._by_email.take((email, address)) or not self._by_address.take(address):
            raise TooManyLinks
        return email

    async def send_link(self, email: str) -> None:
        """Have a link sent, where the address is known; nothing while an unused one was sent just now."""
        now = self._clock.now()
        async with self._database.unit_of_work() as uow:
            known = await uow.session.scalars(
                select(Fan).where(col(Fan.email) == email).order_by(col(Fan.id)).limit(1).with_for_update()
            )
            fan = known.first()
            if fan is None or await _was_sent_just_now(uow, fan.id, now):
                return
            await _forget_old(uow, fan.id, now)
            link_id = FanLinkId(new_id())
            uow.session.add(
                FanLink(
                    id=link_id,
                    fan_id=fan.id,
                    token_hash=token_hash(self._token(link_id)),
                    created_at=now,
                    expires_at=now + LINK_LIFE,
                )
            )
            await uow.session.flush()
            await outbox.post_sign_in(uow, fan, link_id, self._mail_clock.now())

    def link_address(self, link_id: FanLinkId) -> str:
        """Where the link leads: derived, so that no table and no mail that waits holds it."""
        return f"{self._origin}/minha-assinatura/entrar/{self._token(link_id)}"

    async def is_usable(self, token: str) -> bool:
        """Whether the link still lets in; looking uses nothing up: mail programs open links too."""
        async with self._database.reading() as session:
            found = await session.scalars(select(col(FanLink.id)).where(*self._usable(token)))
            return found.one_or_none() is not None

    async def enter(self, token: str) -> str:
        """Use the link up, and every other one of that fan; returns the token of a new session.

        Raises: FanLinkUnusable, also for the second of two who use it at once.
        """
        now = self._clock.now()
        async with self._database.unit_of_work() as uow:
            used = await uow.session.scalars(
                update(FanLink).where(*self._usable(token)).values(used_at=now).returning(col(FanLink.fan_id))
            )
            fan_id = used.one_or_none()
            fan = await uow.session.get(Fan, fan_id) if fan_id else None
            if fan is None or fan.email is None:
                raise FanLinkUnusable
            await uow.session.execute(
                update(FanLink)
                .where(col(FanLink.fan_id) == fan.id, col(FanLink.used_at).is_(None))
                .values(used_at=now)
            )
            session_token = secrets.token_urlsafe(_TOKEN_BYTES)
            uow.session.add(
                FanSession(
                    fan_id=fan.id,
                    email_hash=_email_hash(fan.email),
                    token_hash=token_hash(session_token),
                    created_at=now,
                    last_seen_at=now,
                    expires_at=now + SESSION_LIFE,
                )
            )
        return session_token

    async def session(self, token: str) -> SignedInFan | None:
        """Who is behind `token`, asked of the database each time; None when the session is over.

        It is over 7 days after it was last used, 30 days after it began, when it was ended, and when the
        fan's address is no longer the one that was proved.
        """
        if not 0 < len(token) <= _MAX_TOKEN:
            return None
        now = self._clock.now()
        async with self._database.reading() as reading:
            found = await reading.execute(
                select(FanSession, col(Fan.email))
                .join(Fan, col(Fan.id) == col(FanSession.fan_id))
                .where(col(FanSession.token_hash) == token_hash(token), *_open(now))
            )
            row = found.one_or_none()
            session, email = row or (None, None)
            if session is None or email is None or _email_hash(email) != session.email_hash:
                return None
            fans = await _fans_of(reading, email)
        if now - session.last_seen_at >= _SEEN_EVERY:
            async with self._database.unit_of_work() as uow:
                await uow.session.execute(
                    update(FanSession).where(col(FanSession.id) == session.id).values(last_seen_at=now)
                )
        return SignedInFan(session.id, email, fans)

    async def hold_on_to(self, session: FanSessionId, fan: FanId) -> None:
        """Let the session rest on that fan of the same address, since the one it rested on is forgotten."""
        async with self._database.unit_of_work() as uow:
            await uow.session.execute(
                update(FanSession).where(col(FanSession.id) == session).values(fan_id=fan)
            )

    async def sign_out(self, token: str) -> None:
        """End the session of `token`; nothing happens when there is none."""
        now = self._clock.now()
        async with self._database.unit_of_work() as uow:
            await uow.session.execute(
                update(FanSession)
                .where(col(FanSession.token_hash) == token_hash(token[:_MAX_TOKEN]), *_open(now))
                .values(revoked_at=now)
            )

    def _usable(self, token: str) -> tuple[ColumnElement[bool], ...]:
        return (
            col(FanLink.token_hash) == token_hash(token[:_MAX_TOKEN]),
            col(FanLink.used_at).is_(None),
            col(FanLink.expires_at) > self._clock.now(),
        )

    def _token(self, link_id: FanLinkId) -> str:
        """256 bits, known to whoever knows the secret and to whoever gets the mail."""
        return hmac.new(self._secret, b"fan link:" + link_id.bytes, hashlib.sha256).hexdigest()


async def _was_sent_just_now(uow: UnitOfWork, fan: FanId, now: datetime) -> bool:
    found = await uow.session.scalars(
        select(col(FanLink.id))
        .where(
            col(FanLink.fan_id) == fan,
            col(FanLink.used_at).is_(None),
            col(FanLink.created_at) > now - _ONE_MAIL_EVERY,
        )
        .limit(1)
    )
    return found.first() is not None


async def _forget_old(uow: UnitOfWork, fan: FanId, now: datetime) -> None:
    """Links and sessions that are long over serve nobody."""
    for table in (FanLink, FanSession):
        await uow.session.execute(
            delete(table).where(col(table.fan_id) == fan, col(table.expires_at) < now - timedelta(days=1))
        )


async def _fans_of(session: AsyncSession, email: str) -> tuple[tuple[CreatorId, FanId], ...]:
    found = await session.execute(
        select(col(Fan.creator_id), col(Fan.id)).where(col(Fan.email) == email).order_by(col(Fan.id))
    )
    return tuple((creator, fan) for creator, fan in found)


def _email_hash(email: str) -> str:
    return hashlib.sha256(email.encode()).hexdigest()


def _open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(FanSession.revoked_at).is_(None),
        col(FanSession.expires_at) > now,
        col(FanSession.last_seen_at) > now - IDLE_LIMIT,
    )
