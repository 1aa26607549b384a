"""The page "Para fazer na lista", as a creator uses it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Locator, Page, expect

from lastlink_ui.core.clock import sao_paulo_day


@dataclass(frozen=True, slots=True)
class ListPage:
    """`/lista`."""

    page: Page

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog", name="Adicionar à lista")

    def task(self, name: str) -> Locator:
        header = self.page.get_by_role("rowheader", name=name)
        return self.page.get_by_role("row").filter(has=header)

    def open_dialog(self) -> None:
        self.page.get_by_role("button", name="Adicionar à lista").click()
        expect(self.dialog.get_by_label("Perfil")).to_be_visible()

    def fill_in(self, *, profile: str, name: str, reason: str, until: str) -> None:
        self.dialog.get_by_label("Perfil").fill(profile)
        self.dialog.get_by_label("Nome").fill(name)
        self.dialog.get_by_label("Motivo").fill(reason)
        self.dialog.get_by_label("Data final").fill(until)

    def save(self) -> None:
        self.dialog.get_by_role("button", name="Adicionar").click()

    def add(self, profile: str, name: str) -> None:
        self.open_dialog()
        in_a_month = sao_paulo_day(datetime.now(UTC) + timedelta(days=30))
        self.fill_in(profile=profile, name=name, reason="Sorteio", until=in_a_month.isoformat())
        self.save()
        expect(self.dialog).to_be_hidden()

    def done(self, name: str) -> None:
        self.task(name).get_by_role("button", name="Feito").click()

    def undo(self) -> None:
        self.page.get_by_role("button", name="Desfazer").click()

    def expect_task(self, name: str, wish: str) -> None:
        expect(self.task(name).get_by_role("cell", name=wish, exact=True)).to_be_visible()

    def expect_no_task(self, name: str) -> None:
        expect(self.task(name)).to_have_count(0)

    def expect_error(self, label: str, sentence: str) -> None:
        field = self.dialog.get_by_label(label)
        expect(field).to_have_accessible_description(re.compile(re.escape(sentence)))
        expect(field).to_have_attribute("aria-invalid", "true")

    def expect_count(self, count: str) -> None:
        expect(self.page.get_by_role("heading", name="Para fazer na lista").locator("+ *")).to_have_text(
            count
        )
