"""Every handler and every route says who may use it; one that does not stops the program from starting."""

import inspect
from collections.abc import Callable, Iterator
from enum import StrEnum

import pytest
import reflex as rx
from reflex_base.registry import RegistrationContext
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lastlink_ui.api.routes import all_routes
from lastlink_ui.api.routing import DeclaredRoute, require_declared
from lastlink_ui.core.who import Undeclared, Who
from lastlink_ui.lastlink_ui import app
from lastlink_ui.settings import Settings
from lastlink_ui.web.event_check import arguments_of, fits
from lastlink_ui.web.events import declared_handlers, event, own_handlers
from lastlink_ui.web.signed_in import SignedIn
from lastlink_ui.wiring import build, services


@pytest.fixture
def own_registry() -> Iterator[None]:
    """States of a test are known to that test alone."""
    with RegistrationContext.ensure_context().fork():
        yield


def test_every_event_handler_says_who_may_send_it() -> None:
    assert app.event_namespace is not None
    assert declared_handlers()


def test_every_route_says_who_may_use_it() -> None:
    routes = all_routes(build(Settings()), ["http://localhost:3000"])
    require_declared(routes)
    creators = {each.path for each in routes if isinstance(each, DeclaredRoute) and each.who is Who.CREATOR}
    assert "/exportar/assinantes.csv" in creators


@pytest.mark.usefixtures("own_registry")
@pytest.mark.parametrize("is_decorated", [True, False])
def test_a_handler_that_says_nothing_is_named_with_what_to_add(*, is_decorated: bool) -> None:
    def leak(self: object) -> None: ...

    body = {"leak": rx.event(leak) if is_decorated else leak, "__module__": __name__}  # noqa: TID251 - the mistake
    type(f"Careless{is_decorated}", (rx.State,), body)

    with pytest.raises(Undeclared, match=r"leak: put @event\(Who\.CREATOR\) above it"):
        declared_handlers()


def test_a_route_that_says_nothing_is_named() -> None:
    async def leak(_request: Request) -> Response:
        raise NotImplementedError

    with pytest.raises(Undeclared, match="/vazamento"):
        require_declared([Route("/vazamento", leak)])


@pytest.mark.usefixtures("own_registry")
def test_a_mixins_handlers_keep_what_they_say_in_each_state() -> None:
    class Searching(SignedIn, rx.State, mixin=True):
        @event(Who.CREATOR, supersedes=True)
        async def search(self, text: str) -> None:
            """A mixin's handler."""

    class ListState(Searching, rx.State):
        pass

    name = f"{ListState.get_full_name()}.search"
    assert declared_handlers()[name] is Who.CREATOR
    assert RegistrationContext.ensure_context().event_handlers[name].handler.supersedes


class Kind(StrEnum):
    """What a handler may ask for."""

    A = "a"


def handler(self: object, text: str, flag: bool = False, kind: Kind = Kind.A) -> None:  # noqa: FBT001, FBT002
    """With parameters as handlers have them."""


def submit(self: object, form: dict[str, str]) -> None:
    """As a form's handler."""


@pytest.mark.parametrize(
    "payload",
    [{"text": "ana"}, {"text": "", "flag": True}, {"text": "x", "kind": "a"}],
)
def test_arguments_of_their_types_pass(payload: dict[str, object]) -> None:
    assert fits(arguments_of(handler), payload)


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"text": 1},
        {"text": None},
        {"text": ["ana"]},
        {"text": {"$ne": ""}},
        {"text": "ana", "flag": "true"},
        {"text": "ana", "flag": 1},
        {"text": "ana", "kind": "b"},
        {"text": "ana", "self": {}},
        {"text": "ana", "creator_id": "0199"},
    ],
)
def test_other_arguments_do_not(payload: dict[str, object]) -> None:
    assert not fits(arguments_of(handler), payload)


def test_a_form_is_taken_as_browsers_send_it() -> None:
    assert fits(arguments_of(submit), {"form": {"nome": "Mensal"}})
    assert not fits(arguments_of(submit), {"form": {"nome": {"a": 1}}})


def waits_in_the_loop(handler: Callable[..., object]) -> bool:
    """Whether a handler asks somebody for something and lets nobody go first: it is not asynchronous."""
    gives_way = inspect.iscoroutinefunction(handler) or inspect.isasyncgenfunction(handler)
    return not gives_way and "services" in handler.__code__.co_names


def test_no_handler_keeps_the_loop_waiting() -> None:
    handlers = {name: registered.handler.fn for name, registered in own_handlers().items()}
    assert [name for name, handler in handlers.items() if waits_in_the_loop(handler)] == []
    # Those that do wait are many, and the mistake would be found.
    assert sum(inspect.iscoroutinefunction(each) for each in handlers.values()) > 50

    def hasty(_self: object) -> object:
        return services().plans

    assert waits_in_the_loop(hasty)
