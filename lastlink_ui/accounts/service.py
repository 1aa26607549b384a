"""What a creator's account does: come to be, sign in and out, and say who is behind a session."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from lastlink_ui.accounts import audit, links, passwords, second_step, sessions
from lastlink_ui.accounts.limits import AttemptLimit
from lastlink_ui.accounts.models import Creator, LinkPurpose
from lastlink_ui.accounts.opening import add_creator, new_creator, normalized_email, which_is_taken
from lastlink_ui.accounts.sessions import OpenSession, SignedInCreator
from lastlink_ui.core.actor import Actor, ActorKind
from lastlink_ui.core.clock import Clock
from lastlink_ui.core.errors import LastlinkError, NotFound
from lastlink_ui.core.ids import CreatorId, SessionId
from lastlink_ui.db import Database, UnitOfWork

__all__ = [
    "Accounts",
    "CreatorCard",
    "SecondStepNeeded",
    "SignInRefused",
    "SignedInCreator",
    "TooManyAttempts",
]

_ATTEMPTS, _WINDOW = 5, timedelta(minutes=1)


class SignInRefused(LastlinkError):
    """E-mail and password do not fit together; which of them is wrong is never said."""

    def __init__(self) -> None:
        super().__init__("sign_in.refused")


class SecondStepNeeded(LastlinkError):
    """The password was right, and does not let in alone: see second_step.py."""

    def __init__(self, ticket: str) -> None:
        """`ticket` (256 bits): for that browser alone, and not for long."""
        super().__init__("second_step.sentence")
        self.ticket = ticket


class TooManyAttempts(LastlinkError):
    """This address has tried this account too often; other addresses are not held up."""

    def __init__(self) -> None:
        super().__init__("sign_in.too_many")


@dataclass(frozen=True, slots=True)
class CreatorCard:
    """What anyone may know of a creator."""

    id: CreatorId
    name: str
    handle: str
    about: str
    accent: str


class Accounts:
    """Creators, their sessions and how they sign in."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._attempts = AttemptLimit(clock, _ATTEMPTS, _WINDOW)

    async def sign_in(self, email: str, password: str, user_agent: str, *, address: str = "") -> str:
        """Begin a session; returns its token (256 bits), to be given to that browser alone.

        `address` is the network address that asks: five attempts a minute for each account and address.

        Raises: SignInRefused, TooManyAttempts; SecondStepNeeded, then no session has begun.
        """
        email = normalized_email(email)
        if not self._attempts.take((email, address)):
            raise TooManyAttempts
        async with self._database.reading() as reading:
            found = await reading.execute(
                select(col(Creator.id), col(Creator.password_hash)).where(col(Creator.email) == email)
            )
            creator, password_hash = found.one_or_none() or (None, None)
        # Outside any transaction: the hash takes a tenth of a second.
        if not await passwords.verify(password, password_hash) or creator is None:
            raise SignInRefused
        self._attempts.forget((email, address))
        async with self._database.unit_of_work() as uow:
            ticket = None
            if await second_step.is_on(uow.session, creator):
                ticket = links.make(uow, LinkPurpose.SIGN_IN, self._clock.now(), creator=creator)
        if ticket:
            raise SecondStepNeeded(ticket)
        async with self._database.unit_of_work() as uow:
            token, started = sessions.start(uow, creator, user_agent, self._clock.now())
            await self._record(uow, creator, "session.started", started)
        return token

    async def session(self, token: str) -> SignedInCreator | None:
        """Who `token` belongs to, asked of the database each time; None when the session is over.

        It is over 14 days after it was last used, 60 days after it began, or when it was revoked.
        """
        now = self._clock.now()
        async with self._database.reading() as reading:
            found = await sessions.find(reading, token, now)
        if found is None:
            return None
        signed_in, last_seen_at = found
        if sessions.is_stale(last_seen_at, now):
            async with self._database.unit_of_work() as uow:
                await sessions.mark_seen(uow, [signed_in.session_id], now)
        return signed_in

    async def open_among(self, session_ids: Collection[SessionId]) -> frozenset[SessionId]:
        """Those of the sessions that are not over; for whoever answers many at once, in one query.

        They count as used, as each would that asks by itself.
        """
        now = self._clock.now()
        async with self._database.reading() as reading:
            found = await sessions.open_among(reading, session_ids, now)
        if stale := [session for session, seen in found.items() if sessions.is_stale(seen, now)]:
            async with self._database.unit_of_work() as uow:
                await sessions.mark_seen(uow, stale, now)
        return frozenset(found)

    async def sign_out(self, token: str) -> None:
        """End the session of `token`; nothing happens when there is none."""
        now = self._clock.now()
        async with self._database.unit_of_work() as uow:
            if found := await sessions.find(uow.session, token, now):
                signed_in = found[0]
                await sessions.revoke(uow, signed_in.creator_id, signed_in.session_id, now)
                await self._record(uow, signed_in.creator_id, "session.ended", signed_in.session_id)

    async def open_sessions(self, creator: CreatorId) -> Sequence[OpenSession]:
        """The browsers in which the creator is signed in, the one last used first."""
        async with self._database.reading() as reading:
            return await sessions.list_open(reading, creator, self._clock.now())

    async def revoke_session(self, creator: CreatorId, session_id: SessionId) -> None:
        """Sign one browser of the creator out.

        Raises: NotFound.
        """
        async with self._database.unit_of_work() as uow:
            if not await sessions.revoke(uow, creator, session_id, self._clock.now()):
                raise NotFound
            await self._record(uow, creator, "session.revoked", session_id)

    async def revoke_other_sessions(self, kept: SignedInCreator) -> int:
        """Sign the creator out everywhere else; how many browsers that were."""
        async with self._database.unit_of_work() as uow:
            count = await sessions.revoke_others(uow, kept, self._clock.now())
            if count:
                await self._record(uow, kept.creator_id, "session.others_revoked", kept.session_id)
        return count

    async def create_creator(
        self, email: str, password: str, name: str, handle: str, *, about: str = "", accent: str = "#7c3aed"
    ) -> CreatorId:
        """Open an account.

        Raises: InvalidInput for a name, e-mail or password that cannot be used or is taken;
        InvalidHandle, one of them, for the handle.
        """
        creator = await new_creator(
            email, password, name, handle, self._clock.now(), about=about, accent=accent
        )
        try:
            async with self._database.unit_of_work() as uow:
                await add_creator(uow, creator)
        except IntegrityError:
            raise await which_is_taken(self._database, creator.handle) from None
        return creator.id

    async def creator_by_handle(self, handle: str) -> CreatorCard | None:
        """Whose public page is at `/<handle>`."""
        async with self._database.reading() as reading:
            found = await reading.scalar(select(Creator).where(col(Creator.handle) == handle))
            if found is None:
                return None
            return CreatorCard(found.id, found.name, found.handle, found.about, found.accent)

    async def _record(self, uow: UnitOfWork, creator: CreatorId, action: str, subject: SessionId) -> None:
        await audit.record(
            uow,
            creator,
            Actor(ActorKind.CREATOR, str(creator)),
            action,
            at=self._clock.now(),
            subject_kind="session",
            subject_id=subject,
        )
