"""What the check before each handler leaves behind for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import reflex as rx
from reflex_base.event import Event

from lastlink_ui.core.ids import CreatorId, new_id
from lastlink_ui.core.owner import see_only, seen_owner
from lastlink_ui.lastlink_ui import app
from lastlink_ui.settings import settings
from lastlink_ui.web.event_check import EventCheck
from lastlink_ui.wiring import services


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Services of its own, forgotten afterwards."""
    monkeypatch.setenv("LASTLINK_DATA_DIR", str(tmp_path))
    for made_once in (settings, services):
        made_once.cache_clear()
    yield
    for made_once in (settings, services):
        made_once.cache_clear()


async def test_an_event_sees_nothing_of_what_the_one_before_it_could_see() -> None:
    see_only(CreatorId(new_id()))
    state = rx.State(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue]
    assert await EventCheck({}).preprocess(app, state, Event(name="state.hydrate")) is None
    assert seen_owner() is None
