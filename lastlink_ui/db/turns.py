"""Who may write now, among the tasks of one process."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any


class NestedUnitOfWork(RuntimeError):
    """A task began a second transaction inside its first: it would wait for itself."""

    def __init__(self) -> None:
        super().__init__("a unit of work was begun inside another one; hand the first one on instead")


class Turns:
    """Lets tasks write one at a time, in the order in which they came, or all at once.

    SQLite has one writer at a time. Left to its busy handler, those of one process would sleep and try again,
    up to a tenth of a second each time.
    """

    def __init__(self, *, one_at_a_time: bool) -> None:
        self._turn: AbstractAsyncContextManager[Any] = asyncio.Lock() if one_at_a_time else nullcontext()
        self._writing: set[asyncio.Task[Any] | None] = set()

    @asynccontextmanager
    async def turn(self) -> AsyncGenerator[None]:
        """The block is this task's turn; a task that is cancelled while it waits gives its place up.

        Raises: NestedUnitOfWork, on every database: what would wait for itself on one is wrong on all.
        """
        me = asyncio.current_task()
        if me in self._writing:
            raise NestedUnitOfWork
        async with self._turn:
            self._writing.add(me)
            try:
                yield
            finally:
                self._writing.remove(me)
