"""The page "Assinantes", as a creator uses it."""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect


@dataclass(frozen=True, slots=True)
class SubscribersPage:
    """`/assinantes`."""

    page: Page

    @property
    def table(self) -> Locator:
        return self.page.get_by_role("table", name="Assinantes")

    def row(self, name: str) -> Locator:
        """The row of whoever has this name, or this handle."""
        return self.table.get_by_role("row").filter(has=self.page.get_by_role("rowheader", name=name))

    def action(self, name: str, label: str) -> Locator:
        return self.row(name).get_by_role("button", name=label)

    def expect_open(self) -> "SubscribersPage":
        expect(self.page.get_by_role("heading", name="Assinantes", exact=True)).to_be_visible()
        return self

    def search(self, text: str) -> None:
        self.page.get_by_role("searchbox", name="Buscar por nome ou @perfil").fill(text)

    def choose(self, filter_name: str, option: str) -> None:
        """Choose an option by its value in the URL (`canceled`, `7d`, `all`)."""
        self.page.get_by_role("combobox", name=filter_name).select_option(value=option)

    def open_sheet(self, name: str) -> None:
        self.page.get_by_role("tab", name=name, exact=True).click()

    def export(self, folder: Path) -> Path:
        """Press "Exportar CSV"; where the file is then."""
        with self.page.expect_download() as download:
            self.page.get_by_role("button", name="Exportar CSV").click()
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        return path

    def remove(self, name: str) -> None:
        self.action(name, "Remover da lista").click()
        self._confirm("Remover")

    def readd(self, name: str) -> None:
        self.action(name, "Readicionar à lista").click()

    def refund(self, name: str) -> None:
        self.ask_refund(name)
        self.confirm_refund()

    def ask_refund(self, name: str) -> None:
        self.action(name, "Reembolsar assinatura").click()
        expect(self.page.get_by_role("dialog")).to_be_visible()

    def confirm_refund(self) -> None:
        self._confirm("Reembolsar")

    def cancel(self, name: str) -> None:
        self.action(name, "Mais ações").click()
        self.page.get_by_role("menuitem", name="Cancelar assinatura").click()
        self._confirm("Cancelar assinatura")

    def undo_cancel(self, name: str) -> None:
        self.action(name, "Mais ações").click()
        self.page.get_by_role("menuitem", name="Desfazer cancelamento").click()
        self._confirm("Desfazer cancelamento")

    def expect_row(self, name: str) -> None:
        expect(self.row(name)).to_be_visible()

    def expect_no_row(self, name: str) -> None:
        expect(self.row(name)).to_have_count(0)

    def expect_status(self, name: str, status: str) -> None:
        expect(self.row(name).get_by_role("cell", name=status)).to_be_visible()

    def expect_allowed(self, name: str, label: str) -> None:
        expect(self.action(name, label)).not_to_have_attribute("aria-disabled", "true")

    def expect_refused(self, name: str, label: str, why: str) -> None:
        """The button is there, cannot be used, and says why, to a screen reader too."""
        button = self.action(name, label)
        expect(button).to_have_attribute("aria-disabled", "true")
        expect(button).to_have_accessible_description(why)

    def _confirm(self, label: str) -> None:
        self.page.get_by_role("dialog").get_by_role("button", name=label).click()
