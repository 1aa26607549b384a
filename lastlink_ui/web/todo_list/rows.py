"""One task as the page shows it."""

from dataclasses import dataclass
from datetime import datetime

from lastlink_ui.subscribers.lists import OpenTask
from lastlink_ui.subscribers.models import Wish
from lastlink_ui.text import t
from lastlink_ui.text.formats import ago, day_and_time, profile
from lastlink_ui.text.initials import initials
from lastlink_ui.web.components.badges import Tone, tone_of


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A profile to add or to remove, in words."""

    id: str
    name: str
    handle: str
    """With its @."""
    profile: str
    """Without: what the search of Instagram's list takes."""
    profile_link: str
    initials: str
    tone: str
    wish: str
    wish_tone: str
    reason: str
    when: str
    when_exactly: str

    @classmethod
    def of(cls, task: OpenTask, now: datetime) -> "TaskRow":
        """`task` in words, as they are at `now`."""
        return cls(
            id=str(task.id),
            name=task.name,
            handle=profile(task.handle),
            profile=task.handle,
            profile_link=task.profile_link,
            initials=initials(task.name),
            tone=tone_of(task.name),
            wish=t(f"lista.wish.{task.wish}"),
            wish_tone=Tone.GREEN if task.wish is Wish.ADD else Tone.GREY,
            reason=t(f"membership_reason.{task.reason}"),
            when=ago(task.created_at, now),
            when_exactly=day_and_time(task.created_at),
        )
