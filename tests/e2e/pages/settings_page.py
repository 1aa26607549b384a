"""`/configuracoes`, the card "Recebimentos"."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect


@dataclass(frozen=True, slots=True)
class ReceivingCard:
    """How the creator is paid."""

    page: Page

    @property
    def card(self) -> Locator:
        return self.page.get_by_role("region", name="Recebimentos")

    def switch(self, method: str) -> Locator:
        return self.card.get_by_role("switch", name=method, exact=True)

    def field(self, label: str) -> Locator:
        return self.card.get_by_label(label, exact=True)

    def save(self, *, key: str = "", secret: str = "") -> None:
        self.field("Chave secreta").fill(key)
        self.field("Segredo do webhook").fill(secret)
        self.card.get_by_role("button", name="Testar e salvar").click()

    def expect_error(self, label: str, sentence: str) -> None:
        expect(self.field(label)).to_have_attribute("aria-invalid", "true")
        expect(self.card.get_by_role("alert").filter(has_text=sentence)).to_be_visible()

    def expect_said(self, sentence: str) -> None:
        expect(self.card.get_by_text(sentence)).to_be_visible()
