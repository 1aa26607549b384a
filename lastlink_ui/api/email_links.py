"""`/confirmar-email/<token>`: the page behind the link that proves a creator's address. No script."""

from collections.abc import Collection, Sequence

from starlette.requests import Request
from starlette.responses import Response

from lastlink_ui.accounts.links import LinkUnusable
from lastlink_ui.api.forms import require_own_page
from lastlink_ui.api.link_pages import private, token_in, unusable_link
from lastlink_ui.api.plain_page import Submit, WayOn, form_page, plain_page
from lastlink_ui.api.routing import DeclaredRoute, route
from lastlink_ui.billing.email_change import EmailChange
from lastlink_ui.core.who import Who
from lastlink_ui.text import t

_PATH = "/confirmar-email/{token}"


def email_link_routes(email_change: EmailChange, origins: Collection[str]) -> Sequence[DeclaredRoute]:
    """To look uses nothing up: mail programs look too. The form is taken from pages at `origins` alone."""

    async def show(request: Request) -> Response:
        try:
            proof = await email_change.asked_for(token_in(request))
        except LinkUnusable:
            return unusable_link()
        key = "email_change.sentence_own" if proof.is_own else "email_change.sentence"
        submits = [Submit(t("email_change.submit"))]
        return private(form_page(200, t("email_change.heading"), t(key, email=proof.email), [], submits))

    async def confirm(request: Request) -> Response:
        require_own_page(request, origins)
        try:
            said = t("email_change.done_sentence", email=await email_change.confirm(token_in(request)))
        except LinkUnusable:
            return unusable_link()
        way_on = WayOn("/configuracoes", t("email_change.go_on"))
        return private(plain_page(200, t("email_change.done"), said, way_on))

    return (
        route(Who.ANYONE, _PATH, show),
        route(Who.ANYONE, _PATH, confirm, methods=["POST"]),
    )
