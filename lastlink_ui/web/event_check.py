"""Stands before each handler: is the sender who it is for, do the arguments fit, whose is the state?"""

import inspect
from collections.abc import Mapping
from typing import Any, NotRequired, Required, get_type_hints

import reflex as rx
import structlog
from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config
from pydantic_core import to_json
from reflex.app import App
from reflex.state import BaseState, StateUpdate
from reflex_base.event import Event
from reflex_base.utils.form import form_data_as_dict
from typing_extensions import TypedDict

from lastlink_ui.accounts import cookies
from lastlink_ui.accounts.sessions import token_hash
from lastlink_ui.core.owner import see_only
from lastlink_ui.core.requests import begin_request
from lastlink_ui.core.who import Who
from lastlink_ui.web.events import SETVAR, own_handlers
from lastlink_ui.web.signed_in import creator_behind
from lastlink_ui.web.signed_in_fan import fan_behind
from lastlink_ui.wiring import services

log = structlog.get_logger()

# After these the whole state goes to the browser.
_HYDRATING = frozenset({"hydrate", "hydrate_and_load"})


class Holder(rx.State):
    """For which sessions a page's state was filled. Reflex gives it to whoever knows the page's token."""

    _token_hashes: dict[str, str] = {}
    """Of each session, by its cookie; "" as long as nobody was signed in. It stays on the server."""

    def _hand_over(self, now: Mapping[str, str]) -> bool:
        """Note whose it is now; whether it was somebody else's."""
        was, self._token_hashes = self._token_hashes, dict(now)
        return any(was.get(name, "") not in {"", token} for name, token in now.items())


class EventCheck(rx.Middleware):
    """Runs inside the state's lock, for the events that pages send and for those that follow from them."""

    def __init__(self, declared: Mapping[str, Who]) -> None:
        """`declared`: who may send each event of ours."""
        self._declared = declared
        self._arguments = {
            name: arguments_of(registered.handler.fn) for name, registered in own_handlers().items()
        }

    async def preprocess(self, app: App, state: BaseState, event: Event) -> StateUpdate | None:  # noqa: ARG002
        """None lets the handler run; an empty update does not. Raises: SignInNeeded, FanSignInNeeded."""
        begin_request()
        # An event that follows from another begins with what that one could see.
        see_only(None)
        await _empty_for_others(state, hydrating=event.name.rpartition(".")[2] in _HYDRATING)
        who = self._declared.get(event.name)
        if who is None:
            # Reflex's own, which the gate let in or the server itself asked for, but for one.
            is_denied = event.name in self._arguments or event.name.rpartition(".")[2] == SETVAR
            return StateUpdate() if is_denied else None
        if not fits(self._arguments[event.name], event.payload):
            # No page of ours sends this. The name is declared, so it may be logged; what was sent may not.
            log.warning("event_refused", reason="arguments", event_name=event.name)
            return StateUpdate()
        if who is Who.CREATOR:
            await creator_behind(state.router)
        elif who is Who.FAN:
            await fan_behind(state.router)
        return None


async def _empty_for_others(state: BaseState, *, hydrating: bool) -> None:
    """Forget everything when the page is in other hands now: signed out, in as somebody else, or stolen."""
    header = state.router.headers.cookie
    now: dict[str, str] = {}
    for name, find in (
        (cookies.SESSION, services().accounts.session),
        (cookies.FAN, services().fan_access.session),
    ):
        token = cookies.found_in(header, name)
        is_over = bool(token) and hydrating and await find(token) is None
        now[name] = token_hash(token) if token and not is_over else ""
    holder = await state.get_state(Holder)
    if holder._hand_over(now):  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - public, it would be an event
        (await state.get_state(rx.State)).reset()
        holder._hand_over(now)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]


def arguments_of(handler: Any) -> TypeAdapter[Any]:
    """What the arguments of `handler` must be: exactly its parameters, each strictly of its type."""
    hints = get_type_hints(handler)
    _, *parameters = inspect.signature(handler).parameters.values()
    fields = {
        each.name: (Required if each.default is each.empty else NotRequired)[hints.get(each.name, object)]
        for each in parameters
    }
    exactly = with_config(ConfigDict(strict=True, extra="forbid"))
    # A type checker knows typed dictionaries by their source alone.
    make: Any = TypedDict
    return TypeAdapter(exactly(make(handler.__name__, fields)))


def fits(arguments: TypeAdapter[Any], payload: Mapping[str, Any]) -> bool:
    """Whether what was sent are those arguments."""
    sent = {name: form_data_as_dict(value) for name, value in payload.items()}
    try:
        arguments.validate_json(to_json(sent))
    except ValidationError:
        return False
    return True
