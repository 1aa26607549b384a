"""Passwords: which ones are taken, and their Argon2 hashes, worked out away from the event loop."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import resources
from typing import TypeVar, TypeVarTuple

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from lastlink_ui.core.errors import InvalidInput

MIN_LENGTH, MAX_LENGTH = 8, 128

Result = TypeVar("Result")
Arguments = TypeVarTuple("Arguments")

# Above what ASVS 5 asks for two rounds (19 MiB), on one core: 0.12 s of a processor where four lanes of
# 64 MiB took 0.34 s, which a few visitors who guess would have kept two cores busy with.
_hasher = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=32 * 1024, parallelism=1),))


async def hash_password(password: str) -> str:
    """The hash to keep of a new password.

    Raises: InvalidInput when it is too short, too long, or among the first that anyone would try.
    """
    if problem := password_problem(password):
        raise InvalidInput(problem, min=MIN_LENGTH, max=MAX_LENGTH)
    return await _in_thread(_hasher.hash, password)


async def verify(password: str, password_hash: str | None) -> bool:
    """Whether `password` is the one hashed; with None (nobody has that e-mail) it takes just as long."""
    matches = await _in_thread(_matches, password, password_hash)
    return matches and password_hash is not None


def password_problem(password: str) -> str | None:
    """The key of the sentence that says why `password` is not taken, or None."""
    if len(password) < MIN_LENGTH:
        return "password.too_short"
    if len(password) > MAX_LENGTH:
        return "password.too_long"
    return "password.common" if password.casefold() in _common() else None


def _matches(password: str, password_hash: str | None) -> bool:
    return _hasher.verify(password, password_hash or _nobody())


@cache
def _nobody() -> str:
    """A hash that costs what a real one costs."""
    return _hasher.hash("the password of nobody")


@cache
def _common() -> frozenset[str]:
    text = resources.files("lastlink_ui.accounts").joinpath("common_passwords.txt").read_text("utf-8")
    return frozenset(text.split())


async def _in_thread(work: Callable[[*Arguments], Result], *arguments: *Arguments) -> Result:
    return await asyncio.get_running_loop().run_in_executor(_workers(os.getpid()), work, *arguments)


@cache
def _workers(_process: int) -> ThreadPoolExecutor:
    """Two threads of this process: each hash takes 32 MiB and a tenth of a second of a processor.

    Threads do not survive a fork: a server's worker that inherited the pool would wait for ever.
    """
    return ThreadPoolExecutor(max_workers=2, thread_name_prefix="passwords")
