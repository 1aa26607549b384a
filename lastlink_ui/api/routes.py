"""Our own HTTP routes, in the order in which they are tried; pages and files come after them."""

from collections.abc import Collection, Sequence

from starlette.routing import BaseRoute

from lastlink_ui.api.email_links import email_link_routes
from lastlink_ui.api.export import export_subscribers
from lastlink_ui.api.fan_doors import fan_door_routes
from lastlink_ui.api.fan_files import fan_file_routes
from lastlink_ui.api.health import healthz, readyz
from lastlink_ui.api.history import export_history
from lastlink_ui.api.link_pages import link_routes
from lastlink_ui.api.page_links import page_link_routes
from lastlink_ui.api.past_list import export_past_list
from lastlink_ui.api.pictures import picture_routes
from lastlink_ui.api.public_page import public_page_route
from lastlink_ui.api.recover import recover_routes
from lastlink_ui.api.routing import route
from lastlink_ui.api.second_step import second_step_routes
from lastlink_ui.api.session import session_routes
from lastlink_ui.api.thanks_page import thanks_page_routes
from lastlink_ui.api.webhook import creator_webhook, shared_webhook
from lastlink_ui.core.who import Who
from lastlink_ui.subscribers.audit_log import EXPORT_PATH as HISTORY_PATH
from lastlink_ui.subscribers.filters import EXPORT_PATH, PAST_PATH
from lastlink_ui.wiring import Services


def all_routes(services: Services, origins: Collection[str]) -> Sequence[BaseRoute]:
    """Every route but those of pages and files; forms are taken from pages at `origins` alone."""
    return (
        route(Who.ANYONE, "/healthz", healthz),
        route(Who.ANYONE, "/readyz", readyz),
        # The provider, who signs what it sends.
        route(Who.ANYONE, "/webhooks/stripe", shared_webhook, methods=["POST"]),
        route(Who.ANYONE, "/webhooks/stripe/{creator:uuid}", creator_webhook, methods=["POST"]),
        route(Who.CREATOR, EXPORT_PATH, export_subscribers),
        route(Who.CREATOR, PAST_PATH, export_past_list),
        route(Who.CREATOR, HISTORY_PATH, export_history),
        *session_routes(services.accounts, origins),
        *thanks_page_routes(services.checkouts),
        *link_routes(services.invitations, services.recovery, services.email_change, origins),
        *email_link_routes(services.email_change, origins),
        *second_step_routes(services.second_step, services.accounts, origins),
        *recover_routes(services.password_mail, origins),
        *fan_door_routes(services.fan_access, origins),
        *fan_file_routes(services.fan_page),
        *picture_routes(services.face, origins),
        *page_link_routes(services.plans, services.settings.public_origin),
        public_page_route(services.plans, services.face, services.feed, services.settings.public_origin),
    )
