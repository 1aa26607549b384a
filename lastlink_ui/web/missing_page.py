"""What a link inside the app shows when it leads nowhere; a typed address gets the route's own answer."""

import reflex as rx

from lastlink_ui.text import t
from lastlink_ui.web.components import empty_state, link_button


def missing_page() -> rx.Component:
    """Says so, and leads home."""
    return rx.el.main(
        empty_state(
            t("site.not_found.heading"),
            t("site.not_found.sentence"),
            link_button(t("site.home"), "/", kind="primary"),
            icon_name="compass",
        ),
        class_name="site",
    )
