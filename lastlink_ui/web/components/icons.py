"""Lucide icons, as decoration beside a word or inside a named button."""

import reflex as rx


def icon(name: str, size: int = 18) -> rx.Component:
    """The icon called `name` by Lucide, unseen by screen readers."""
    return rx.icon(name, size=size, stroke_width=1.75, custom_attrs={"aria-hidden": "true"})
