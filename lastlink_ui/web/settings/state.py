"""The account of the signed-in creator, and the browsers in which it is open."""

from dataclasses import dataclass
from datetime import datetime

import reflex as rx

from lastlink_ui.accounts.sessions import OpenSession, SignedInCreator
from lastlink_ui.core.ids import SessionId
from lastlink_ui.core.who import Who
from lastlink_ui.text import plural, t
from lastlink_ui.text.formats import ago, day_and_time
from lastlink_ui.web.events import event
from lastlink_ui.web.settings.browsers import browser_name
from lastlink_ui.web.signed_in import SignedIn
from lastlink_ui.web.typed import id_of
from lastlink_ui.wiring import services


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A signed-in browser, in words."""

    id: str
    browser: str
    seen: str
    since: str
    is_this: bool

    @classmethod
    def of(cls, session: OpenSession, here: SignedInCreator, now: datetime) -> "SessionRow":
        """`session` in words, as they are at `now`."""
        is_this = session.id == here.session_id
        return cls(
            id=str(session.id),
            browser=browser_name(session.user_agent),
            seen=t("settings.session.this") if is_this else ago(session.last_seen_at, now),
            since=day_and_time(session.created_at),
            is_this=is_this,
        )


class SettingsState(SignedIn, rx.State):
    """What the page shows."""

    name: str = ""
    handle: str = ""
    email: str = ""
    sessions: list[SessionRow] = []
    has_others: bool = False
    second_step: bool = False
    """Whether signing in takes more than the password."""
    result: str = ""

    @event(Who.CREATOR)
    async def load(self) -> None:
        """Show the account and its sessions."""
        self.result = ""
        await self._look(await self._creator())

    @event(Who.CREATOR)
    async def revoke(self, session_id: str) -> None:
        """Sign another browser out."""
        creator = await self._creator()
        await services().accounts.revoke_session(creator.creator_id, SessionId(id_of(session_id)))
        self.result = plural("settings.revoked", 1)
        await self._look(creator)

    @event(Who.CREATOR)
    async def revoke_others(self) -> None:
        """Sign every other browser out."""
        creator = await self._creator()
        count = await services().accounts.revoke_other_sessions(creator)
        self.result = plural("settings.revoked", count)
        await self._look(creator)

    async def _look(self, creator: SignedInCreator) -> None:
        now = services().clock.now()
        self.name, self.handle, self.email = creator.name, f"@{creator.handle}", creator.email
        self.second_step = await services().second_step.codes_left(creator.creator_id) is not None
        found = await services().accounts.open_sessions(creator.creator_id)
        self.sessions = [SessionRow.of(session, creator, now) for session in found]
        self.has_others = len(found) > 1
