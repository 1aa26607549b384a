"""What can be done to a page's events over its websocket: each attack with its guard on, and with it off."""

import uuid
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx
import pytest

from lastlink_ui.accounts import cookies
from lastlink_ui.text import t
from lastlink_ui.web.event_gate import BURST, MAX_TEXT
from lastlink_ui.web.page_notice import PageNotice
from tests.security.conftest import GuardsOff
from tests.security.tenants import PASSWORD, Tenant
from tests.support.processes import eventually
from tests.support.server import Server
from tests.support.sockets import EventSocket, handshake

NOTICE = PageNotice.get_full_name()
_INCIDENT = t("errors.incident", incident="#").partition("#")[0]
ROOT = "reflex___state____state"
SHOW = f"{ROOT}.lastlink_ui___web___subscribers___state____subscribers_state.show"


def notice_after(server: Server, name: str, payload: Mapping[str, object]) -> str:
    """What a page is told after one event of an attacker, nothing else having been sent."""
    with EventSocket(server) as page:
        page.send(f"{ROOT}.hydrate")
        page.send(name, payload)
        page.send(f"{NOTICE}.put_away")
        return page.hear_out()


def test_no_variable_is_set_from_outside(server: Server, guards_off: GuardsOff) -> None:
    setvar, payload = f"{NOTICE}.setvar", {"var_name": "sentence", "value": "invadido"}
    assert "invadido" not in notice_after(server, setvar, payload)
    eventually(lambda: '"reason": "undeclared name"' in server.log, what="the refusal in the log")
    with guards_off("names"):
        # The check behind the gate denies it as well.
        assert _INCIDENT not in notice_after(server, setvar, payload)
    with guards_off("names", "check"):
        # Reflex's handler runs, and finds no setter: our states have none.
        assert _INCIDENT in notice_after(server, setvar, payload)


def test_reflexes_own_handlers_are_not_for_pages(server: Server, guards_off: GuardsOff) -> None:
    name, payload = f"{ROOT}.set_is_hydrated", {"value": False}
    told = '"is_hydrated_rx_state_":false'
    before = notice_after(server, f"{ROOT}.unknown", {}).count(told)
    assert notice_after(server, name, payload).count(told) == before
    with guards_off("names"):
        assert notice_after(server, name, payload).count(told) == before + 1


def test_what_is_too_long_is_not_delivered(server: Server, guards_off: GuardsOff) -> None:
    payload = {"sentence": "longo" * MAX_TEXT}
    assert "longo" not in notice_after(server, f"{NOTICE}.tell", payload)
    with guards_off("names"):
        assert "longo" in notice_after(server, f"{NOTICE}.tell", payload)


@pytest.mark.parametrize(
    "payload",
    [{"sentence": {"chave": "torto"}}, {"sentence": ["torto"]}, {"sentence": "torto", "kind": "torto"}],
)
def test_arguments_of_another_type_are_not_taken(
    server: Server, guards_off: GuardsOff, payload: Mapping[str, object]
) -> None:
    assert "torto" not in notice_after(server, f"{NOTICE}.tell", payload)
    if len(payload) == 1:
        with guards_off("check"):
            assert "torto" in notice_after(server, f"{NOTICE}.tell", payload)


def test_what_a_fault_says_stays_here(server: Server, guards_off: GuardsOff) -> None:
    name, payload = f"{NOTICE}.tell", {"sentence": "a", "palavra_interna": "b"}
    with guards_off("check"):
        said = notice_after(server, name, payload)
        assert "palavra_interna" not in said
        assert _INCIDENT in said
    with guards_off("check", "incidents"):
        assert "palavra_interna" in notice_after(server, name, payload)


@pytest.mark.parametrize("path", ["/entrar", "/ninguem.aqui", "/favicon.svg", "/exportar/assinantes.csv"])
def test_every_answer_says_what_a_browser_may_do_with_it(
    server: Server, guards_off: GuardsOff, path: str
) -> None:
    answer = httpx.get(server.origin + path).headers
    assert answer["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer["content-security-policy"]
    with guards_off("headers"):
        assert "x-content-type-options" not in httpx.get(server.origin + path).headers


def test_a_flood_is_cut(server: Server, guards_off: GuardsOff) -> None:
    def last_heard() -> bool:
        with EventSocket(server) as page:
            for number in range(BURST * 2):
                page.send(f"{NOTICE}.tell", {"sentence": f"onda {number}."})
            try:
                return bool(page.hear(f"onda {BURST * 2 - 1}.", seconds=3))
            except AssertionError:
                return False

    assert not last_heard()
    with guards_off("rate"):
        assert last_heard()


def test_a_pages_token_opens_nobody_elses_page(server: Server, victim: Tenant, guards_off: GuardsOff) -> None:
    """Reflex hands a page's state to whoever presents its token after it was closed."""
    token = str(uuid.uuid4())
    with EventSocket(server, session=victim.session(), address="/assinantes", token=token) as page:
        page.send(SHOW)
        page.hear("Nome Secreto")

    def inherited(session: str) -> str:
        with EventSocket(server, session=session, address="/assinantes", token=token) as thief:
            thief.send(f"{ROOT}.hydrate")
            return thief.hear_out()

    with guards_off("holder"):
        assert "Nome Secreto" in inherited("")
    assert "Nome Secreto" not in inherited("")


def test_who_signs_in_next_at_a_browser_inherits_nothing(
    server: Server, victim: Tenant, attacker: Tenant
) -> None:
    token = str(uuid.uuid4())
    with EventSocket(server, session=victim.session(), address="/assinantes", token=token) as page:
        page.send(SHOW)
        page.hear("Nome Secreto")
    with EventSocket(server, session=attacker.session(), address="/planos", token=token) as page:
        page.send(f"{ROOT}.hydrate")
        assert "Nome Secreto" not in page.hear_out()


@contextmanager
def _revoked(server: Server, victim: Tenant) -> Generator[EventSocket]:
    """An open page of the subscribers whose session has been ended since."""
    session = victim.session()
    with EventSocket(server, session=session, address="/assinantes") as page:
        page.send(SHOW)
        page.hear("Nome Secreto")
        cookie = {"cookie": f"{cookies.SESSION}={session}", "origin": server.origin}
        assert httpx.post(f"{server.origin}/sair", headers=cookie).status_code == 303
        page.frames.clear()
        yield page


def test_a_revoked_session_gets_nothing_more_on_an_open_socket(
    server: Server, victim: Tenant, guards_off: GuardsOff
) -> None:
    # What the page does not show yet: a drawer, which its address opens.
    drawer = f"/assinantes?assinatura={victim.ids['subscription']}"
    with _revoked(server, victim) as page:
        page.send(SHOW, address=drawer)
        page.send(f"{ROOT}.hydrate")
        assert "/entrar?volta=" in page.hear("_redirect")
        said = page.hear_out()
        assert "Nome Secreto" not in said
        assert "fa.secreta" not in said
    with guards_off("lookup"), _revoked(server, victim) as page:
        page.send(SHOW, address=drawer)
        assert page.hear("fa.secreta")


def test_another_site_cannot_end_a_visitors_session(
    server: Server, victim: Tenant, guards_off: GuardsOff
) -> None:
    session = victim.session()
    evil = {
        "cookie": f"{cookies.SESSION}={session}",
        "origin": "https://malicioso.example",
        "sec-fetch-site": "cross-site",
    }
    assert httpx.post(f"{server.origin}/sair", headers=evil).status_code == 403
    with guards_off("forms"):
        assert httpx.post(f"{server.origin}/sair", headers=evil).status_code == 303


@pytest.mark.parametrize("origin", [None, "https://malicioso.example"])
def test_another_site_opens_no_websocket(server: Server, guards_off: GuardsOff, origin: str | None) -> None:
    port = urlsplit(server.origin).port or 0
    assert handshake(port, origin) == "403"
    with guards_off("origins"):
        assert handshake(port, origin) == "101"


@pytest.mark.parametrize(
    "back", ["javascript://malicioso.example/%0aalert(1)", "//malicioso.example", "https://malicioso.example"]
)
def test_sign_in_leads_to_our_own_pages_alone(
    server: Server, victim: Tenant, guards_off: GuardsOff, back: str
) -> None:
    def led_to() -> str:
        form = {"email": victim.email, "senha": PASSWORD, "volta": back}
        answer = httpx.post(f"{server.origin}/entrar", data=form, headers={"origin": server.origin})
        return answer.headers["location"]

    assert led_to() == "/assinantes"
    with guards_off("way-back"):
        assert led_to() == back


def test_no_other_way_in_than_the_websocket(server: Server, guards_off: GuardsOff) -> None:
    """Long polling would fail open where the list of origins is empty: it is not there at all."""
    polling = f"{server.origin}/_event/?EIO=4&transport=polling&token=x"
    answer = httpx.get(polling)
    assert answer.status_code == 400
    assert "sid" not in answer.text
    with guards_off("transports"):
        assert "sid" in httpx.get(polling).text
    for path in ("/ping", "/_upload", "/_health", "/auth-codespace", "/_all_routes"):
        assert httpx.get(server.origin + path).status_code == 404
