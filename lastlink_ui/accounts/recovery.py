"""How a creator comes to another password: with the present one, or by a link that serves once."""

from sqlalchemy import select, update
from sqlmodel import col

from lastlink_ui.accounts import audit, links, passwords, sessions
from lastlink_ui.accounts.models import Creator, LinkPurpose
from lastlink_ui.accounts.opening import normalized_email
from lastlink_ui.accounts.present_password import PresentPassword
from lastlink_ui.accounts.sessions import SignedInCreator
from lastlink_ui.core.actor import Actor, ActorKind
from lastlink_ui.core.clock import Clock
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.db import Database, UnitOfWork


class Recovery:
    """Passwords that are changed or forgotten."""

    def __init__(self, database: Database, clock: Clock, present_password: PresentPassword) -> None:
        self._database = database
        self._clock = clock
        self._present_password = present_password

    async def reset_link(self, email: str) -> str | None:
        """The token of a link that sets a new password, for ten minutes; None where nobody has that e-mail.

        Whoever asked must not be told which it was. Links made earlier no longer serve.
        """
        now = self._clock.now()
        async with self._database.unit_of_work() as uow:
            creator = await uow.session.scalar(
                select(col(Creator.id)).where(col(Creator.email) == normalized_email(email))
            )
            if creator is None:
                return None
            await links.withdraw(uow, LinkPurpose.PASSWORD_RESET, creator, now)
            return links.make(uow, LinkPurpose.PASSWORD_RESET, now, creator=creator)

    async def is_usable(self, token: str) -> bool:
        """Whether the link still serves."""
        async with self._database.reading() as reading:
            try:
                await links.look(reading, LinkPurpose.PASSWORD_RESET, token, self._clock.now())
            except links.LinkUnusable:
                return False
        return True

    async def reset(self, token: str, password: str) -> None:
        """Set the password and end every session. Raises: LinkUnusable, InvalidInput."""
        async with self._database.reading() as reading:
            link = await links.look(reading, LinkPurpose.PASSWORD_RESET, token, self._clock.now())
        if link.creator_id is None:
            raise links.LinkUnusable
        password_hash = await passwords.hash_password(password)
        async with self._database.unit_of_work() as uow:
            await links.use(uow, LinkPurpose.PASSWORD_RESET, token, self._clock.now())
            await self._set(uow, link.creator_id, password_hash, "password.reset")
            await sessions.revoke_all(uow, link.creator_id, self._clock.now())

    async def change(self, signed_in: SignedInCreator, present: str, password: str) -> None:
        """Set another password and end every other session.

        Raises: InvalidInput when the present one is wrong or tried too often, or the new one no good.
        """
        await self._present_password.require(signed_in, present)
        password_hash = await passwords.hash_password(password)
        async with self._database.unit_of_work() as uow:
            await self._set(uow, signed_in.creator_id, password_hash, "password.changed")
            await sessions.revoke_others(uow, signed_in, self._clock.now())

    async def _set(self, uow: UnitOfWork, creator: CreatorId, password_hash: str, action: str) -> None:
        await uow.session.execute(
            update(Creator).where(col(Creator.id) == creator).values(password_hash=password_hash)
        )
        # Whoever is half-way in by the former one starts again.
        await links.withdraw(uow, LinkPurpose.SIGN_IN, creator, self._clock.now())
        await audit.record(
            uow,
            creator,
            Actor(ActorKind.CREATOR, str(creator)),
            action,
            at=self._clock.now(),
            subject_kind="creator",
            subject_id=creator,
        )
