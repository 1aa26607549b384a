"""The page that a fan comes back to after paying."""

from dataclasses import dataclass

from playwright.sync_api import Page, expect


@dataclass(frozen=True, slots=True)
class ThanksPage:
    """`/obrigado/<token>`."""

    page: Page

    def expect_confirmed(self) -> None:
        expect(self.page.get_by_role("heading", name="Assinatura confirmada")).to_be_visible()

    def expect_waiting(self) -> None:
        expect(self.page.get_by_role("heading", name="Aguardando pagamento")).to_be_visible()

    def expect_unknown(self) -> None:
        expect(self.page.get_by_role("heading", name="Este link não vale mais")).to_be_visible()

    def expect_fact(self, name: str, value: str) -> None:
        """One line of the summary."""
        line = self.page.get_by_role("term").filter(has_text=name).locator("xpath=..")
        expect(line.get_by_role("definition")).to_have_text(value)

    def expect_access(self, text: str, link: str) -> None:
        access = self.page.get_by_role("region", name="Como acessar")
        expect(access).to_contain_text(text)
        anchor = access.get_by_role("link", name="Abrir o conteúdo")
        expect(anchor).to_have_attribute("href", link)
        expect(anchor).to_have_attribute("rel", "noopener noreferrer")

    def expect_no_access(self) -> None:
        expect(self.page.get_by_role("region", name="Como acessar")).to_have_count(0)
