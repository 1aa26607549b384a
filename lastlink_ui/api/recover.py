"""`/recuperar`: a creator who forgot the password asks for a link. It needs no script."""

from collections.abc import Collection, Sequence

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from lastlink_ui.api.forms import read_form, require_own_page
from lastlink_ui.api.plain_page import FormField, Submit, WayOn, form_page, plain_page
from lastlink_ui.api.routing import DeclaredRoute, route
from lastlink_ui.billing.password_mail import PasswordMail, TooManyResets
from lastlink_ui.core.errors import InvalidInput, LastlinkError
from lastlink_ui.core.who import Who
from lastlink_ui.text import t

PAGE = "/recuperar"
_MAX_FORM = 4 * 1024
_MAX_EMAIL = 254
_UNPROCESSABLE, _TOO_MANY = 422, 429


def recover_routes(mail: PasswordMail, origins: Collection[str]) -> Sequence[DeclaredRoute]:
    """The form, and what it sends; forms are taken from pages at `origins` alone."""

    async def show(_request: Request) -> Response:
        return _asking()

    async def ask(request: Request) -> Response:
        require_own_page(request, origins)
        typed = (await read_form(request, max_bytes=_MAX_FORM)).get("email", "")
        try:
            email = mail.asked(typed, request.client.host if request.client else "")
        except TooManyResets as refused:
            return _asking(typed, refused, _TOO_MANY)
        except InvalidInput as refused:
            return _asking(typed, refused, _UNPROCESSABLE)
        response = plain_page(
            200, t("recover.sent"), t("recover.sent_sentence"), WayOn("/entrar", t("recover.back"))
        )
        # After the answer: neither its words nor its time tell whether the address is known.
        response.background = BackgroundTask(mail.send_link, email)
        return _unstored(response)

    return (route(Who.ANYONE, PAGE, show), route(Who.ANYONE, PAGE, ask, methods=["POST"]))


def _asking(typed: str = "", refused: LastlinkError | None = None, status: int = 200) -> Response:
    problem = t(refused.message_key, **refused.params) if refused else ""
    field = FormField("email", t("recover.email"), "email", "email", _MAX_EMAIL, typed[:_MAX_EMAIL], problem)
    return _unstored(
        form_page(status, t("recover.heading"), t("recover.sentence"), [field], [Submit(t("recover.submit"))])
    )


def _unstored(response: Response) -> Response:
    response.headers["referrer-policy"] = "same-origin"
    response.headers["cache-control"] = "no-store"
    return response
