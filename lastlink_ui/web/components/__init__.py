"""The design system: stateless functions over native elements; every word comes from the catalogue."""

from lastlink_ui.web.components.badges import Tone, account_status, avatar, badge
from lastlink_ui.web.components.buttons import button, copy_button, icon_button, link_button, submit_button
from lastlink_ui.web.components.dialogs import dialog, dialog_actions, drawer
from lastlink_ui.web.components.fields import (
    check_box,
    choice,
    filter_bar,
    search_box,
    select_field,
    shortcut,
    switch,
    text_area,
    text_field,
)
from lastlink_ui.web.components.headers import page_header
from lastlink_ui.web.components.icons import icon
from lastlink_ui.web.components.leaving import leave_for
from lastlink_ui.web.components.menus import menu, menu_button, menu_item
from lastlink_ui.web.components.notices import announcement, empty_state, live_dot, notice, progress, skeleton
from lastlink_ui.web.components.prerendered import remove_prerendered
from lastlink_ui.web.components.tables import (
    actions_cell,
    cell,
    drag_handle,
    header_cell,
    pager,
    person_cell,
    row,
    sortable_header_cell,
    table,
)
from lastlink_ui.web.components.tabs import tab, tab_panel, tabs

__all__ = [
    "Tone",
    "account_status",
    "actions_cell",
    "announcement",
    "avatar",
    "badge",
    "button",
    "cell",
    "check_box",
    "choice",
    "copy_button",
    "dialog",
    "dialog_actions",
    "drag_handle",
    "drawer",
    "empty_state",
    "filter_bar",
    "header_cell",
    "icon",
    "icon_button",
    "leave_for",
    "link_button",
    "live_dot",
    "menu",
    "menu_button",
    "menu_item",
    "notice",
    "page_header",
    "pager",
    "person_cell",
    "progress",
    "remove_prerendered",
    "row",
    "search_box",
    "select_field",
    "shortcut",
    "skeleton",
    "sortable_header_cell",
    "submit_button",
    "switch",
    "tab",
    "tab_panel",
    "table",
    "tabs",
    "text_area",
    "text_field",
]
