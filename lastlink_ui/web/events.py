"""How a state declares an event handler: who may send it, beside its definition."""

from collections.abc import Callable
from typing import Any, TypeVar, TypeVarTuple

import reflex as rx
from reflex_base.event import EventCallback
from reflex_base.registry import RegisteredEventHandler, RegistrationContext

from lastlink_ui.core.who import Undeclared, Who

_MARK = "_lastlink_who"
SETVAR = "setvar"
"""What Reflex puts on each state: it would set any variable that has a setter."""

Arguments = TypeVarTuple("Arguments")
State = TypeVar("State", bound=rx.State)


def event(
    who: Who, *, background: bool = False, supersedes: bool = False
) -> Callable[[Callable[[Any, *Arguments], Any]], EventCallback[*Arguments]]:
    """`@event(Who.CREATOR)`: an event handler that only `who` may call.

    `background`: it does not hold the state's lock. `supersedes`: a newer one cancels an unfinished one,
    for handlers that only read.
    """
    declare: Any = rx.event(background=background, supersedes=supersedes)  # noqa: TID251 - the one place

    def mark(handler: Callable[[Any, *Arguments], Any]) -> EventCallback[*Arguments]:
        # On the function itself: a mixin's handlers are copied onto each state with what stands on them.
        setattr(handler, _MARK, who)
        return declare(handler)

    return mark


def itself(state: State) -> State:
    """The state that a background handler holds inside `async with self`.

    What the handler is given stands before it, and guards each var against being used without the lock: a
    third of what it costs to bring a page up to date.
    """
    return getattr(state, "__wrapped__", state)


def own_handlers() -> dict[str, RegisteredEventHandler]:
    """Every public method of every state of ours, by the name that events call it: all that can be called."""
    return {
        name: registered
        for name, registered in RegistrationContext.ensure_context().event_handlers.items()
        if name.rpartition(".")[2] != SETVAR and not _is_reflexes(registered)
    }


def declared_handlers() -> dict[str, Who]:
    """Who may send which event.

    Raises: Undeclared, which names every handler that does not say.
    """
    handlers = own_handlers()
    found = {name: getattr(registered.handler.fn, _MARK, None) for name, registered in handlers.items()}
    if silent := [name for name, who in found.items() if who is None]:
        raise Undeclared(
            "Each public method of a state can be called by anyone who reaches the site. Say who may:\n"
            + "".join(f"  {_place(handlers[name])}: put @event(Who.CREATOR) above it\n" for name in silent)
            + "(`from lastlink_ui.web.events import event`; Who.ANYONE and Who.FAN are the others.) "
            "What is no handler begins with an underscore."
        )
    return {name: who for name, who in found.items() if who is not None}


def _is_reflexes(registered: RegisteredEventHandler) -> bool:
    # A function that is an event by itself is registered with Reflex's own root state.
    modules = [registered.handler.fn.__module__, *(state.__module__ for state in registered.states)]
    return all(module.split(".")[0].startswith("reflex") for module in modules)


def _place(registered: RegisteredEventHandler) -> str:
    return f"{registered.states[0].__module__}.{registered.handler.fn.__qualname__}"
