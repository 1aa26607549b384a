"""The sign-in page, as a creator uses it."""

from dataclasses import dataclass

from playwright.sync_api import Page, expect


@dataclass(frozen=True, slots=True)
class SignInPage:
    """`/entrar`."""

    page: Page

    def sign_in(self, email: str, password: str) -> None:
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Senha").fill(password)
        self.page.get_by_role("button", name="Entrar").click()

    def expect_open(self) -> None:
        expect(self.page.get_by_role("button", name="Entrar")).to_be_visible()
