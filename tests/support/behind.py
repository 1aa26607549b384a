"""Work in the database of a running program, from tests whose own event loop a browser holds."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from lastlink_ui.db import Database

Result = TypeVar("Result")


def in_database(url: str, work: Callable[[Database], Coroutine[Any, Any, Result]]) -> Result:
    """What `work` comes to with the database at `url`; in a thread and a loop of its own."""

    async def run() -> Result:
        database = Database(url)
        try:
            return await work(database)
        finally:
            await database.dispose()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, run()).result()
