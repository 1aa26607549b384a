"""The fan's own page, as a fan uses it."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect


@dataclass(frozen=True, slots=True)
class OwnPage:
    """`/minha-assinatura`."""

    page: Page

    def ask_for_link(self, origin: str, email: str) -> None:
        """Go there as nobody, and ask for the way in."""
        self.page.goto(f"{origin}/minha-assinatura")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_role("button", name="Receber o link").click()
        expect(self.page.get_by_role("heading", name="Confira seu e-mail")).to_be_visible()

    def enter(self, link: str) -> None:
        """Use the link."""
        self.page.goto(link)
        self.page.get_by_role("button", name="Entrar").click()
        expect(self.page.get_by_role("heading", name="Seus dados")).to_be_visible()

    def card(self, plan: str) -> Locator:
        """The subscription to that plan."""
        return self.page.get_by_role("article", name=plan)

    def press(self, plan: str, button: str) -> None:
        self.card(plan).get_by_role("button", name=button).click()

    def confirm(self, button: str) -> None:
        """Press the button in the dialog that is open."""
        self.page.get_by_role("dialog").get_by_role("button", name=button, exact=True).click()

    def change_card(self, plan: str, number: str) -> None:
        """On the provider's page, which leads back."""
        self.card(plan).get_by_role("link", name="Trocar cartão").click()
        for label, text in {
            "Número do cartão": number,
            "Validade": "12/34",
            "CVC": "123",
            "Nome no cartão": "BEATRIZ RIBEIRO",
        }.items():
            self.page.get_by_label(label).fill(text)
        self.page.get_by_role("button", name="Salvar cartão").click()
        expect(self.card(plan)).to_be_visible()

    def expect_status(self, plan: str, status: str) -> None:
        expect(self.card(plan).get_by_text(status, exact=True)).to_be_visible()

    def expect_told(self, plan: str, sentence: str) -> None:
        expect(self.card(plan).get_by_role("status")).to_contain_text(sentence)

    def expect_fact(self, plan: str, name: str, value: str) -> None:
        """The line of that name under the plan says so."""
        line = self.card(plan).locator("div", has=self.page.get_by_role("term").get_by_text(name, exact=True))
        expect(line.get_by_role("definition").last).to_contain_text(value)
