"""Another e-mail for a creator's account: proved by a link that goes to it, and told to the present one."""

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
from lastlink_ui.db import Database


class EmailChange:
    """Asked for with the password; nothing changes before the new address has answered."""

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

    async def asked_for(self, token: str) -> str:
        """The new address, without using the link up. Raises: LinkUnusable."""
        async with self._database.reading() as session:
            return (await links.look(session, LinkPurpose.EMAIL_CHANGE, token, self._clock.now())).email

    async def confirm(self, token: str) -> str:
        """From now on the account has the new address; returns it. Raises: LinkUnusable.

        Links that went to the former address no longer serve.
        """
        now = self._clock.now()
        try:
            async with self._database.unit_of_work() as uow:
                link = await links.look(uow.session, LinkPurpose.EMAIL_CHANGE, token, now)
                await links.use(uow, LinkPurpose.EMAIL_CHANGE, token, now)
                if link.creator_id is None:
                    raise LinkUnusable
                creator = await uow.session.get_one(Creator, link.creator_id, with_for_update=True)
                creator.email = link.email
                await links.withdraw(uow, LinkPurpose.PASSWORD_RESET, creator.id, now)
                await uow.session.flush()
                await audit.record(
                    uow,
                    creator.id,
                    Actor(ActorKind.CREATOR, str(creator.id)),
                    "email.changed",
                    at=now,
                    subject_kind="creator",
                    subject_id=creator.id,
                )
        except IntegrityError:  # somebody opened an account with it meanwhile
            raise LinkUnusable from None
        return link.email
