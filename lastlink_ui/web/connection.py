"""The notice that the connection is gone, in place of Reflex's own."""

import reflex as rx
from reflex_components_core.core.banner import connection_errors_count

from lastlink_ui.text import t
from lastlink_ui.web.modules import module


class _ConnectionNotice(rx.Component):
    """See page_effects.js."""

    library = module("page_effects")
    tag = "ConnectionNotice"

    failures: rx.Var[int]
    text: rx.Var[str]


def connection_notice() -> rx.Component:
    """Appears when the websocket drops or the browser goes offline, and goes by itself."""
    return _ConnectionNotice.create(failures=connection_errors_count, text=t("ui.connection_lost"))
