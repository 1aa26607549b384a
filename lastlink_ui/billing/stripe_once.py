"""Something made at the provider once, however often it is asked for."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import stripe

_CONFLICT = 409
_WAITS_FOR_KEY = (0.1, 0.2, 0.4, 0.8)

_Params = TypeVar("_Params")
_Options = TypeVar("_Options")
_Made = TypeVar("_Made")


async def once_free(
    create: Callable[[_Params, _Options], Awaitable[_Made]], params: _Params, options: _Options
) -> _Made:
    """What `create` makes; waits where the same key is in use, as it is for the second of two clicks."""
    for wait in _WAITS_FOR_KEY:
        try:
            return await create(params, options)
        except stripe.StripeError as error:
            if error.http_status != _CONFLICT:
                raise
            await asyncio.sleep(wait)
    return await create(params, options)
