"""What the own page leads to that is no page of the app: receipts, the own data, the provider's card page."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from lastlink_ui.api.plain_page import WayOn, facts_page, not_found, plain_page
from lastlink_ui.api.routing import DeclaredRoute, fan_of, route
from lastlink_ui.billing.gateway import ProviderError
from lastlink_ui.core.errors import NotFound
from lastlink_ui.core.ids import PaymentId, SubscriptionId
from lastlink_ui.core.who import Who
from lastlink_ui.fan_page.service import FanPage, Receipt
from lastlink_ui.text import t
from lastlink_ui.text.formats import day, day_and_time, money

PAGE = "/minha-assinatura"
_PRIVATE = {"cache-control": "no-store", "x-robots-tag": "noindex", "referrer-policy": "no-referrer"}


def fan_file_routes(page: FanPage) -> Sequence[DeclaredRoute]:
    """Each is the fan's own, or not found."""

    async def receipt(request: Request) -> Response:
        try:
            found = await page.receipt(fan_of(request), PaymentId(request.path_params["payment"]))
        except NotFound:
            return not_found()
        return _private(_receipt(found))

    async def own_data(request: Request) -> Response:
        document = {"data": await page.export(fan_of(request))}
        disposition = {"content-disposition": 'attachment; filename="meus-dados.json"'}
        return _private(JSONResponse(document, headers=disposition))

    async def card(request: Request) -> Response:
        try:
            address = await page.card_page(
                fan_of(request), SubscriptionId(request.path_params["subscription"])
            )
        except NotFound:
            return not_found()
        except ProviderError:
            back = WayOn(PAGE, t("receipt.back"))
            return _private(plain_page(503, t("fan_page.change_card"), t("fan_page.card_away"), back))
        return _private(RedirectResponse(address, 303))

    return (
        route(Who.FAN, f"{PAGE}/dados.json", own_data),
        route(Who.FAN, f"{PAGE}/recibo/{{payment:uuid}}", receipt),
        route(Who.FAN, f"{PAGE}/cartao/{{subscription:uuid}}", card),
    )


def _receipt(receipt: Receipt) -> Response:
    facts = [
        (t("receipt.creator"), f"{receipt.creator_name} (@{receipt.creator_handle})"),
        (t("receipt.plan"), receipt.plan_name),
        (t("receipt.amount"), money(receipt.amount)),
        (t("receipt.method"), t(f"method.{receipt.method}")),
        (t("receipt.paid_at"), day_and_time(receipt.paid_at)),
        (
            t("receipt.period"),
            t("receipt.period_days", start=day(receipt.period_start), end=day(receipt.period_end)),
        ),
        (t("receipt.number"), str(receipt.id)),
    ]
    if receipt.refunded_amount:
        facts.insert(3, (t("receipt.returned"), money(receipt.refunded_amount)))
    return facts_page(t("receipt.title"), t("receipt.sentence"), facts, WayOn(PAGE, t("receipt.back")))


def _private(response: Response) -> Response:
    response.headers.update(_PRIVATE)
    return response
