"""Links that serve once and go to a creator by mail: derived from their ids, so that nothing holds them."""

import hashlib
import hmac
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from lastlink_ui.accounts import links
from lastlink_ui.accounts.models import LinkPurpose, OneTimeLink
from lastlink_ui.accounts.sessions import token_hash
from lastlink_ui.core.ids import CreatorId, new_id
from lastlink_ui.db import UnitOfWork

_ONE_MAIL_EVERY = timedelta(minutes=1)


class MailedLinks:
    """Those of one purpose; a creator has one of them at a time."""

    def __init__(self, secret: str, origin: str, purpose: LinkPurpose, path: str) -> None:
        """`path`: of the page that they lead to."""
        self._secret = secret.encode()
        self._origin = origin
        self._purpose = purpose
        self._path = path

    async def make(self, uow: UnitOfWork, creator: CreatorId, now: datetime, *, email: str = "") -> UUID:
        """A new link's id; links of the same purpose made earlier no longer serve."""
        await links.withdraw(uow, self._purpose, creator, now)
        link = new_id()
        uow.session.add(
            OneTimeLink(
                id=link,
                purpose=self._purpose,
                token_hash=token_hash(self._token(link)),
                creator_id=creator,
                email=email,
                created_at=now,
                expires_at=now + links.LIFETIME[self._purpose],
            )
        )
        await uow.session.flush()
        return link

    async def made_just_now(
        self, uow: UnitOfWork, creator: CreatorId, now: datetime, *, email: str = ""
    ) -> bool:
        """Whether one such that still serves was made within the last minute: nobody's mailbox is flooded."""
        found = await uow.session.scalar(
            select(col(OneTimeLink.id))
            .where(
                col(OneTimeLink.creator_id) == creator,
                col(OneTimeLink.purpose) == self._purpose,
                col(OneTimeLink.email) == email,
                col(OneTimeLink.used_at).is_(None),
                col(OneTimeLink.created_at) > now - _ONE_MAIL_EVERY,
            )
            .limit(1)
        )
        return found is not None

    def address(self, link: UUID) -> str:
        """Where the link leads: no table, and no mail that waits, holds it."""
        return f"{self._origin}{self._path}/{self._token(link)}"

    def _token(self, link: UUID) -> str:
        about = self._purpose.value.encode() + b":" + link.bytes
        return hmac.new(self._secret, about, hashlib.sha256).hexdigest()
