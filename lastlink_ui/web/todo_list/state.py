"""The open tasks of the signed-in creator, and taking one as done."""

import reflex as rx

from lastlink_ui.core.actor import Actor, ActorKind
from lastlink_ui.core.clock import sao_paulo_day
from lastlink_ui.core.ids import CreatorId, ListTaskId
from lastlink_ui.core.who import Who
from lastlink_ui.live import creator_channel
from lastlink_ui.subscribers.lists import PAGE
from lastlink_ui.text import t
from lastlink_ui.text.formats import number
from lastlink_ui.web.events import event
from lastlink_ui.web.signed_in import SignedIn
from lastlink_ui.web.todo_list.rows import TaskRow
from lastlink_ui.web.typed import id_of
from lastlink_ui.wiring import services

_MOST_SHOWN = 1_000


class TodoListState(SignedIn, rx.State):
    """What waits to be done by hand, newest first."""

    ready: bool = False
    tasks: list[TaskRow] = []
    count: str = ""
    has_more: bool = False
    today: str = ""
    """The last day that a past list can be asked for."""
    done_sentence: str = ""
    """What was done last, while it can be taken back."""

    _shown: int = PAGE
    _last_done: str = ""

    @event(Who.CREATOR)
    async def load(self) -> None:
        """Show the newest tasks."""
        creator = (await self._creator()).creator_id
        self._shown, self._last_done, self.done_sentence = PAGE, "", ""
        self.today = sao_paulo_day(services().clock.now()).isoformat()
        await self._look(creator)

    @event(Who.CREATOR, background=True)
    async def follow(self) -> None:
        """Show what changes, for as long as the page is open."""
        creator = (await self._creator()).creator_id
        async with services().feed.follow(creator_channel(creator)) as changes:
            await self._refresh()
            async for change in changes:
                if change.list_tasks:
                    await self._refresh()

    @event(Who.CREATOR)
    async def show_more(self) -> None:
        """Show older tasks too."""
        creator = (await self._creator()).creator_id
        self._shown = min(self._shown + PAGE, _MOST_SHOWN)
        await self._look(creator)

    @event(Who.CREATOR)
    async def done(self, task_id: str) -> None:
        """Take a task as done; it can be taken back until the next one."""
        creator = (await self._creator()).creator_id
        task = ListTaskId(id_of(task_id))
        row = next((row for row in self.tasks if row.id == str(task)), None)
        await services().lists.done(creator, task, _actor(creator))
        self._last_done = str(task)
        self.done_sentence = t("lista.done_sentence", handle=row.handle) if row else t("lista.done_one")
        await self._look(creator)

    @event(Who.CREATOR)
    async def undo(self) -> None:
        """Take the last "Feito" back."""
        creator = (await self._creator()).creator_id
        if self._last_done:
            await services().lists.reopen(creator, ListTaskId(id_of(self._last_done)), _actor(creator))
        self._last_done, self.done_sentence = "", ""
        await self._look(creator)

    async def _refresh(self) -> None:
        async with self:
            await self._look((await self._creator()).creator_id)

    async def _look(self, creator: CreatorId) -> None:
        lists, now = services().lists, services().clock.now()
        page = await lists.open_tasks(creator, limit=self._shown)
        self.tasks = [TaskRow.of(task, now) for task in page.tasks]
        self.has_more = page.next is not None and self._shown < _MOST_SHOWN
        self.count = number(await lists.count(creator))
        self.ready = True


def _actor(creator: CreatorId) -> Actor:
    return Actor(ActorKind.CREATOR, str(creator))
