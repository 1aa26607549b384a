"""Reading from Stripe as plain data: to make the library's objects of an answer costs more than to ask."""

from collections.abc import Mapping
from typing import Any, cast

import stripe

Json = Mapping[str, Any]


async def get(client: stripe.StripeClient, path: str, **params: object) -> Json:
    """What is at `path`. Raises: what the library raises."""
    answer = await client.raw_request_async("get", path, **params)  # pyright: ignore[reportUnknownMemberType]
    return cast("Json", answer.data)


async def get_list(client: stripe.StripeClient, path: str, **params: object) -> list[Json]:
    """The first page of what is listed at `path`. Raises: what the library raises."""
    return list((await get(client, path, **params))["data"])
