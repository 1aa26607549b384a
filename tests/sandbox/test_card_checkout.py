"""A subscription bought by card on the hosted page: what the payer sees, what the provider tells."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.sandbox.provider import SHOP, Provider

# The order in which the provider makes the objects of a first card subscription.
FIRST_SUBSCRIPTION = [
    "customer.created",
    "payment_method.attached",
    "customer.subscription.created",
    "invoice.created",
    "invoice.finalized",
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "invoice_payment.paid",
    "invoice.paid",
    "invoice.payment_succeeded",
    "customer.subscription.updated",
    "checkout.session.completed",
]


def _alert(page: str) -> str:
    found = re.search(r'role="alert">([^<]+)<', page)
    return found[1] if found else ""


def test_a_card_pays_and_leads_back_to_the_shop(provider: Provider) -> None:
    session = provider.session(metadata={"order": "7"}, subscription_data={"metadata": {"plan": "ouro"}})

    answer = provider.pay(str(session.url))

    assert answer.status_code == 303
    assert answer.headers["location"] == f"{SHOP}/ok?s={session.id}"
    sale = provider.sale(session.id)
    assert (sale.session["status"], sale.session["payment_status"]) == ("complete", "paid")
    assert sale.session["metadata"] == {"order": "7"}
    subscription = provider.api.subscriptions.retrieve(sale.subscription)
    assert subscription.status == "active"
    assert subscription.metadata["plan"] == "ouro"
    assert sale.invoice["status"] == "paid"
    assert sale.invoice["parent"]["subscription_details"]["metadata"] == {"plan": "ouro"}


def test_a_first_subscription_is_told_in_the_providers_order(provider: Provider) -> None:
    provider.subscribed()

    told = [
        event["type"] for event in provider.events() if not event["type"].startswith(("price", "product"))
    ]

    assert told == FIRST_SUBSCRIPTION


def test_events_carry_the_object_as_it_was_then(provider: Provider) -> None:
    sale = provider.subscribed()

    created, updated = [
        event["data"] for event in provider.events() if event["type"].startswith("customer.subscription.")
    ]

    assert created["object"]["status"] == "incomplete"
    assert updated["object"]["status"] == "active"
    assert updated["previous_attributes"]["status"] == "incomplete"
    assert updated["object"]["id"] == sale.subscription


def test_the_paid_period_is_on_the_item(provider: Provider) -> None:
    sale = provider.subscribed(line_items=[{"price": provider.price(interval="month", count=3)}])

    item = provider.api.subscriptions.retrieve(sale.subscription)["items"].data[0]

    assert 89 <= (item.current_period_end - item.current_period_start) / 86_400 <= 92


def test_a_known_customer_pays_without_a_new_one(provider: Provider) -> None:
    customer = provider.api.customers.create({"email": "ana@example.com", "name": "Ana"})

    sale = provider.subscribed(customer=customer.id)

    assert sale.customer == customer.id
    assert [each.id for each in provider.api.customers.list().data] == [customer.id]


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("4000 0000 0000 0002", "Seu cartão foi recusado"),
        ("4000 0000 0000 9995", "não tem limite ou saldo suficiente"),
        ("4000 0000 0000 0341", "Seu cartão foi recusado"),
        ("4111 1111 1111 1111", "não é um cartão de teste"),
    ],
)
def test_a_declined_card_says_so_and_keeps_what_was_typed(
    provider: Provider, number: str, sentence: str
) -> None:
    session = provider.session()

    answer = provider.pay(str(session.url), number, cvc="987")

    assert answer.status_code == 402
    assert sentence in _alert(answer.text)
    assert f'value="{number}"' in answer.text
    assert 'value="Beatriz Ribeiro"' in answer.text
    assert "987" not in answer.text
    assert provider.api.subscriptions.list({"status": "all"}).data == []
    assert provider.api.checkout.sessions.retrieve(session.id).status == "open"


def test_a_payer_tries_another_card_after_a_decline(provider: Provider) -> None:
    session = provider.session()
    provider.pay(str(session.url), "4000 0000 0000 0002")

    assert provider.pay(str(session.url)).status_code == 303


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"number": "4242 4242 4242 4241"}, "O número do cartão não é válido."),
        ({"expiry": "13/30"}, "Informe a validade como MM/AA."),
        ({"expiry": "01/20"}, "A validade do cartão já passou."),
        ({"cvc": "12"}, "Informe os 3 ou 4 dígitos do CVC."),
        ({"card_name": ""}, "Preencha este campo."),
    ],
)
def test_a_mistyped_field_is_named_beside_it(
    provider: Provider, fields: dict[str, str], sentence: str
) -> None:
    session = provider.session()

    answer = provider.pay(str(session.url), **{"number": "4242424242424242", **fields})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_the_e_mail_is_asked_for_when_the_session_brought_none(provider: Provider) -> None:
    session = provider.session(customer_email="")

    assert 'id="email"' in httpx.get(str(session.url)).text
    assert provider.pay(str(session.url), email="nobody").status_code == 422
    assert provider.pay(str(session.url), email="carla@example.com").status_code == 303
    assert provider.api.customers.list({"email": "carla@example.com"}).data


def test_nothing_typed_becomes_markup(provider: Provider) -> None:
    session = provider.session()

    answer = provider.pay(str(session.url), "1", card_name='"><script>alert(1)</script>')

    assert "<script>" not in answer.text


def test_a_paid_session_is_not_paid_twice(provider: Provider) -> None:
    session = provider.session()
    provider.pay(str(session.url))

    again = provider.pay(str(session.url))

    assert again.status_code == 200
    assert "Este pagamento já foi concluído" in again.text
    assert len(provider.api.charges.list().data) == 1


def test_many_clicks_at_once_pay_once(provider: Provider) -> None:
    session = provider.session()

    def click(_number: int) -> int:
        return provider.pay(str(session.url)).status_code

    with ThreadPoolExecutor(8) as clicks:
        answers = list(clicks.map(click, range(8)))

    assert sorted(answers) == [200] * 7 + [303]
    assert len(provider.api.charges.list().data) == 1
    assert len(provider.api.subscriptions.list().data) == 1


def test_an_expired_session_says_so_and_leads_back(provider: Provider) -> None:
    session = provider.session()
    url = str(session.url)
    provider.api.checkout.sessions.expire(session.id)

    page = provider.pay(url).text

    assert "Esta página de pagamento expirou" in page
    assert f"{SHOP}/back" in page
    assert "checkout.session.expired" in [event["type"] for event in provider.events()]


def test_a_session_expires_by_itself(provider: Provider) -> None:
    session = provider.session(expires_at=int(time.time()) + 1_801)

    provider.act("hurry", session.id)

    assert provider.api.checkout.sessions.retrieve(session.id).status == "expired"


def test_three_d_secure_asks_the_payer_first(provider: Provider) -> None:
    session = provider.session()
    question = provider.pay(str(session.url), "4000 0025 0000 3155")
    assert "Confirme com o seu banco" in question.text
    assert provider.api.checkout.sessions.retrieve(session.id).status == "open"
    asked = f"{session.url}/authenticate"

    assert httpx.post(f"{asked}?agreed=no").status_code == 402
    assert httpx.post(f"{asked}?agreed=yes").status_code == 303

    assert provider.sale(session.id).session["payment_status"] == "paid"


def test_an_unknown_payment_page_is_not_found(provider: Provider) -> None:
    answer = httpx.get(f"{provider.sandbox.origin}/c/pay/cs_test_nobody")

    assert answer.status_code == 404
    assert "Página não encontrada" in answer.text


def test_the_page_offers_only_the_allowed_methods(provider: Provider) -> None:
    both = httpx.get(str(provider.session().url)).text
    card = httpx.get(str(provider.session(allowed_payment_method_types=["card"]).url)).text

    assert "Forma de pagamento" in both
    assert "Boleto" not in card
    assert "CPF ou CNPJ" not in card
