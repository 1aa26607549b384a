"""No creator reaches what is another's: every handler and every route is tried with the other's ids."""

import inspect
import itertools
import types
import typing
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest
from reflex_base.registry import RegistrationContext

from lastlink_ui.accounts import cookies
from lastlink_ui.api.routes import all_routes
from lastlink_ui.api.routing import DeclaredRoute
from lastlink_ui.core.who import Who
from lastlink_ui.lastlink_ui import app as _app  # noqa: F401 # pyright: ignore[reportUnusedImport] - registers the states
from lastlink_ui.settings import Settings
from lastlink_ui.web.events import declared_handlers
from lastlink_ui.wiring import build
from tests.security.conftest import GuardsOff
from tests.security.tenants import Tenant
from tests.security.unguarded import VICTIM
from tests.support.server import Server
from tests.support.sockets import EventSocket

Payload = dict[str, Any]


def attempts(name: str, ids: Mapping[str, Any]) -> Iterator[Payload]:
    """The arguments with which a handler is tried: each id of the victim wherever one could stand."""
    handler = RegistrationContext.ensure_context().event_handlers[name].handler.fn
    hints = typing.get_type_hints(handler)
    _, *parameters = inspect.signature(handler).parameters
    for each in ids.values() if parameters else [""]:
        yield {parameter: _value(name, hints[parameter], str(each)) for parameter in parameters}


# The fields of our forms in which an id, or a text, could stand.
_FIELDS = ("subscription", "subscription_id", "plan", "plan_id", "task", "id", "nome", "preco", "periodo")


def _value(name: str, hint: object, an_id: str) -> object:
    kind = typing.get_origin(hint) or hint
    inner = typing.get_args(hint)
    values: dict[object, object] = {str: an_id, object: an_id, bool: True, int: 1}
    if kind in values:
        return values[kind]
    if kind in {dict, Mapping}:
        return dict.fromkeys(_FIELDS, an_id)
    if kind in {list, types.UnionType, typing.Union}:
        value = _value(name, inner[0], an_id)
        return [value] if kind is list else value
    raise AssertionError(f"{name} takes {hint}: say here what an attacker would send")


def addresses(tenant: Tenant) -> tuple[str, ...]:
    """Where an attacker's page says that it is: the address is as much theirs to choose as arguments are."""
    drawer = f"/assinantes?assinatura={tenant.ids['subscription']}&plan={tenant.ids['plan']}"
    return (drawer, f"/{tenant.handle}")


def _groups() -> Iterator[tuple[str, ...]]:
    """The handlers of each state, few enough for what one page may send at once."""
    for _, names in itertools.groupby(sorted(declared_handlers()), lambda name: name.rpartition(".")[0]):
        rest = list(names)
        while rest:
            group, rest = rest[:8], rest[8:]
            yield tuple(group)


def try_everything(server: Server, victim: Tenant, session: str) -> list[EventSocket]:
    """Send every handler everything on pages of somebody's own; what the pages heard so far is kept."""
    pages: list[EventSocket] = []
    for group in _groups():
        page = EventSocket(server, session=session, address=addresses(victim)[0])
        for name in group:
            for payload, address in zip(attempts(name, victim.ids), itertools.cycle(addresses(victim))):
                page.send(name, payload, address=address)
        pages.append(page)
    for page in pages:
        page.hear_out()
    return pages


def as_fan(of: Tenant) -> str:
    """The session of a creator's fan: its cookie, beside one of nobody's."""
    return f"; {cookies.FAN}={of.fan_session()}"


@pytest.fixture(params=["nobody", "another creator", "another fan"])
def intruder(request: pytest.FixtureRequest, attacker: Tenant) -> str:
    """Whose session the intruder's pages have."""
    if request.param == "another fan":
        return as_fan(attacker)
    return attacker.session() if request.param == "another creator" else ""


def test_no_handler_gives_away_or_changes_what_is_anothers(
    server: Server, victim: Tenant, intruder: str
) -> None:
    before = victim.belongings()
    pages = try_everything(server, victim, intruder)
    assert victim.belongings() == before

    # What changes at the victim now is told to whoever managed to listen.
    with EventSocket(server, session=victim.session(), address="/planos") as own:
        own.send(_handler("plans___state____plans_state.move_down"), {"plan_id": str(victim.ids["plan"])})
        own.hear_out()
    heard = {page: page.hear_out() for page in pages}
    for page in pages:
        page.__exit__(None, None, None)

    assert [secret for secret in victim.secrets for text in heard.values() if secret in text] == []
    log = server.log
    assert [secret for secret in victim.secrets if secret in log] == []


def test_the_owner_sees_what_is_looked_for(server: Server, victim: Tenant) -> None:
    """The secrets do come by where they may: a search that finds nothing would prove nothing."""
    with EventSocket(server, session=victim.session(), address=addresses(victim)[0]) as page:
        page.send(_handler("subscribers_state.show"))
        page.hear("Nome Secreto")
        assert "fa.secreta.vitima@" in page.hear_out()


def test_a_fan_sees_the_own_page_and_nobody_elses(server: Server, victim: Tenant, attacker: Tenant) -> None:
    shown = {}
    for tenant in (victim, attacker):
        with EventSocket(server, session=as_fan(tenant), address="/minha-assinatura") as page:
            page.send(_handler("fan_page_state.load"))
            page.hear(f"fa.secreta.{tenant.handle}@")
            shown[tenant.handle] = page.hear_out()
    assert str(victim.ids["subscription"]) in shown[victim.handle]
    assert [secret for secret in victim.secrets if secret in shown[attacker.handle]] == []


def test_a_fan_who_left_and_whoever_comes_after_see_nothing(
    server: Server, victim: Tenant, attacker: Tenant
) -> None:
    session, canary, token = as_fan(victim), f"fa.secreta.{victim.handle}@", str(uuid.uuid4())
    headers = {"cookie": f"{cookies.SESSION}={session}", "origin": server.origin}
    with EventSocket(server, session=session, address="/minha-assinatura", token=token) as page:
        page.send(_handler("fan_page_state.load"))
        page.hear(canary)
        assert httpx.post(f"{server.origin}/minha-assinatura/sair", headers=headers).status_code == 303
        page.frames.clear()
        page.send(_handler("fan_page_state.load"))
        page.hear("over")
        assert canary not in page.hear_out()
    for other in ("", as_fan(attacker)):
        with EventSocket(server, session=other, address="/minha-assinatura", token=token) as page:
            page.send("reflex___state____state.hydrate")
            assert canary not in page.hear_out()


def test_the_same_attempts_succeed_where_sessions_are_believed(
    server: Server, victim: Tenant, guards_off: GuardsOff
) -> None:
    with guards_off("session"):
        cookie = f"x; {VICTIM}={victim.handle}"
        with EventSocket(server, session=cookie, address=addresses(victim)[0]) as page:
            page.send(_handler("subscribers_state.show"))
            page.hear("Nome Secreto")
        with EventSocket(server, session=cookie, address="/minha-assinatura") as page:
            page.send(_handler("fan_page_state.load"))
            page.hear("fa.secreta.vitima@")


def _handler(ending: str) -> str:
    (name,) = [name for name in declared_handlers() if name.endswith(ending)]
    return name


ROUTES = [
    each
    for each in all_routes(build(Settings()), ["http://localhost:3000"])
    if isinstance(each, DeclaredRoute)
]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.path} for {route.who}")
def test_no_route_gives_away_what_is_anothers(
    server: Server, victim: Tenant, attacker: Tenant, route: DeclaredRoute
) -> None:
    before = victim.belongings()
    for session in ("", attacker.session(), as_fan(attacker)):
        for each in victim.ids.values():
            path = route.path_format
            for parameter in route.param_convertors:
                path = path.replace(f"{{{parameter}}}", str(each))
            query = {"q": "secret", "plan": str(each), "id": str(each), "creator": str(victim.creator)}
            answer = httpx.request(
                "POST" if "POST" in (route.methods or ()) else "GET",
                server.origin + path,
                params=query,
                data={"id": str(each)} if "POST" in (route.methods or ()) else None,
                headers={"cookie": f"{cookies.SESSION}={session}", "origin": server.origin},
            )
            assert answer.status_code < 500
            said = answer.text + str(answer.headers)
            assert [secret for secret in victim.secrets if secret in said] == []
            if route.who is Who.CREATOR and session.startswith(";"):
                assert answer.status_code == 303
            if route.who is not Who.ANYONE and not session:
                assert answer.status_code in {303, 403}
    assert victim.belongings() == before


def test_the_owner_gets_the_file_with_everything_in_it(server: Server, victim: Tenant) -> None:
    cookie = {"cookie": f"{cookies.SESSION}={victim.session()}"}
    answer = httpx.get(f"{server.origin}/exportar/assinantes.csv", headers=cookie)
    assert "Nome Secreto vitima" in answer.text
