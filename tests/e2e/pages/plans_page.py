"""The plans page and its editor, as a creator uses them."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect


@dataclass(frozen=True, slots=True)
class PlansPage:
    """`/planos`."""

    page: Page

    @property
    def editor(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def save_button(self) -> Locator:
        return self.editor.get_by_role("button", name="Salvar plano")

    def field(self, label: str) -> Locator:
        return self.editor.get_by_label(label, exact=True)

    def row(self, name: str) -> Locator:
        header = self.page.get_by_role("rowheader", name=name)
        return self.page.get_by_role("table", name="Planos").get_by_role("row").filter(has=header)

    def write_new(self) -> None:
        self.page.get_by_role("button", name="Novo plano").click()
        expect(self.field("Nome")).to_be_visible()

    def edit(self, name: str) -> None:
        self.row(name).get_by_role("button", name="Editar plano").click()
        expect(self.field("Nome")).to_have_value(name)

    def drag(self, name: str, *, below: str = "", above: str = "") -> None:
        """Take the row by its handle and let go of it behind, or before, another one."""
        self.row(name).get_by_title("Arrastar para mudar a ordem").hover()
        self.page.mouse.down()
        target = self.row(below or above).bounding_box()
        assert target
        edge = 0.8 if below and below != name else 0.2 if above else 0.5
        self.page.mouse.move(target["x"] + 40, target["y"] + edge * target["height"], steps=4)
        self.page.mouse.up()

    def archive(self, name: str) -> None:
        self.row(name).get_by_role("button", name="Arquivar plano").click()
        self.page.get_by_role("dialog", name=f"Arquivar {name}?").get_by_role(
            "button", name="Arquivar plano"
        ).click()

    def expect_order(self, *names: str) -> None:
        headers = self.page.get_by_role("table", name="Planos").get_by_role("rowheader")
        expect(headers).to_have_count(len(names))
        for place, name in enumerate(names):
            expect(headers.nth(place)).to_contain_text(name)

    def expect_error(self, label: str, sentence: str) -> None:
        expect(self.field(label)).to_have_accessible_description(re.compile(re.escape(sentence)))
        expect(self.field(label)).to_have_attribute("aria-invalid", "true")

    def expect_said(self, sentence: str) -> None:
        expect(self.page.get_by_role("status").filter(has_text=sentence)).to_be_visible()
