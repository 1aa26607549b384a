"""What a creator shows on the public page: name, text, colour, picture, and the page's address."""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from lastlink_ui.accounts import audit
from lastlink_ui.accounts.addresses import require_free
from lastlink_ui.accounts.models import Creator, CreatorPicture, FormerHandle
from lastlink_ui.accounts.opening import MAX_NAME
from lastlink_ui.accounts.pictures import picture_id
from lastlink_ui.core.actor import Actor
from lastlink_ui.core.clock import Clock
from lastlink_ui.core.errors import InvalidInput, NotFound
from lastlink_ui.core.handles import InvalidHandle, parse_handle, shape
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.core.typed import line, paragraphs
from lastlink_ui.db import Database, UnitOfWork
from lastlink_ui.live import Change, Feed, creator_channel

MAX_ABOUT = 500
_COLOUR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class FaceDraft:
    """Name, text and colour as they were typed."""

    name: str = ""
    about: str = ""
    accent: str = ""


@dataclass(frozen=True, slots=True)
class Face:
    """What the page shows of the creator."""

    name: str
    handle: str
    about: str
    accent: str
    picture: str
    """The picture's id, "" for none."""


class InvalidFace(InvalidInput):
    """Some fields cannot be used: for each, the key of the sentence beside it."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("face.invalid")
        self.errors = errors


def problems(draft: FaceDraft) -> dict[str, str]:
    """For each field of `draft` that cannot be used, the key of the sentence that says why. Pure."""
    found: dict[str, str] = {}
    if not 0 < len(line(draft.name)) <= MAX_NAME:
        found["name"] = "face.name_length"
    if len(paragraphs(draft.about)) > MAX_ABOUT:
        found["about"] = "face.about_length"
    if not _COLOUR.fullmatch(draft.accent.lower()):
        found["accent"] = "face.accent"
    return found


class PublicFace:
    """The part of the public page that is the creator's own."""

    def __init__(self, database: Database, clock: Clock, feed: Feed) -> None:
        self._database = database
        self._clock = clock
        self._feed = feed

    async def of(self, creator: CreatorId) -> Face:
        """What the page shows now. Raises: NotFound."""
        async with self._database.reading() as session:
            found = await session.get(Creator, creator)
            if found is None:
                raise NotFound
            return Face(found.name, found.handle, found.about, found.accent, found.picture)

    async def edit(self, creator: CreatorId, draft: FaceDraft, actor: Actor) -> None:
        """Show this from now on. Raises: InvalidFace, with every field that cannot be used."""
        if errors := problems(draft):
            raise InvalidFace(errors)
        shown = {"name": line(draft.name), "about": paragraphs(draft.about), "accent": draft.accent.lower()}
        async with self._changing(creator) as uow:
            await uow.session.execute(update(Creator).where(col(Creator.id) == creator).values(**shown))
            await self._record(uow, creator, actor, "page.edited")

    async def rename(self, creator: CreatorId, typed: str, actor: Actor) -> str:
        """Move the page to another address; the old one leads there for good. Returns the new handle.

        Raises: InvalidHandle for one that is reserved, taken, or looks like somebody else's.
        """
        handle = parse_handle(typed)
        now = self._clock.now()
        try:
            async with self._changing(creator) as uow:
                mine = await uow.session.get_one(Creator, creator, with_for_update=True)
                if mine.handle == handle:
                    return handle
                await require_free(uow.session, handle, creator)
                # Back at an address of one's own: it leads nowhere else any more.
                await uow.session.execute(delete(FormerHandle).where(col(FormerHandle.handle) == handle))
                uow.session.add(
                    FormerHandle(
                        handle=mine.handle, handle_shape=mine.handle_shape, creator_id=creator, left_at=now
                    )
                )
                before, mine.handle, mine.handle_shape = mine.handle, handle, shape(handle)
                await uow.session.flush()
                await self._record(uow, creator, actor, "page.renamed", before=before, after=handle)
        except IntegrityError:
            # Two at the same moment: the database lets one of them have it.
            raise InvalidHandle("handle.taken") from None
        return handle

    async def moved_to(self, handle: str) -> str | None:
        """The present handle of the page that had this one before; None when there was none."""
        async with self._database.reading() as session:
            return await session.scalar(
                select(col(Creator.handle))
                .join(FormerHandle, col(FormerHandle.creator_id) == col(Creator.id))
                .where(col(FormerHandle.handle) == handle)
            )

    async def show_picture(self, creator: CreatorId, webp: bytes, actor: Actor) -> str:
        """Show this picture, made by `pictures.to_webp`, in place of the one before; returns its id."""
        made = picture_id(webp)
        async with self._changing(creator) as uow:
            await uow.session.execute(delete(CreatorPicture).where(col(CreatorPicture.creator_id) == creator))
            uow.session.add(CreatorPicture(id=made, creator_id=creator, webp=webp, made_at=self._clock.now()))
            await uow.session.execute(update(Creator).where(col(Creator.id) == creator).values(picture=made))
            await self._record(uow, creator, actor, "page.picture_shown", picture=made)
        return made

    async def remove_picture(self, creator: CreatorId, actor: Actor) -> None:
        """Show the initials again."""
        async with self._changing(creator) as uow:
            await uow.session.execute(delete(CreatorPicture).where(col(CreatorPicture.creator_id) == creator))
            await uow.session.execute(update(Creator).where(col(Creator.id) == creator).values(picture=""))
            await self._record(uow, creator, actor, "page.picture_removed")

    async def picture(self, wanted: str) -> bytes | None:
        """The WebP that is called so, or None."""
        async with self._database.reading() as session:
            query = select(col(CreatorPicture.webp)).where(col(CreatorPicture.id) == wanted).limit(1)
            return await session.scalar(query)

    @asynccontextmanager
    async def _changing(self, creator: CreatorId) -> AsyncGenerator[UnitOfWork]:
        """A transaction after which whoever shows the creator's page hears of it."""
        async with self._database.unit_of_work() as uow:
            uow.after_commit(lambda: self._feed.publish(creator_channel(creator), Change(plans=True)))
            yield uow

    async def _record(
        self, uow: UnitOfWork, creator: CreatorId, actor: Actor, action: str, **details: audit.Detail
    ) -> None:
        await audit.record(
            uow,
            creator,
            actor,
            action,
            at=self._clock.now(),
            subject_kind="creator",
            subject_id=creator,
            details=details,
        )
