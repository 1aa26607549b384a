"""The button that downloads the whole selection."""

import reflex as rx

from lastlink_ui.text import t
from lastlink_ui.web.components import icon, shortcut
from lastlink_ui.web.components.buttons import Text
from lastlink_ui.web.modules import module

_ID = "exportar-csv"
_WORDS = ("working", "of", "so_far", "cancel", "canceled", "done", "failed")


class _ExportButton(rx.Component):
    """See export_button.js."""

    library = module("export_button")
    tag = "ExportButton"

    href: rx.Var[str]
    rows: rx.Var[int]
    label: rx.Var[str]
    words: rx.Var[dict[str, str]]


def export_button(href: Text, rows: int | rx.Var[int]) -> rx.Component:
    """The button "Exportar CSV" for the file at `href`, pressed by `e`; it says how many of `rows` have come.

    `rows` 0: not known yet.
    """
    return rx.fragment(
        _ExportButton.create(
            icon("download", 17),
            href=href,
            rows=rows,
            label=t("subscribers.export_button.label"),
            words={word: t(f"subscribers.export_button.{word}") for word in _WORDS},
            class_name="button button-primary",
            id=_ID,
            custom_attrs={"aria-keyshortcuts": "e"},
        ),
        shortcut("e", _ID),
    )
