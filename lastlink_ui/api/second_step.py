"""The second step at a creator's sign-in: its code, and turning it on and off. Pages without script.

Secret and recovery codes go to the browser in an answer that nothing stores, and into no page's state.
"""

from collections.abc import Collection, Mapping, Sequence
from html import escape
from typing import Any

import segno
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lastlink_ui.accounts import cookies
from lastlink_ui.accounts.links import LinkUnusable
from lastlink_ui.accounts.passwords import MAX_LENGTH
from lastlink_ui.accounts.second_step import SecondStep, Setup
from lastlink_ui.accounts.service import Accounts
from lastlink_ui.accounts.sessions import SignedInCreator
from lastlink_ui.api.forms import read_form, require_own_page
from lastlink_ui.api.plain_page import FormField, Submit, WayOn, form_page, html_page
from lastlink_ui.api.routing import DeclaredRoute, creator_of, route
from lastlink_ui.api.session import CODE_PAGE, begin_session, own_path, set_cookie
from lastlink_ui.core.errors import InvalidInput, NotFound
from lastlink_ui.core.routes import SECOND_STEP
from lastlink_ui.core.who import Who
from lastlink_ui.text import plural, t

_MAX_FORM, _MAX_CODE = 4 * 1024, 40
_UNPROCESSABLE = 422


def second_step_routes(
    second_step: SecondStep, accounts: Accounts, origins: Collection[str]
) -> Sequence[DeclaredRoute]:
    """`/entrar/codigo` and `/configuracoes/duas-etapas`; forms are taken from pages at `origins` alone."""
    return (*_sign_in_routes(second_step, accounts, origins), *_settings_routes(second_step, origins))


def _sign_in_routes(
    second_step: SecondStep, accounts: Accounts, origins: Collection[str]
) -> Sequence[DeclaredRoute]:
    async def ask(request: Request) -> Response:
        return _asking() if request.cookies.get(cookies.SIGN_IN) else RedirectResponse("/entrar", 303)

    async def finish(request: Request) -> Response:
        require_own_page(request, origins)
        typed = (await read_form(request, max_bytes=_MAX_FORM)).get("codigo", "")[:_MAX_CODE]
        agent = request.headers.get("user-agent", "")
        try:
            token = await second_step.sign_in(request.cookies.get(cookies.SIGN_IN, ""), typed, agent)
        except LinkUnusable:
            response: Response = RedirectResponse("/entrar?erro=etapa", 303)
            set_cookie(response, cookies.SIGN_IN, "", 0)
            return response
        except InvalidInput as refused:
            return _asking(refused)
        return await begin_session(accounts, request, token, own_path(request.query_params.get("volta", "")))

    return (
        route(Who.ANYONE, CODE_PAGE, ask),
        route(Who.ANYONE, CODE_PAGE, finish, methods=["POST"]),
    )


def _settings_routes(second_step: SecondStep, origins: Collection[str]) -> Sequence[DeclaredRoute]:
    async def show(request: Request) -> Response:
        return await _present(second_step, creator_of(request))

    async def change(request: Request) -> Response:
        require_own_page(request, origins)
        creator, form = creator_of(request), await read_form(request, max_bytes=_MAX_FORM)
        try:
            shown = await _change(second_step, creator, form)
        except NotFound:
            shown = None  # turned off meanwhile, elsewhere
        except InvalidInput as refused:
            shown = await _present(second_step, creator, refused)
        return shown or RedirectResponse(SECOND_STEP, 303, {"cache-control": "no-store"})

    return (
        route(Who.CREATOR, SECOND_STEP, show),
        route(Who.CREATOR, SECOND_STEP, change, methods=["POST"]),
    )


async def _change(
    second_step: SecondStep, creator: SignedInCreator, form: Mapping[str, str]
) -> Response | None:
    """What is to be shown of it; None where the page as it now is says it all."""
    password = form.get("senha", "")
    match form.get("acao"):
        case "comecar":
            return _setting_up(await second_step.begin(creator, password))
        case "confirmar":
            return _codes(await second_step.confirm(creator, form.get("codigo", "")[:_MAX_CODE]))
        case "codigos":
            return _codes(await second_step.renew_codes(creator, password))
        case "desativar":
            await second_step.turn_off(creator, password)
        case _:
            pass
    return None


async def _present(
    second_step: SecondStep, creator: SignedInCreator, refused: InvalidInput | None = None
) -> Response:
    if setup := await second_step.setup(creator):
        return _setting_up(setup, refused)
    return _state(await second_step.codes_left(creator.creator_id), refused)


def _asking(refused: InvalidInput | None = None) -> Response:
    return _private(
        form_page(
            _status(refused),
            t("second_step.heading"),
            t("second_step.sentence"),
            [_code_field(refused, "text")],
            [Submit(t("second_step.enter"))],
            way_on=WayOn("/entrar", t("second_step.back_to_sign_in")),
        )
    )


def _state(codes_left: int | None, refused: InvalidInput | None = None) -> Response:
    """Off: turn it on. On: other codes, or turn it off. Either takes the password."""
    is_on = codes_left is not None
    submits = (
        [
            Submit(t("second_step.renew"), "codigos"),
            Submit(t("second_step.turn_off"), "desativar"),
        ]
        if is_on
        else [Submit(t("second_step.begin"), "comecar")]
    )
    sentence = plural("second_step.is_on", codes_left) if is_on else t("second_step.is_off")
    field = FormField(
        "senha",
        t("second_step.password"),
        "password",
        "current-password",
        MAX_LENGTH,
        problem=_said(refused),
    )
    return _private(
        form_page(_status(refused), t("second_step.title"), sentence, [field], submits, way_on=_to_settings())
    )


def _setting_up(setup: Setup, refused: InvalidInput | None = None) -> Response:
    code: Any = segno.make(setup.uri, error="m", micro=False)  # its types are partial
    picture = code.svg_inline(scale=5, dark="#000", light="#fff", title=t("second_step.picture"))
    secret = " ".join(setup.secret[at : at + 4] for at in range(0, len(setup.secret), 4))
    return _private(
        form_page(
            _status(refused),
            t("second_step.title"),
            t("second_step.scan"),
            [_code_field(refused, "numeric")],
            [Submit(t("second_step.turn_on"), "confirmar")],
            html_above=f"{picture}<p>{escape(t('second_step.by_hand'))}<br><code>{escape(secret)}</code></p>",
            way_on=_to_settings(),
        )
    )


def _codes(codes: Sequence[str]) -> Response:
    listed = "".join(f"<li><code>{escape(code)}</code></li>" for code in codes)
    return _private(
        html_page(
            200,
            t("second_step.codes_title"),
            t("second_step.codes_sentence"),
            f"<ol>{listed}</ol>",
            _to_settings(t("second_step.kept")),
        )
    )


def _code_field(refused: InvalidInput | None, mode: str) -> FormField:
    return FormField(
        "codigo",
        t("second_step.code"),
        "text",
        "one-time-code",
        _MAX_CODE,
        problem=_said(refused),
        mode=mode,
    )


def _to_settings(label: str = "") -> WayOn:
    return WayOn("/configuracoes", label or t("second_step.back"))


def _said(refused: InvalidInput | None) -> str:
    return t(refused.message_key, **refused.params) if refused else ""


def _status(refused: InvalidInput | None) -> int:
    return _UNPROCESSABLE if refused else 200


def _private(response: Response) -> Response:
    response.headers["referrer-policy"] = "same-origin"
    response.headers["x-robots-tag"] = "noindex"
    return response
