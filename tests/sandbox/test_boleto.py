"""A subscription paid by boleto: voucher first, money later or never."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import httpx
import pytest
import stripe

from tests.sandbox.provider import SHOP, Provider
from tests.support.processes import eventually


def _statuses(provider: Provider, subscription: str, session: str) -> tuple[str, str]:
    return (
        provider.api.subscriptions.retrieve(subscription).status,
        str(provider.api.checkout.sessions.retrieve(session).payment_status),
    )


def test_a_boleto_lands_on_its_voucher(provider: Provider) -> None:
    session = provider.session()

    answer = provider.pay_by_boleto(str(session.url))

    assert answer.status_code == 303
    voucher = httpx.get(f"{provider.sandbox.origin}{answer.headers['location']}").text
    for shown in (
        "Linha digitável",
        "Simular pagamento",
        "Simular vencimento",
        "R$\N{NO-BREAK SPACE}29,90",
        "Beatriz Ribeiro",
    ):
        assert shown in voucher
    sale = provider.sale(session.id)
    assert sale.session["status"] == "complete"
    assert _statuses(provider, sale.subscription, session.id) == ("incomplete", "unpaid")
    assert (sale.invoice["status"], sale.intent["status"]) == ("open", "requires_action")


def test_the_voucher_is_in_the_intents_next_action(provider: Provider) -> None:
    sale = provider.subscribed_by_boleto(payment_method_options={"boleto": {"expires_after_days": 5}})

    details = sale.intent["next_action"]["boleto_display_details"]

    due = datetime.fromtimestamp(details["expires_at"], ZoneInfo("America/Sao_Paulo"))
    assert (due.hour, due.minute) == (23, 59)
    assert due.weekday() < 5
    assert sale.intent["payment_method_options"]["boleto"]["expires_after_days"] == 5
    assert details["hosted_voucher_url"].startswith(provider.sandbox.origin)
    assert re.fullmatch(r"\d{47}", details["number"])
    assert details["number"].endswith("0000002990")


def test_the_digitable_line_has_right_check_digits(provider: Provider) -> None:
    line = provider.subscribed_by_boleto().intent["next_action"]["boleto_display_details"]["number"]

    for start, end in ((0, 10), (10, 21), (21, 32)):
        digits = [int(digit) for digit in line[start:end]][::-1]
        doubled = [sum(divmod(digit * 2, 10)) if place % 2 else digit for place, digit in enumerate(digits)]
        assert sum(doubled) % 10 == 0


def test_a_paid_boleto_activates_the_subscription(provider: Provider) -> None:
    sale = provider.subscribed_by_boleto()

    answer = httpx.post(f"{provider.sandbox.origin}/boleto/{sale.intent['id']}/pay", follow_redirects=True)

    assert "Boleto pago" in answer.text
    assert f"{SHOP}/ok" in answer.text
    assert _statuses(provider, sale.subscription, sale.session["id"]) == ("active", "paid")
    types = [event["type"] for event in provider.events()]
    assert types.index("checkout.session.completed") < types.index("invoice.paid")
    assert types[-1] == "checkout.session.async_payment_succeeded"
    assert "payment_intent.requires_action" in types


def test_an_expired_boleto_ends_the_subscription(provider: Provider) -> None:
    sale = provider.subscribed_by_boleto()

    answer = httpx.post(f"{provider.sandbox.origin}/boleto/{sale.intent['id']}/expire", follow_redirects=True)

    assert "Boleto vencido" in answer.text
    assert _statuses(provider, sale.subscription, sale.session["id"]) == ("incomplete_expired", "unpaid")
    assert provider.api.invoices.retrieve(sale.invoice["id"]).status == "void"
    assert provider.events()[-1]["type"] == "checkout.session.async_payment_failed"


def test_an_expired_boleto_can_no_longer_be_paid(provider: Provider) -> None:
    sale = provider.subscribed_by_boleto()
    provider.act("expire_boleto", sale.intent["id"])

    provider.act("pay_boleto", sale.intent["id"])

    assert provider.api.charges.list().data == []


def test_a_paid_boleto_is_paid_once(provider: Provider) -> None:
    sale = provider.subscribed_by_boleto()

    for _ in range(2):
        provider.act("pay_boleto", sale.intent["id"])

    assert len(provider.api.charges.list().data) == 1


def test_a_boleto_is_not_returned(provider: Provider) -> None:
    sale = provider.subscribed_by_boleto()
    provider.act("pay_boleto", sale.intent["id"])

    with pytest.raises(stripe.InvalidRequestError, match="does not support refunds"):
        provider.api.refunds.create({"payment_intent": sale.intent["id"]})


def test_canceling_withdraws_the_voucher(provider: Provider) -> None:
    sale = provider.subscribed_by_boleto()

    provider.api.subscriptions.cancel(sale.subscription)

    assert provider.api.payment_intents.retrieve(sale.intent["id"]).status == "canceled"
    assert provider.api.invoices.retrieve(sale.invoice["id"]).status == "void"


@pytest.mark.parametrize(
    ("name", "status"), [("succeed_immediately", "active"), ("expire_immediately", "incomplete_expired")]
)
def test_the_payers_e_mail_decides_what_becomes_of_it(provider: Provider, name: str, status: str) -> None:
    sale = provider.subscribed_by_boleto(customer_email=f"{name}@example.com")

    eventually(
        lambda: provider.api.subscriptions.retrieve(sale.subscription).status == status,
        seconds=15,
        what=status,
    )


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"tax_id": "123.456.789-00"}, "Informe um CPF ou CNPJ válido."),
        ({"tax_id": ""}, "Informe um CPF ou CNPJ válido."),
        ({"postal_code": "123"}, "Informe um CEP de 8 dígitos."),
        ({"state": "XX"}, "Informe a sigla do estado, por exemplo SP."),
        ({"full_name": ""}, "Preencha este campo."),
    ],
)
def test_a_boleto_needs_to_know_its_payer(provider: Provider, fields: dict[str, str], sentence: str) -> None:
    answer = provider.pay_by_boleto(str(provider.session().url), **fields)

    assert answer.status_code == 422
    assert sentence in answer.text


@pytest.mark.parametrize(
    "tax_id", ["529.982.247-25", "11.222.333/0001-81", "12.ABC.345/01DE-35", "00.000.000/0000-00"]
)
def test_every_sort_of_tax_number_is_taken(provider: Provider, tax_id: str) -> None:
    assert provider.pay_by_boleto(str(provider.session().url), tax_id=tax_id).status_code == 303


def test_a_boleto_is_not_offered_below_five_reais(provider: Provider) -> None:
    session = provider.session(line_items=[{"price": provider.price(499), "quantity": 1}])

    assert session.payment_method_types == ["card"]
    with pytest.raises(stripe.InvalidRequestError, match="No valid payment method types"):
        provider.session(
            line_items=[{"price": provider.price(499), "quantity": 1}],
            allowed_payment_method_types=["boleto"],
        )
