"""The two screens that everything is looked at on."""

import pytest
from playwright.sync_api import ViewportSize

WIDE: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}

on_both_screens = pytest.mark.parametrize("screen", [PHONE, WIDE], ids=["phone", "wide"])
"""A test that is run on each of them: `screen` is the one that `page` has."""
