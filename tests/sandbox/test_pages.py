"""The overview at the root, the portal, mails and the process itself."""

import signal
import subprocess
import sys
from pathlib import Path

import httpx
import stripe

from tests.sandbox.provider import CARD_FIELDS, SHOP, Provider
from tests.support.processes import answers, eventually, free_port


def _root(provider: Provider) -> str:
    return httpx.get(provider.sandbox.origin).text


def _press(provider: Provider, path: str) -> httpx.Response:
    return httpx.post(f"{provider.sandbox.origin}/panel/{path}", follow_redirects=True)


def test_the_overview_shows_what_there_is(provider: Provider) -> None:
    sale = provider.subscribed()

    page = _root(provider)

    for shown in (sale.subscription, "checkout.session.completed", "Entregas de webhooks", "Avançar 7 dias"):
        assert shown in page


def test_its_buttons_do_what_only_time_and_banks_can(provider: Provider) -> None:
    sale, waiting = provider.subscribed(), provider.subscribed_by_boleto()

    _press(provider, f"act/pay_boleto/{waiting.intent['id']}")
    _press(provider, f"act/open_dispute/{sale.intent['latest_charge']}")
    assert "Contestações" in _press(provider, "clock/86400").text

    assert provider.api.subscriptions.retrieve(waiting.subscription).status == "active"
    assert provider.api.disputes.list().data[0].charge == sale.intent["latest_charge"]


def test_a_button_that_no_longer_fits_says_why(provider: Provider) -> None:
    sale = provider.subscribed()
    _press(provider, f"act/open_dispute/{sale.intent['latest_charge']}")

    again = _press(provider, f"act/open_dispute/{sale.intent['latest_charge']}")

    assert again.status_code == 400
    assert "disputed already" in again.text


def test_another_sites_page_presses_no_button(provider: Provider) -> None:
    answer = httpx.post(
        f"{provider.sandbox.origin}/panel/clock/86400", headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert answer.status_code == 403


def test_mails_are_kept_and_shown(provider: Provider) -> None:
    provider.control(
        "mails", {"from": "a@example.com", "to": "b@example.com", "subject": "Olá <b>", "text": "Clique aqui"}
    )

    assert provider.seen("mails", to="b@example.com")[0]["subject"] == "Olá <b>"
    assert provider.seen("mails", to="c@example.com") == []
    assert "Olá &lt;b&gt;" in _root(provider)


def test_the_portal_cancels_and_keeps(provider: Provider) -> None:
    sale = provider.subscribed()
    session = provider.api.billing_portal.sessions.create(
        {"customer": sale.customer, "return_url": f"{SHOP}/me"}
    )
    page = httpx.get(session.url).text
    assert "Cancelar assinatura" in page
    assert f"{SHOP}/me" in page

    httpx.post(f"{session.url}/cancel", data={"subscription": sale.subscription})
    assert provider.api.subscriptions.retrieve(sale.subscription).cancel_at_period_end
    assert "Manter assinatura" in httpx.get(session.url).text

    httpx.post(f"{session.url}/keep", data={"subscription": sale.subscription})
    assert not provider.api.subscriptions.retrieve(sale.subscription).cancel_at_period_end


def test_the_portal_changes_the_card(provider: Provider) -> None:
    sale = provider.subscribed()
    session = provider.api.billing_portal.sessions.create(
        {
            "customer": sale.customer,
            "flow_data": {
                "type": "payment_method_update",
                "after_completion": {"type": "redirect", "redirect": {"return_url": f"{SHOP}/me"}},
            },
        }
    )
    assert "Cancelar assinatura" not in httpx.get(session.url).text

    declined = httpx.post(f"{session.url}/card", data={"number": "4000000000000002", **CARD_FIELDS})
    assert "Seu cartão foi recusado" in declined.text
    answer = httpx.post(f"{session.url}/card", data={"number": "5555555555554444", **CARD_FIELDS})

    assert answer.headers["location"] == f"{SHOP}/me"
    subscription = provider.api.subscriptions.retrieve(
        sale.subscription, {"expand": ["default_payment_method"]}
    )
    assert isinstance(subscription.default_payment_method, stripe.PaymentMethod)
    assert subscription.default_payment_method.card
    assert subscription.default_payment_method.card.last4 == "4444"


def test_the_portal_touches_nobody_elses_subscription(provider: Provider) -> None:
    mine, theirs = provider.subscribed(), provider.subscribed()
    session = provider.api.billing_portal.sessions.create({"customer": mine.customer})

    httpx.post(f"{session.url}/cancel", data={"subscription": theirs.subscription})

    assert not provider.api.subscriptions.retrieve(theirs.subscription).cancel_at_period_end


def test_an_invoice_has_a_page(provider: Provider) -> None:
    sale = provider.subscribed()

    assert "Paga" in httpx.get(sale.invoice["hosted_invoice_url"]).text


def test_it_says_that_it_is_ready_and_ends_cleanly(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "lastlink_ui.sandbox", "--port", str(port), "--data-dir", str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    eventually(lambda: answers(f"http://127.0.0.1:{port}/healthz"), seconds=60)

    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=30)

    assert output == f"Sandbox ready at http://127.0.0.1:{port}\n"
    assert process.returncode == 0
    assert (tmp_path / "sandbox.sqlite").exists()


def test_a_reset_forgets_everything(provider: Provider) -> None:
    provider.subscribed()

    provider.control("reset")

    assert provider.events() == []
    assert provider.api.customers.list().data == []
