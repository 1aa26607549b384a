"""Light, dark, or as the system has it: chosen here, kept by the browser, applied before the first paint."""

import reflex as rx
from reflex.style import LiteralColorMode, color_mode, set_color_mode

from lastlink_ui.text import t
from lastlink_ui.web.components.fields import choice
from lastlink_ui.web.components.menus import menu_item

_MODES: tuple[tuple[LiteralColorMode, str], ...] = (("system", "monitor"), ("light", "sun"), ("dark", "moon"))


def theme_items() -> list[rx.Component]:
    """The three choices as items of a menu."""
    return [
        menu_item(
            t(f"ui.theme.{mode}"),
            icon_name=icon_name,
            checked=color_mode == mode,
            on_select=set_color_mode(mode),
        )
        for mode, icon_name in _MODES
    ]


def theme_choice() -> rx.Component:
    """The three choices as a select called "Tema"."""
    options = [{"value": mode, "label": t(f"ui.theme.{mode}")} for mode, _ in _MODES]
    return choice(t("ui.theme.label"), color_mode, options, set_color_mode)
