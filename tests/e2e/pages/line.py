"""The websocket between a page and the program, which tests cut as a train's tunnel would."""

from dataclasses import dataclass, field

from playwright.sync_api import Page, WebSocketRoute


@dataclass
class Line:
    """Put between before the page is opened; it passes everything on until it is cut."""

    page: Page
    is_cut: bool = False
    _open: list[tuple[WebSocketRoute, WebSocketRoute]] = field(
        default_factory=list[tuple[WebSocketRoute, WebSocketRoute]]
    )

    def __post_init__(self) -> None:
        self.page.route_web_socket("**/_event**", self._between)

    def cut(self) -> None:
        """End the connection for both sides, and let no other one come to be."""
        self.is_cut = True
        for page_side, server_side in self._open:
            server_side.close()
            page_side.close(code=1001)
        self._open.clear()

    def mend(self) -> None:
        """Let the page connect again, which it tries by itself."""
        self.is_cut = False

    def _between(self, route: WebSocketRoute) -> None:
        if self.is_cut:
            route.close(code=1001)
        else:
            self._open.append((route, route.connect_to_server()))
