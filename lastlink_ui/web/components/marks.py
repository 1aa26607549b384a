"""The product's own mark."""

import reflex as rx

from lastlink_ui.text import t


def site_mark() -> rx.Component:
    """The mark with the name beside it, leading to the first page."""
    return rx.el.a(
        rx.el.img(src="/favicon.svg", alt="", width="30", height="30"),
        rx.el.span(t("site.name")),
        href="/",
        class_name="site-mark",
    )
