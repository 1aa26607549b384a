"""The overview in a browser: it lists everything, and its buttons let time, payers and banks act."""

from playwright.sync_api import Locator, Page, expect

from tests.sandbox.provider import Provider
from tests.support.screens import PHONE
from tests.web.accessibility import violations


def _table(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name)


def _row(page: Page, name: str, text: str) -> Locator:
    return _table(page, name).get_by_role("row").filter(has_text=text)


def test_somebody_plays_payer_bank_and_time_on_the_overview(provider: Provider, page: Page) -> None:
    provider.api.webhook_endpoints.create({"url": "http://127.0.0.1:9/hook", "enabled_events": ["*"]})
    customer = provider.api.customers.create({"email": "fill_never@example.com", "name": "Ana"})
    waits, expires = (provider.subscribed_by_boleto(customer=customer.id) for _ in range(2))
    disputed = provider.subscribed()
    charge = str(provider.api.payment_intents.retrieve(disputed.intent["id"]).latest_charge)
    mail = {"from": "a@example.com", "to": "ana@example.com", "subject": "Seu boleto", "text": "Pague."}
    provider.control("mails", mail)

    page.goto(provider.sandbox.origin)
    expect(page.get_by_role("heading", name="Sandbox de pagamentos")).to_be_visible()
    expect(_row(page, "E-mails", "Seu boleto")).to_be_visible()
    for table in ("Assinaturas", "Faturas", "Eventos", "Entregas de webhooks", "Clientes", "Preços"):
        expect(_table(page, table)).to_be_visible()
    assert violations(page) == []

    _row(page, "Boletos em aberto", waits.intent["id"]).get_by_role(
        "button", name="Simular pagamento"
    ).click()
    expect(_row(page, "Assinaturas", waits.subscription)).to_contain_text("active")
    _row(page, "Boletos em aberto", expires.intent["id"]).get_by_role(
        "button", name="Simular vencimento"
    ).click()
    expect(_row(page, "Assinaturas", expires.subscription)).to_contain_text("incomplete_expired")

    _row(page, "Cobranças", charge).get_by_role("button", name="Abrir contestação").click()
    dispute = _row(page, "Contestações", charge)
    dispute.get_by_role("button", name="Perder").click()
    expect(dispute).to_contain_text("lost")

    before = provider.api.test_helpers.test_clocks.list().data
    page.get_by_role("button", name="Avançar 31 dias").click()
    provider.sandbox.advance(0.1)
    page.reload()
    expect(_table(page, "Faturas").get_by_role("row").filter(has_text="Beatriz")).not_to_have_count(1)
    assert provider.api.test_helpers.test_clocks.list().data == before

    # An id leads to the object as the API answers it, and nothing but what the API shows.
    _table(page, "Assinaturas").get_by_role("link", name=waits.subscription).click()
    expect(page.get_by_role("heading", name=f"subscription {waits.subscription}")).to_be_visible()
    assert '"_method"' not in page.content()
    assert violations(page) == []


def test_the_overview_fits_a_phone(provider: Provider, page: Page) -> None:
    provider.subscribed_by_boleto()
    page.set_viewport_size(PHONE)
    page.goto(provider.sandbox.origin)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(page) == []
