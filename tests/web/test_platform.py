"""What one port answers, to whom, and under which headers."""

import re
import signal
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Page, WebSocket, expect

from lastlink_ui.core.routes import RESERVED_SEGMENTS
from lastlink_ui.frontend.sources import ROOT, fingerprint, sources
from tests.support.console import Console
from tests.support.server import Server, running_server
from tests.support.sockets import handshake

EVERY_KIND_OF_ANSWER = (
    ("GET", "/"),
    ("GET", "/entrar"),
    ("GET", "/assinantes"),
    ("GET", "/assinantes/7"),
    ("GET", "/nobody.here"),
    ("GET", "/no/such/page"),
    ("GET", "/favicon.svg"),
    ("GET", "/healthz"),
    ("GET", "/_event/"),
    ("GET", "/%00"),
    ("POST", "/entrar"),
    ("POST", "/webhooks/stripe"),
    ("DELETE", "/"),
    ("OPTIONS", "/entrar"),
)


@pytest.mark.parametrize(("method", "path"), EVERY_KIND_OF_ANSWER)
def test_every_answer_carries_the_security_headers(server: Server, method: str, path: str) -> None:
    preflight = {"origin": "https://evil.example", "access-control-request-method": "GET"}
    answer = httpx.request(method, server.origin + path, headers=preflight if method == "OPTIONS" else {})

    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.partition("style-src")[0]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert "strict-transport-security" not in answer.headers  # plain http here


def test_an_unknown_handle_gets_our_own_page_and_status(server: Server, page: Page) -> None:
    answer = page.goto(f"{server.origin}/ninguem.aqui")

    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", name="Não há nada neste endereço")).to_be_visible()


def test_pages_are_served_where_they_are_without_a_redirect(server: Server) -> None:
    assert httpx.get(f"{server.origin}/entrar").status_code == 200
    assert httpx.get(f"{server.origin}/").status_code == 200


def test_a_dashboard_page_sends_a_stranger_to_sign_in_and_back(server: Server) -> None:
    answer = httpx.get(f"{server.origin}/lista?tipo=add")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/entrar?volta=%2Flista%3Ftipo%3Dadd"


def test_a_subscriptions_address_opens_its_drawer(server: Server) -> None:
    answer = httpx.get(f"{server.origin}/assinantes/0199-abc")

    assert answer.headers["location"] == "/assinantes?assinatura=0199-abc"


def test_hashed_files_are_kept_for_good_and_compressed(server: Server) -> None:
    html = httpx.get(f"{server.origin}/entrar").text
    module = re.search(r"/assets/entry\.client-[^\"]+\.js", html)
    assert module is not None

    answer = httpx.get(server.origin + module[0], headers={"accept-encoding": "br"})

    assert answer.headers["content-encoding"] == "br"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/javascript")


def test_everything_served_is_reserved(server: Server) -> None:
    """A creator's handle could otherwise hide behind a page or a file of ours."""
    (release,) = {
        path.parent for path in (ROOT / ".web" / "releases").glob("*/client") if _serves(server, path)
    }
    names = {path.name for path in (release / "client").iterdir()}
    # What ends like a file is no handle by rule.
    segments = {name for name in names if "." not in name and not name.startswith("[")}

    assert segments <= RESERVED_SEGMENTS


def _serves(server: Server, client: Path) -> bool:
    html = httpx.get(f"{server.origin}/entrar", headers={"accept-encoding": "identity"}).content
    return (client / "entrar" / "index.html").read_bytes() == html if (client / "entrar").is_dir() else False


def test_a_second_program_on_another_port_builds_nothing_and_lives(
    server: Server, page: Page, tmp_path: Path
) -> None:
    sources, before = fingerprint(), _releases()
    with running_server(tmp_path, demo=False) as second:
        sockets: list[WebSocket] = []
        page.on("websocket", lambda opened: sockets.append(opened))  # noqa: PLW0108 - Playwright wants a function
        page.goto(f"{second.origin}/entrar?erro=credenciais")

        expect(page.get_by_role("alert").filter(has_text="não conferem")).to_be_visible()
        assert urlsplit(sockets[0].url).netloc == urlsplit(second.origin).netloc

        # Ctrl-C comes from the terminal and from every process in between: all at once.
        for _ in range(20_000):
            second.process.send_signal(signal.SIGTERM)
        assert second.process.wait(20) == 0

    # Where somebody edits while this runs, a build is right.
    assert _releases() == before or fingerprint() != sources
    assert httpx.get(f"{server.origin}/entrar").status_code == 200


def _releases() -> dict[str, float]:
    return {
        path.name: path.stat().st_mtime for path in (ROOT / ".web" / "releases").iterdir() if path.is_dir()
    }


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_pages_live_on_both_names_of_this_machine_and_break_no_policy(
    server: Server, page: Page, host: str
) -> None:
    page.goto(f"http://{host}:{urlsplit(server.origin).port}/entrar?erro=limite")

    expect(page.get_by_role("alert").filter(has_text="Muitas tentativas")).to_be_visible()


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://localhost:{port}", "101"),
        ("http://127.0.0.1:{port}", "101"),
        (None, "403"),
        ("null", "403"),
        ("*", "403"),
        ("https://localhost:{port}", "403"),
        ("http://localhost", "403"),
        ("http://localhost:{port}.evil.example", "403"),
        ("https://evil.example", "403"),
    ],
)
def test_a_websocket_is_only_for_our_own_pages(server: Server, origin: str | None, status: str) -> None:
    port = urlsplit(server.origin).port
    assert port is not None
    assert handshake(port, origin.format(port=port) if origin else None) == status


def test_the_connection_notice_comes_and_goes_by_itself(server: Server, page: Page, console: Console) -> None:
    console.provoke("net::ERR_INTERNET_DISCONNECTED")
    page.goto(f"{server.origin}/entrar?erro=limite")
    expect(page.get_by_role("alert").filter(has_text="Muitas tentativas")).to_be_visible()
    lost = page.get_by_role("status").filter(has_text="Sem conexão. Tentando reconectar…")

    page.context.set_offline(True)
    expect(lost).to_be_visible()
    page.context.set_offline(False)
    expect(lost).to_be_hidden()


def test_whatever_pages_are_made_from_makes_them_anew() -> None:
    counted = {path.relative_to(ROOT) for path in sources()}
    beside_the_code = {
        path.relative_to(ROOT)
        for path in (ROOT / "lastlink_ui" / "web").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {path.suffix for path in beside_the_code} >= {".py", ".js"}
    assert beside_the_code <= counted
