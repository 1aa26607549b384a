"""The public page and the provider's payment page behind it, as a fan uses them."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect


@dataclass(frozen=True, slots=True)
class PublicPage:
    """`/<handle>`."""

    page: Page

    def open(self, address: str) -> "PublicPage":
        """Go there, and wait until the page lives."""
        self.page.goto(address)
        expect(self.subscribe_button).to_be_visible()
        return self

    @property
    def subscribe_button(self) -> Locator:
        return self.page.get_by_role("button", name="Assinar")

    @property
    def plans(self) -> Locator:
        return self.page.get_by_role("radiogroup", name="Escolha seu plano").get_by_role("radio")

    def plan(self, name: str) -> Locator:
        return self.page.get_by_role("radio", name=name, exact=True)

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(label, exact=True)

    def fill_in(
        self,
        *,
        name: str = "Beatriz Ribeiro",
        profile: str = "@beatriz.ribeiro",
        email: str = "beatriz@example.com",
    ) -> None:
        """Fill in what a fan says of themselves."""
        self.field("Nome completo").fill(name)
        self.field("Perfil").fill(profile)
        self.field("E-mail").fill(email)

    def pay_by(self, method: str) -> None:
        group = self.page.get_by_role("radiogroup", name="Forma de pagamento")
        group.get_by_role("radio", name=method, exact=True).check()

    def fill_in_payer(self, *, tax_id: str, postal_code: str) -> None:
        """Fill in what a boleto asks for."""
        for label, text in {
            "CPF ou CNPJ": tax_id,
            "CEP": postal_code,
            "Rua": "Avenida Paulista",
            "Número": "1000",
            "Complemento": "ap. 12",
            "Bairro": "Bela Vista",
            "Cidade": "São Paulo",
        }.items():
            self.field(label).fill(text)
        self.field("Estado").select_option("SP")

    def expect_no_boleto_fields(self) -> None:
        expect(self.field("CPF ou CNPJ")).to_have_count(0)

    def choose(self, plan: str) -> None:
        self.plan(plan).check()

    def subscribe(self) -> None:
        self.subscribe_button.click()

    def expect_filled_in(self, *, name: str, profile: str, email: str) -> None:
        expect(self.field("Nome completo")).to_have_value(name)
        expect(self.field("Perfil")).to_have_value(profile)
        expect(self.field("E-mail")).to_have_value(email)

    def expect_error(self, label: str, sentence: str) -> None:
        """The sentence stands beside that field, and belongs to it for who cannot see it."""
        field = self.field(label)
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_accessible_description(re.compile(re.escape(sentence)))
        expect(self.page.get_by_text(sentence, exact=True)).to_be_visible()

    def expect_no_error(self, label: str) -> None:
        expect(self.field(label)).to_have_attribute("aria-invalid", "false")

    def expect_trouble(self, sentence: str) -> None:
        """The sentence above the button; nothing is under way any more."""
        expect(self.page.get_by_role("alert").filter(has_text=sentence)).to_be_visible()
        expect(self.subscribe_button).not_to_have_attribute("aria-busy", "true")

    def expect_offer(self, sentence: str) -> None:
        expect(self.page.get_by_text(sentence, exact=True)).to_be_visible()


@dataclass(frozen=True, slots=True)
class PaymentPage:
    """The sandbox's stand-in for the provider's hosted page."""

    page: Page

    def pay(self, card: str = "4242 4242 4242 4242") -> None:
        """Fill in the card, and press "Pagar"."""
        self.page.get_by_label("Número do cartão").fill(card)
        self.page.get_by_label("Validade").fill("12/34")
        self.page.get_by_label("CVC").fill("123")
        self.page.get_by_label("Nome no cartão").fill("BEATRIZ RIBEIRO")
        self.page.get_by_role("button", name="Pagar").click()

    def expect_open(self) -> "PaymentPage":
        expect(self.page.get_by_label("Número do cartão")).to_be_visible()
        return self
