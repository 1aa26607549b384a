"""The button that downloads the whole selection."""

import reflex as rx

from lastlink_ui.text import t
from lastlink_ui.web.components import icon, shortcut
from lastlink_ui.web.components.buttons import Text
from lastlink_ui.web.modules import module

_ID = "exportar-csv"
_PERCENT = "{percent}"


class _ExportButton(rx.Component):
    """See export_button.js."""

    library = module("export_button")
    tag = "ExportButton"

    href: rx.Var[str]
    label: rx.Var[str]
    working_label: rx.Var[str]
    done_label: rx.Var[str]
    failed_label: rx.Var[str]


def export_button(href: Text) -> rx.Component:
    """The button "Exportar CSV" for the file at `href`, pressed by `e`; it says how far it has come."""
    return rx.fragment(
        _ExportButton.create(
            icon("download", 17),
            href=href,
            label=t("subscribers.export_button.label"),
            working_label=t("subscribers.export_button.working", percent=_PERCENT),
            done_label=t("subscribers.export_button.done"),
            failed_label=t("subscribers.export_button.failed"),
            class_name="button button-primary",
            id=_ID,
            custom_attrs={"aria-keyshortcuts": "e"},
        ),
        shortcut("e", _ID),
    )
