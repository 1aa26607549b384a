"""One thread, one connection, one transaction at a time: the event loop never waits on the file."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from .store import Store

Result = TypeVar("Result")


class Database:
    """Runs synchronous work on the sandbox's file, whole or not at all."""

    def __init__(self, data_file: Path) -> None:
        self._data_file = data_file
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sandbox-database")
        self._store: Store | None = None

    async def open(self) -> None:
        """Open the file, made when it is not there."""
        await self._on_thread(self._open)

    async def close(self) -> None:
        """Finish what is running and close the file."""
        await self._on_thread(self._close)
        self._thread.shutdown()

    async def run(self, work: Callable[[Store], Result]) -> Result:
        """Return what ``work`` returns; its changes stand only if it raised nothing."""
        return await self._on_thread(lambda: self._transaction(work))

    async def _on_thread(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _open(self) -> None:
        self._data_file.parent.mkdir(parents=True, exist_ok=True)
        self._store = Store(self._data_file)

    def _close(self) -> None:
        if self._store:
            self._store.close()
            self._store = None

    def _transaction(self, work: Callable[[Store], Result]) -> Result:
        if self._store is None:
            raise RuntimeError("The sandbox's file is not open")
        connection = self._store.connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            result = work(self._store)
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
        return result
