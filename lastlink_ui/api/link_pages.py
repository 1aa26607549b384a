"""The pages behind links that serve once: an invitation, and a forgotten password. They need no script."""

from collections.abc import Collection, Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lastlink_ui.accounts.links import LinkUnusable
from lastlink_ui.accounts.opening import MAX_NAME, Invitations
from lastlink_ui.accounts.passwords import MAX_LENGTH
from lastlink_ui.accounts.recovery import Recovery
from lastlink_ui.api.forms import read_form, require_own_page
from lastlink_ui.api.plain_page import FormField, Submit, form_page, plain_page
from lastlink_ui.api.routing import DeclaredRoute, route
from lastlink_ui.billing.email_change import EmailChange
from lastlink_ui.core import handles
from lastlink_ui.core.errors import InvalidInput
from lastlink_ui.core.handles import InvalidHandle
from lastlink_ui.core.who import Who
from lastlink_ui.text import t

_MAX_FORM = 8 * 1024
_UNPROCESSABLE = 422


def link_routes(
    invitations: Invitations, recovery: Recovery, email_change: EmailChange, origins: Collection[str]
) -> Sequence[DeclaredRoute]:
    """`/convite/<token>` and `/redefinir-senha/<token>`. To look uses nothing up: mail programs look too."""

    async def show_invitation(request: Request) -> Response:
        return await _invitation(invitations, token_in(request))

    async def accept(request: Request) -> Response:
        require_own_page(request, origins)
        form = await read_form(request, max_bytes=_MAX_FORM)
        name, handle = form.get("nome", ""), form.get("perfil", "")
        try:
            creator = await invitations.accept(token_in(request), form.get("senha", ""), name, handle)
        except LinkUnusable:
            return unusable_link()
        except InvalidInput as refused:
            return await _invitation(invitations, token_in(request), name, handle, refused)
        # The operator may have passed the link on by any way: only a mail proves an address.
        await email_change.ask_to_confirm(creator)
        return _to_sign_in()

    async def show_reset(request: Request) -> Response:
        return _reset() if await recovery.is_usable(token_in(request)) else unusable_link()

    async def reset(request: Request) -> Response:
        require_own_page(request, origins)
        form = await read_form(request, max_bytes=_MAX_FORM)
        try:
            await recovery.reset(token_in(request), form.get("senha", ""))
        except LinkUnusable:
            return unusable_link()
        except InvalidInput as refused:
            return _reset(refused)
        return _to_sign_in()

    return (
        route(Who.ANYONE, "/convite/{token}", show_invitation),
        route(Who.ANYONE, "/convite/{token}", accept, methods=["POST"]),
        route(Who.ANYONE, "/redefinir-senha/{token}", show_reset),
        route(Who.ANYONE, "/redefinir-senha/{token}", reset, methods=["POST"]),
    )


async def _invitation(
    invitations: Invitations,
    token: str,
    name: str = "",
    handle: str = "",
    refused: InvalidInput | None = None,
) -> Response:
    try:
        email = await invitations.invited(token)
    except LinkUnusable:
        return unusable_link()
    sentence = t(refused.message_key, **refused.params) if refused else ""
    wrong = _wrong_field(refused)
    fields = [
        FormField(
            field, t(f"invitation.{key}"), kind, autocomplete, length, value, sentence * (field == wrong)
        )
        for field, key, kind, autocomplete, length, value in (
            ("nome", "name", "text", "name", MAX_NAME, name),
            ("perfil", "handle", "text", "username", handles.MAX_LENGTH + 1, handle),
            ("senha", "password", "password", "new-password", MAX_LENGTH, ""),
        )
    ]
    said = t("invitation.sentence", email=email)
    status = _UNPROCESSABLE if refused else 200
    return private(form_page(status, t("invitation.heading"), said, fields, [Submit(t("invitation.submit"))]))


def _wrong_field(refused: InvalidInput | None) -> str:
    if refused is None:
        return ""
    if isinstance(refused, InvalidHandle):
        return "perfil"
    return "senha" if refused.message_key.startswith("password.") else "nome"


def _reset(refused: InvalidInput | None = None) -> Response:
    problem = t(refused.message_key, **refused.params) if refused else ""
    field = FormField("senha", t("reset.password"), "password", "new-password", MAX_LENGTH, problem=problem)
    status = _UNPROCESSABLE if refused else 200
    return private(
        form_page(status, t("reset.heading"), t("reset.sentence"), [field], [Submit(t("reset.submit"))])
    )


def unusable_link() -> Response:
    """The page for a link that was used, is too old, or never was one."""
    return private(plain_page(404, t("unusable_link.heading"), t("link.unusable")))


def _to_sign_in() -> Response:
    return private(RedirectResponse("/entrar", 303))


def private(response: Response) -> Response:
    """The address holds the token: it goes into no other site's log and into no search engine."""
    # "no-referrer" would keep the forms' own Origin back too, and they would be refused.
    response.headers["referrer-policy"] = "same-origin"
    response.headers["x-robots-tag"] = "noindex"
    response.headers["cache-control"] = "no-store"
    return response


def token_in(request: Request) -> str:
    """What the address ends with."""
    return str(request.path_params["token"])
