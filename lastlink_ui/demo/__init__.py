"""Demo data: a creator with subscribers in every state that the product knows."""

from lastlink_ui.demo.seeding import (
    DEMO_EMAIL,
    DEMO_HANDLE,
    DEMO_PASSWORD,
    DEMO_SUBSCRIBERS,
    has_demo,
    seed,
)

__all__ = ["DEMO_EMAIL", "DEMO_HANDLE", "DEMO_PASSWORD", "DEMO_SUBSCRIBERS", "has_demo", "seed"]
