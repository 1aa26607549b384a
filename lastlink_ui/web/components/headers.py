"""The head of a page."""

from typing import Any

import reflex as rx

from lastlink_ui.web.components.buttons import Text


def page_header(title: Text, *controls: Any, count: Text | None = None) -> rx.Component:
    """The page's name with its count at the left, `controls` at the right: search first, the main one last.

    The count stands beside the heading, not in it: the heading's name stays `title` alone.
    """
    counted = [] if count is None else [rx.el.span(count, class_name="page-count")]
    return rx.el.header(
        rx.el.h1(title), *counted, rx.el.span(class_name="spacer"), *controls, class_name="page-header"
    )
