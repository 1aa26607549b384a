"""Who asks, behind a proxy: what a proxy of ours says counts, and what anybody else says does not."""

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from lastlink_ui.api.app import behind_proxies

PROXIES = ["10.0.0.0/8", "192.168.1.7"]


async def _who(request: Request) -> PlainTextResponse:
    return PlainTextResponse(request.client.host if request.client else "")


async def asker(peer: str, forwarded: str | None, proxies: list[str]) -> str:
    """Who the app believes asks, when `peer` connects and hands on `forwarded`."""
    app = behind_proxies(Starlette(routes=[Route("/", _who)]), proxies)
    transport = httpx.ASGITransport(app, client=(peer, 4711))
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    async with httpx.AsyncClient(transport=transport, base_url="http://exemplo") as client:
        return (await client.get("/", headers=headers)).text


@pytest.mark.parametrize(
    ("peer", "forwarded", "believed"),
    [
        ("10.0.0.1", "203.0.113.5", "203.0.113.5"),
        ("192.168.1.7", "203.0.113.5", "203.0.113.5"),
        # The nearest address that is no proxy of ours: what stands before it, anybody can write.
        ("10.0.0.1", "198.51.100.9, 203.0.113.5, 10.2.3.4", "203.0.113.5"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("203.0.113.8", "203.0.113.5", "203.0.113.8"),
    ],
)
async def test_only_proxies_of_ours_speak_for_others(peer: str, forwarded: str | None, believed: str) -> None:
    assert await asker(peer, forwarded, PROXIES) == believed


async def test_without_a_proxy_nobody_speaks_for_others() -> None:
    assert await asker("127.0.0.1", "203.0.113.5", []) == "127.0.0.1"
