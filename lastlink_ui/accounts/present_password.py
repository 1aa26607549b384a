"""The present password, asked for again before something that a borrowed browser must not do."""

from sqlalchemy import select
from sqlmodel import col

from lastlink_ui.accounts import passwords
from lastlink_ui.accounts.limits import AttemptLimit
from lastlink_ui.accounts.models import Creator
from lastlink_ui.accounts.sessions import SignedInCreator
from lastlink_ui.core.errors import InvalidInput
from lastlink_ui.db import Database


class PresentPassword:
    """Tries of it are counted for each session, whatever they are for."""

    def __init__(self, database: Database, attempts: AttemptLimit) -> None:
        self._database = database
        self._attempts = attempts

    async def require(self, signed_in: SignedInCreator, typed: str) -> None:
        """Raises: InvalidInput when it is wrong, or was tried too often."""
        if not self._attempts.take(signed_in.session_id):
            raise InvalidInput("sign_in.too_many")
        async with self._database.reading() as reading:
            known = await reading.scalar(
                select(col(Creator.password_hash)).where(col(Creator.id) == signed_in.creator_id)
            )
        if not await passwords.verify(typed, known):
            raise InvalidInput("password.wrong")
