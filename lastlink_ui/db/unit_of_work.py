"""One transaction, and what happens once it is committed."""

from collections.abc import Awaitable, Callable

from sqlalchemy.ext.asyncio import AsyncSession

AfterCommit = Callable[[], Awaitable[None]]


class UnitOfWork:
    """The session of one transaction. A use case opens it; what it is handed to never commits."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self._after_commit: list[AfterCommit] = []

    def after_commit(self, callback: AfterCommit) -> None:
        """Run `callback` once everything is durable; never when the transaction fails."""
        self._after_commit.append(callback)

    async def committed(self) -> None:
        """Run the callbacks, in the order in which they were asked for."""
        for callback in self._after_commit:
            await callback()
