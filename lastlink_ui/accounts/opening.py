"""How an account comes to be: what it is made of is checked, then it is added in one transaction."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from lastlink_ui.accounts import audit, links, passwords
from lastlink_ui.accounts.addresses import require_free
from lastlink_ui.accounts.models import Creator, LinkPurpose
from lastlink_ui.core.actor import SYSTEM, Actor, ActorKind
from lastlink_ui.core.clock import Clock
from lastlink_ui.core.errors import InvalidInput
from lastlink_ui.core.handles import InvalidHandle, parse_handle
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.core.typed import line
from lastlink_ui.db import Database, UnitOfWork

MAX_NAME = 80
MAX_EMAIL = 254


def normalized_email(typed: str) -> str:
    """An e-mail address as it is stored and compared: trimmed, lower case."""
    return line(typed).lower()


def checked_email(typed: str) -> str:
    """`typed`, normalised. Raises: InvalidInput when no mail could reach it."""
    email = normalized_email(typed)
    if "@" not in email.strip("@") or len(email) > MAX_EMAIL:
        raise InvalidInput("account.email_unreadable")
    return email


async def new_creator(
    email: str,
    password: str,
    name: str,
    handle: str,
    now: datetime,
    *,
    about: str = "",
    accent: str = "#7c3aed",
) -> Creator:
    """A creator that is nowhere yet. Raises: InvalidInput; InvalidHandle, one of them, for the handle."""
    email, name, handle = checked_email(email), line(name), parse_handle(handle)
    if not 0 < len(name) <= MAX_NAME:
        raise InvalidInput("account.name_length", max=MAX_NAME)
    return Creator(
        email=email,
        password_hash=await passwords.hash_password(password),
        name=name,
        handle=handle,
        about=about,
        accent=accent,
        created_at=now,
    )


async def add_creator(uow: UnitOfWork, creator: Creator, actor: Actor = SYSTEM) -> None:
    """Add the account.

    Raises: InvalidHandle where somebody has the handle, or one that looks the same; IntegrityError where
    the e-mail is taken, or the handle at this very moment.
    """
    await require_free(uow.session, creator.handle)
    uow.session.add(creator)
    await uow.session.flush()
    await audit.record(
        uow,
        creator.id,
        actor,
        "creator.created",
        at=creator.created_at,
        subject_kind="creator",
        subject_id=creator.id,
    )


async def which_is_taken(database: Database, handle: str) -> InvalidInput:
    """What to say when the database, which alone can tell, has refused a new creator."""
    async with database.reading() as reading:
        found = await reading.scalar(select(col(Creator.id)).where(col(Creator.handle) == handle))
    return InvalidHandle("handle.taken") if found else InvalidInput("account.email_taken")


class Invitations:
    """The operator's invitations, by which every creator but the first comes to an account."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def invite(self, email: str) -> str:
        """The token of a link for whoever reads mail at `email`; seven days. Raises: InvalidInput."""
        email = checked_email(email)
        async with self._database.unit_of_work() as uow:
            if await uow.session.scalar(select(col(Creator.id)).where(col(Creator.email) == email)):
                raise InvalidInput("account.email_taken")
            return links.make(uow, LinkPurpose.INVITATION, self._clock.now(), email=email)

    async def invited(self, token: str) -> str:
        """The address that was invited. Raises: LinkUnusable."""
        async with self._database.reading() as reading:
            return (await links.look(reading, LinkPurpose.INVITATION, token, self._clock.now())).email

    async def accept(self, token: str, password: str, name: str, handle: str) -> CreatorId:
        """Open the account; its e-mail is the invited one.

        Raises: LinkUnusable; InvalidInput, InvalidHandle for what cannot be used or is taken.
        """
        email = await self.invited(token)
        creator = await new_creator(email, password, name, handle, self._clock.now())
        try:
            async with self._database.unit_of_work() as uow:
                await links.use(uow, LinkPurpose.INVITATION, token, self._clock.now())
                await add_creator(uow, creator, Actor(ActorKind.CREATOR, str(creator.id)))
        except IntegrityError:
            raise await which_is_taken(self._database, creator.handle) from None
        return creator.id
