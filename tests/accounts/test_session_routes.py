"""The two forms over HTTP: what they set, where they lead, and whom they refuse."""

from collections.abc import AsyncIterator
from http.cookies import Morsel, SimpleCookie
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette

from lastlink_ui.accounts import cookies
from lastlink_ui.accounts.service import Accounts
from lastlink_ui.api.session import own_path, session_routes
from lastlink_ui.core.routes import DASHBOARD
from lastlink_ui.db import Database
from tests.support.clock import StoppedClock

ORIGIN = "http://localhost:3000"
OWN = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
EMAIL, PASSWORD = "ana@example.com", "girassol no quintal"
RIGHT = {"email": EMAIL, "senha": PASSWORD}


@pytest.fixture
def database_kind() -> str:
    """Nothing here depends on the database."""
    return "sqlite"


@pytest.fixture
async def accounts(database: Database, clock: StoppedClock) -> Accounts:
    accounts = Accounts(database, clock)
    await accounts.create_creator(EMAIL, PASSWORD, "Ana Demo", "anademo")
    return accounts


@pytest.fixture
async def browser(accounts: Accounts) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=session_routes(accounts, [ORIGIN]))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN, headers=OWN) as client:
        yield client


async def test_signing_in_sets_the_cookie_and_leads_to_the_subscribers(
    browser: httpx.AsyncClient, accounts: Accounts
) -> None:
    answer = await browser.post("/entrar", data=RIGHT)
    assert (answer.status_code, answer.headers["location"]) == (303, "/assinantes")
    cookie = _cookie(answer, cookies.SESSION)
    assert (cookie["path"], cookie["domain"], cookie["samesite"]) == ("/", "", "lax")
    assert cookie["secure"]
    assert cookie["httponly"]
    assert await accounts.session(cookie.value)


async def test_signing_in_again_ends_the_earlier_session(
    browser: httpx.AsyncClient, accounts: Accounts
) -> None:
    first = _cookie(await browser.post("/entrar", data=RIGHT), cookies.SESSION).value
    again = await browser.post("/entrar", data=RIGHT, headers={"cookie": f"{cookies.SESSION}={first}"})
    assert await accounts.session(first) is None
    assert await accounts.session(_cookie(again, cookies.SESSION).value)


async def test_a_wrong_password_keeps_the_e_mail_in_a_cookie_and_nothing_in_the_address(
    browser: httpx.AsyncClient,
) -> None:
    answer = await browser.post(
        "/entrar", data={"email": EMAIL, "senha": "errada errada", "volta": "/lista?pagina=2"}
    )
    assert answer.status_code == 303
    assert answer.headers["location"] == "/entrar?erro=credenciais&volta=%2Flista%3Fpagina%3D2"
    assert _cookie(answer, cookies.TYPED_EMAIL).value == "ana%40example.com"
    assert cookies.SESSION not in SimpleCookie(answer.headers["set-cookie"])


@pytest.mark.parametrize(
    ("referer", "location"),
    [
        (f"{ORIGIN}/entrar?volta=%2Fplanos", "/planos"),
        (f"{ORIGIN}/entrar?erro=limite&volta=%2Flista%3Fa%3D1", "/lista?a=1"),
        (f"{ORIGIN}/entrar?volta=%2F%2Fmalicioso.example", "/assinantes"),
        (f"{ORIGIN}/entrar", "/assinantes"),
        ("http://[::1", "/assinantes"),
    ],
)
async def test_a_form_sent_before_the_page_lives_leads_back_too(
    browser: httpx.AsyncClient, referer: str, location: str
) -> None:
    answer = await browser.post("/entrar", data={**RIGHT, "volta": ""}, headers={"referer": referer})
    assert answer.headers["location"] == location


async def test_an_unknown_e_mail_gets_the_very_same_answer(browser: httpx.AsyncClient) -> None:
    wrong = await browser.post("/entrar", data={"email": EMAIL, "senha": "errada errada"})
    unknown = await browser.post("/entrar", data={"email": "bia@example.com", "senha": PASSWORD})
    assert (wrong.status_code, wrong.headers["location"], wrong.text) == (
        unknown.status_code,
        unknown.headers["location"],
        unknown.text,
    )


async def test_the_sixth_attempt_says_to_wait(browser: httpx.AsyncClient) -> None:
    for _ in range(5):
        await browser.post("/entrar", data={"email": EMAIL, "senha": "errada errada"})
    answer = await browser.post("/entrar", data=RIGHT)
    assert answer.headers["location"] == "/entrar?erro=limite"


async def test_signing_out_ends_the_session_and_takes_the_cookie_back(
    browser: httpx.AsyncClient, accounts: Accounts
) -> None:
    token = _cookie(await browser.post("/entrar", data=RIGHT), cookies.SESSION).value
    answer = await browser.post("/sair", headers={"cookie": f"{cookies.SESSION}={token}"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/entrar")
    assert _cookie(answer, cookies.SESSION)["max-age"] == "0"
    assert await accounts.session(token) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://malicioso.example", "sec-fetch-site": "cross-site"},
        {"origin": "https://malicioso.example", "sec-fetch-site": "same-origin"},
        {"origin": ORIGIN, "sec-fetch-site": "cross-site"},
        {"origin": ORIGIN, "sec-fetch-site": "same-site"},
        {"origin": "null"},
        {"origin": ""},
        {},
    ],
)
@pytest.mark.parametrize("path", ["/entrar", "/sair"])
async def test_another_site_cannot_post_for_a_visitor(
    accounts: Accounts, path: str, headers: dict[str, str]
) -> None:
    token = await accounts.sign_in(EMAIL, PASSWORD, "")
    app = Starlette(routes=session_routes(accounts, [ORIGIN]))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN) as stranger:
        answer = await stranger.post(
            path, data=RIGHT, headers=headers | {"cookie": f"{cookies.SESSION}={token}"}
        )
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert await accounts.session(token)


@pytest.mark.parametrize("headers", [{"origin": ORIGIN}, {"sec-fetch-site": "same-origin"}])
async def test_either_header_suffices(accounts: Accounts, headers: dict[str, str]) -> None:
    app = Starlette(routes=session_routes(accounts, [ORIGIN]))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN) as own:
        assert (await own.post("/sair", headers=headers)).status_code == 303


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"email=" + b"a" * 9000, "application/x-www-form-urlencoded", 413),
        (b'{"email": "a"}', "application/json", 415),
        (b"\xff\xfe", "application/x-www-form-urlencoded", 400),
        (b"&".join(b"a=1" for _ in range(50)), "application/x-www-form-urlencoded", 400),
    ],
)
async def test_what_is_no_form_is_refused(
    browser: httpx.AsyncClient, body: bytes, content_type: str, status: int
) -> None:
    answer = await browser.post("/entrar", content=body, headers={"content-type": content_type})
    assert answer.status_code == status


@pytest.mark.parametrize(
    "email", ["a\0b@example.com", "\ud800", "ana@example.com\r\nset-cookie: x=y", "é" * 300]
)
async def test_odd_letters_are_one_more_wrong_e_mail(browser: httpx.AsyncClient, email: str) -> None:
    body = urlencode({"email": email}, errors="surrogatepass")
    answer = await browser.post(
        "/entrar", content=body, headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert answer.headers["location"] == "/entrar?erro=credenciais"
    assert len(answer.headers.get_list("set-cookie")) == 1


@pytest.mark.parametrize(
    "path", ["/assinantes", "/assinantes?status=active&q=ana%20l", "/lista", "/planos", "/configuracoes?a=1"]
)
def test_own_paths(path: str) -> None:
    assert own_path(path) == path


@pytest.mark.parametrize(
    "text",
    [
        "",
        "assinantes",
        "//malicioso.example",
        "//assinantes",
        "/\\malicioso.example",
        "https://malicioso.example/assinantes",
        "javascript:alert(1)",
        "/entrar",
        "/sair",
        "/anademo",
        "/assinantes\r\nset-cookie: a=b",
        "/assinantes\n",
        "/assinantes/../sair",
        "/assinantes?a=\u202e",
        "/assinantes#a",
    ],
)
def test_other_paths(text: str) -> None:
    assert own_path(text) is None


@given(st.text(max_size=60) | st.from_regex(r"/[a-z/\\.?#@:]{0,30}", fullmatch=True))
def test_whatever_is_let_through_is_a_page_of_ours(text: str) -> None:
    if (path := own_path(text)) is not None:
        assert path.split("?")[0].removeprefix("/") in DASHBOARD
        assert path.isascii()
        assert path.isprintable()


def _cookie(answer: httpx.Response, name: str) -> Morsel[str]:
    for header in answer.headers.get_list("set-cookie"):
        jar = SimpleCookie(header)
        if name in jar:
            return jar[name]
    raise AssertionError(f"no cookie {name}")
