"""Composition root: the Reflex app, and the ASGI app that granian serves."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import reflex as rx
from starlette.types import ASGIApp

from lastlink_ui import wiring
from lastlink_ui.api.app import behind_proxies, create_api, secured
from lastlink_ui.api.origins import Address
from lastlink_ui.api.routes import all_routes
from lastlink_ui.core.logs import configure_logs
from lastlink_ui.core.memory import settle
from lastlink_ui.frontend.release import Release
from lastlink_ui.settings import settings
from lastlink_ui.web import event_gate, messages
from lastlink_ui.web.app import create_app

app: rx.App = create_app()


def create_asgi() -> ASGIApp:
    """The app as it is served: Reflex's events inside our own routes, under the security headers."""
    configure_logs()
    services = wiring.services()
    address = Address(settings().port, settings().origin or None)
    routes = all_routes(services, address.origins)
    release = Release.current()

    def with_our_routes(reflex: ASGIApp) -> ASGIApp:
        return create_api(reflex, release, address, routes)

    app.api_transformer = with_our_routes
    app.register_lifespan_task(_background_work)  # pyright: ignore[reportUnknownMemberType]
    asgi = app()
    # Now every state is there, also those that pages make while they are evaluated.
    event_gate.install(app)
    messages.install(app)
    return behind_proxies(secured(asgi, address), settings().proxies)


@asynccontextmanager
async def _background_work() -> AsyncGenerator[None]:
    """Keys sealed under the present secret, then the durable worker, for as long as the process serves."""
    services = wiring.services()
    await services.gateways.reseal()
    await services.second_step.reseal()
    await services.worker.start()
    settle()
    try:
        yield
    finally:
        await services.worker.stop()
        await services.feed.stop()
        await services.database.dispose()
