"""The program with guards that a test can switch off while it runs: those named in the file `guards_off`.

Also imported by the server's worker process, since that starts from this file again.
"""

# ruff: noqa: ANN401 - what it wraps takes anything

import os
from collections.abc import Callable
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any, cast

import engineio  # pyright: ignore[reportMissingTypeStubs]
from reflex.istate.data import RouterData
from reflex_base.event import EventSpec
from sqlalchemy import select
from sqlmodel import col

from lastlink_ui.accounts import cookies, sessions
from lastlink_ui.accounts.models import Creator, Session
from lastlink_ui.accounts.sessions import SignedInCreator
from lastlink_ui.api import origins, security_headers
from lastlink_ui.api import session as session_routes
from lastlink_ui.billing.worker import Worker
from lastlink_ui.core.ids import FanSessionId
from lastlink_ui.fan_page.access import SignedInFan
from lastlink_ui.subscribers.models import Fan
from lastlink_ui.web import event_check, event_gate, page_notice, signed_in, signed_in_fan
from lastlink_ui.wiring import services

FILE = "LASTLINK_TEST_GUARDS"
VICTIM = "victim"
"""A cookie that, with the guard "session" off, is believed: the id of whom one says to be."""


def is_off(guard: str) -> bool:
    """Whether the guard is switched off now."""
    file = Path(os.environ[FILE])
    return file.exists() and guard in file.read_text().split()


def _unless_off(guard: str, module: Any, name: str, without: Callable[..., Any]) -> None:
    real = getattr(module, name)

    def either(*arguments: Any, **options: Any) -> Any:
        return (without if is_off(guard) else real)(*arguments, **options)

    setattr(module, name, either)


async def _whoever_one_says(router: RouterData) -> SignedInCreator:
    """The mistake of taking somebody's word for who they are."""
    handle = SimpleCookie(router.headers.cookie)[VICTIM].value
    async with services().database.reading() as reading:
        creator = (await reading.scalars(select(Creator).where(col(Creator.handle) == handle))).one()
        session = (
            await reading.scalars(select(Session).where(col(Session.creator_id) == creator.id))
        ).first()
    assert session is not None
    confirmed = creator.email_confirmed_at is not None
    return SignedInCreator(session.id, creator.id, creator.name, creator.handle, creator.email, confirmed)


async def _whichever_fan(router: RouterData) -> SignedInFan:
    """The same mistake about a fan: the first one of the creator that is named."""
    handle = SimpleCookie(router.headers.cookie)[VICTIM].value
    async with services().database.reading() as reading:
        of_creator = select(Fan).join(Creator, col(Creator.id) == col(Fan.creator_id))
        fan = (
            await reading.scalars(of_creator.where(col(Creator.handle) == handle).order_by(col(Fan.id)))
        ).first()
    assert fan is not None
    return SignedInFan(FanSessionId(fan.id), fan.email or "", ((fan.creator_id, fan.id),))


def _yes(*_: Any, **__: Any) -> bool:
    return True


def _none(*_: Any, **__: Any) -> None:
    return None


async def _as_it_was(router: RouterData) -> SignedInCreator:
    """The mistake of looking a session up once, when its page opens."""
    token = cookies.found_in(router.headers.cookie, cookies.SESSION)
    if token not in _known:
        _known[token] = await _creator_behind(router)
    return _known[token]


_engine: Any = engineio.AsyncServer
_known: dict[str, SignedInCreator] = {}
_creator_behind = signed_in.creator_behind


async def _carry_out_here(worker: Any, operation: Any) -> None:
    """The mistake of asking the provider where a page waits."""
    runner: Any = worker._runner  # noqa: SLF001
    await runner.attempt(operation)


async def _straight_on(guard: Any, *asgi: Any) -> None:
    await vars(guard)["_app"](*asgi)


class _Transports:
    """Those that were configured; every one with the guard off."""

    def __get__(self, engine: Any, _kind: Any) -> Any:
        return engine.valid_transports if is_off("transports") else engine.__dict__["transports"]

    def __set__(self, engine: Any, configured: Any) -> None:
        engine.__dict__["transports"] = configured


_tell_number = page_notice.tell_what_went_wrong


def _tell(exception: Exception) -> EventSpec | None:
    """With the guard off as a server in development does: what went wrong, in its own words."""
    if not is_off("incidents"):
        return _tell_number(exception)
    return cast("EventSpec", page_notice.PageNotice.tell(str(exception)))


def _as_typed(text: str) -> str:
    return text


async def _none_later(*_: Any, **__: Any) -> None:
    return None


if FILE in os.environ:
    for module in (event_check, signed_in):
        _unless_off("session", module, "creator_behind", _whoever_one_says)
        _unless_off("lookup", module, "creator_behind", _as_it_was)
    for module in (event_check, signed_in_fan):
        _unless_off("session", module, "fan_behind", _whichever_fan)
    _unless_off("origins", origins.WebSocketOrigins, "__call__", _straight_on)
    _unless_off("origins", _engine, "_cors_allowed_origins", _none)
    _engine.transports = _Transports()
    _unless_off("way-back", session_routes, "own_path", _as_typed)
    _unless_off("headers", security_headers.SecurityHeaders, "__call__", _straight_on)
    # Before the app is made, which keeps what it is given.
    page_notice.tell_what_went_wrong = _tell
    _unless_off("hashing", sessions, "token_hash", _as_typed)
    _unless_off("queue", Worker, "enqueue", _carry_out_here)
    _unless_off("names", event_gate.EventGate, "_refusal", _none)
    _unless_off("rate", event_gate._Socket, "take", _yes)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    _unless_off("check", event_check.EventCheck, "preprocess", _none_later)
    _unless_off("holder", event_check, "_empty_for_others", _none_later)
    _unless_off("forms", session_routes, "require_own_page", _none)

if __name__ == "__main__":
    from lastlink_ui.cli import main

    main()
