"""The dashboard around a signed-in creator's pages."""

from lastlink_ui.web.frame.page import dashboard, sign_out_button
from lastlink_ui.web.frame.state import FrameState

__all__ = ["FrameState", "dashboard", "sign_out_button"]
