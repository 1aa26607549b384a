"""Answers pages with their compiled shells, each under the policy that its own scripts need."""

import gzip
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from lastlink_ui.api.files import accepted_encodings
from lastlink_ui.api.security_headers import content_security_policy
from lastlink_ui.frontend.release import Release, Shell

_GZIP_LEVEL = 6
_KEPT_PAGES = 256


@dataclass(frozen=True)
class Page:
    """A page of the release, ready to be answered."""

    shell: Shell
    policy: str
    etag: str
    compressed: dict[str, bytes]

    def response(self, request: Request, status_code: int = 200) -> Response:
        """The shell as it is, compressed beforehand; 304 when the browser has it."""
        headers = {
            "content-security-policy": self.policy,
            "cache-control": "no-cache",
            "vary": "accept-encoding",
            "etag": self.etag,
        }
        if status_code == 200 and request.headers.get("if-none-match") == self.etag:  # noqa: PLR2004
            return Response(status_code=304, headers=headers)
        for encoding, _suffix in accepted_encodings(request.headers):
            if body := self.compressed.get(encoding):
                headers["content-encoding"] = encoding
                return Response(body, status_code, headers, "text/html; charset=utf-8")
        return Response(self.shell.html, status_code, headers, "text/html; charset=utf-8")


class Shells:
    """The pages of one release."""

    def __init__(self, release: Release, sockets: Sequence[str]) -> None:
        """`sockets`: the websocket origins that pages may open."""
        self._release = release
        self._sockets = sockets
        self._bare: dict[str, Shell] = {}
        self._dynamic: dict[tuple[str, str, str], Page] = {}

    def fixed(self, path: str) -> Page:
        """The page compiled for `path`."""
        shell = self._release.page(path)
        file = self._release.client / path.strip("/") / "index.html"
        copies = {"br": file.with_name("index.html.br"), "gzip": file.with_name("index.html.gz")}
        compressed = {name: copy.read_bytes() for name, copy in copies.items() if copy.is_file()}
        return self._page(shell, compressed)

    def dynamic(self, route: str, html_head: str = "", html_block: str = "") -> Page:
        """The page of a `route` with an argument, our tags in its head and one block in its body.

        Both are HTML that the caller has escaped. The block stands last in the body (anywhere before,
        React would not recognise its own markup), inside an element that the page removes once it
        shows the same itself (`web.components.prerendered`).
        """
        # The same page is asked for again and again, and its text is its key: nothing can be stale.
        key = (route, html_head, html_block)
        if (page := self._dynamic.get(key)) is None:
            page = self._dynamic_page(route, html_head, html_block)
            if len(self._dynamic) >= _KEPT_PAGES:
                del self._dynamic[next(iter(self._dynamic))]
            self._dynamic[key] = page
        return page

    def _dynamic_page(self, route: str, html_head: str, html_block: str) -> Page:
        if route not in self._bare:
            self._bare[route] = self._release.dynamic_page(route)
        shell = self._bare[route]
        html = shell.html
        if html_head:
            html = html.replace(b"</head>", html_head.encode() + b"</head>", 1)
        if html_block:
            html = html.replace(b"</body>", f'<div id="prerendered">{html_block}</div></body>'.encode(), 1)
        return self._page(
            Shell(html, shell.script_hashes), {"gzip": gzip.compress(html, _GZIP_LEVEL, mtime=0)}
        )

    def _page(self, shell: Shell, compressed: dict[str, bytes]) -> Page:
        etag = f'"{hashlib.sha256(shell.html).hexdigest()[:20]}"'
        return Page(shell, content_security_policy(shell.script_hashes, self._sockets), etag, compressed)
