"""Composition root: the Reflex app, and the ASGI app that granian serves."""

import reflex as rx
from starlette.types import ASGIApp

from lastlink_ui.api.app import create_api, secured
from lastlink_ui.api.origins import Address
from lastlink_ui.api.routes import ROUTES
from lastlink_ui.frontend.release import Release
from lastlink_ui.settings import settings
from lastlink_ui.web.app import create_app

app: rx.App = create_app()


def create_asgi() -> ASGIApp:
    """The app as it is served: Reflex's events inside our own routes, under the security headers."""
    address = Address(settings().port, settings().origin or None)
    release = Release.current()
    app.api_transformer = lambda reflex: create_api(reflex, release, address, ROUTES)
    return secured(app(), address)
