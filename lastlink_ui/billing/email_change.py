"""The e-mail of an account: proved by a link that goes to it; a change is told to the present one."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from lastlink_ui.accounts import audit, links
from lastlink_ui.accounts.links import LinkUnusable
from lastlink_ui.accounts.models import Creator, LinkPurpose
from lastlink_ui.accounts.opening import checked_email
from lastlink_ui.accounts.present_password import PresentPassword
from lastlink_ui.accounts.sessions import SignedInCreator
from lastlink_ui.billing import outbox
from lastlink_ui.billing.mailed_links import MailedLinks
from lastlink_ui.billing.models import MailKind
from lastlink_ui.core.actor import Actor, ActorKind
from lastlink_ui.core.clock import Clock
from lastlink_ui.core.errors import InvalidInput
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.db import Database


@dataclass(frozen=True, slots=True)
class Proof:
    """The address that a link proves, and whether it is the account's already."""

    email: str
    is_own: bool


class EmailChange:
    """Its own one, or another, which is asked for with the password and counts once it has answered."""

    def __init__(
        self,
        database: Database,
        machine_clock: Clock,
        mail_clock: Clock,
        mailed: MailedLinks,
        present_password: PresentPassword,
    ) -> None:
        """`machine_clock`: what links go by; `mail_clock`: what the outbox goes by."""
        self._database = database
        self._clock = machine_clock
        self._mail_clock = mail_clock
        self._mailed = mailed
        self._present_password = present_password

    async def ask(self, signed_in: SignedInCreator, typed: str, password: str) -> None:
        """Have a link sent to the address that was typed, and the present one told that it was asked for.

        Whether somebody else has that address is not said: no link goes to it then. Raises: InvalidInput.
        """
        email = checked_email(typed)
        if email == signed_in.email:
            raise InvalidInput("email_change.same")
        await self._present_password.require(signed_in, password)
        creator, now = signed_in.creator_id, self._clock.now()
        async with self._database.unit_of_work() as uow:
            taken = await uow.session.scalar(select(col(Creator.id)).where(col(Creator.email) == email))
            link = await self._mailed.make(uow, creator, now, email=email)
            at = self._mail_clock.now()
            if taken is None:
                await outbox.post_to_creator(uow, MailKind.EMAIL_CHANGE, creator, link, at)
            await outbox.post_to_creator(uow, MailKind.EMAIL_CHANGE_ASKED, creator, link, at)

    async def ask_to_confirm(self, creator: CreatorId) -> None:
        """Have a link sent to the account's own address.

        Nothing happens once the address is proved, or while a link was sent just now.
        """
        now = self._clock.now()
        async with self._database.unit_of_work() as uow:
            account = await uow.session.get_one(Creator, creator, with_for_update=True)
            email = account.email
            if account.email_confirmed_at or await self._mailed.made_just_now(uow, creator, now, email=email):
                return
            link = await self._mailed.make(uow, creator, now, email=email)
            at = self._mail_clock.now()
            await outbox.post_to_creator(uow, MailKind.EMAIL_CONFIRMATION, creator, link, at)

    async def asked_for(self, token: str) -> Proof:
        """What the link proves, without using it up. Raises: LinkUnusable."""
        async with self._database.reading() as session:
            link = await links.look(session, LinkPurpose.EMAIL_CHANGE, token, self._clock.now())
            own = await session.scalar(
                select(col(Creator.id)).where(
                    col(Creator.id) == link.creator_id, col(Creator.email) == link.email
                )
            )
        return Proof(link.email, is_own=own is not None)

    async def confirm(self, token: str) -> str:
        """From now on the account has that address, and it is proved; returns it. Raises: LinkUnusable.

        Links that went to a former address no longer serve.
        """
        now = self._clock.now()
        try:
            async with self._database.unit_of_work() as uow:
                link = await links.look(uow.session, LinkPurpose.EMAIL_CHANGE, token, now)
                await links.use(uow, LinkPurpose.EMAIL_CHANGE, token, now)
                if link.creator_id is None:
                    raise LinkUnusable
                creator = await uow.session.get_one(Creator, link.creator_id, with_for_update=True)
                is_own = creator.email == link.email
                creator.email, creator.email_confirmed_at = link.email, now
                if not is_own:
                    await links.withdraw(uow, LinkPurpose.PASSWORD_RESET, creator.id, now)
                await uow.session.flush()
                await audit.record(
                    uow,
                    creator.id,
                    Actor(ActorKind.CREATOR, str(creator.id)),
                    "email.confirmed" if is_own else "email.changed",
                    at=now,
                    subject_kind="creator",
                    subject_id=creator.id,
                )
        except IntegrityError:  # somebody opened an account with it meanwhile
            raise LinkUnusable from None
        return link.email
