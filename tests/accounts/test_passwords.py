"""Passwords are hashed away from the event loop, and an unknown account takes as long as a known one."""

import asyncio
import multiprocessing
import time

import pytest

from lastlink_ui.accounts import passwords
from lastlink_ui.core.errors import InvalidInput


async def test_a_hash_fits_its_password_alone() -> None:
    hashed = await passwords.hash_password("girassol no quintal")
    assert hashed.startswith("$argon2id$")
    assert await passwords.verify("girassol no quintal", hashed)
    assert not await passwords.verify("girassol no quinta", hashed)


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("curta12", "password.too_short"),
        ("x" * 129, "password.too_long"),
        ("12345678", "password.common"),
        ("Senha123", "password.common"),
    ],
)
async def test_refused_with_its_reason(password: str, sentence: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await passwords.hash_password(password)
    assert refused.value.message_key == sentence


async def test_nobody_ever_matches() -> None:
    assert not await passwords.verify("the password of nobody", None)


async def test_an_unknown_account_takes_as_long_as_a_known_one() -> None:
    hashed = await passwords.hash_password("girassol no quintal")
    await passwords.verify("warm up", None)
    known = await _fastest("errada errada", hashed)
    unknown = await _fastest("errada errada", None)
    assert 0.5 < unknown / known < 2


async def test_the_event_loop_goes_on_meanwhile() -> None:
    hashed = await passwords.hash_password("girassol no quintal")
    verifying = asyncio.create_task(passwords.verify("girassol no quintal", hashed))
    turns = 0
    while not verifying.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 50


def test_a_process_that_was_forked_off_after_the_first_hash_can_verify_too() -> None:
    """A server makes its workers this way, after it may have made the demo's creator."""
    hashed = asyncio.run(passwords.hash_password("girassol no quintal"))
    child = multiprocessing.get_context("fork").Process(target=_verify, args=(hashed,))
    child.start()
    child.join(30)
    child.kill()
    assert child.exitcode == 0


def _verify(hashed: str) -> None:
    assert asyncio.run(passwords.verify("girassol no quintal", hashed))


async def _fastest(password: str, hashed: str | None) -> float:
    """In seconds of a processor: what else the machine does now would be in those of a clock."""
    times: list[float] = []
    for _ in range(5):
        began = time.process_time()
        assert not await passwords.verify(password, hashed)
        times.append(time.process_time() - began)
    return min(times)
