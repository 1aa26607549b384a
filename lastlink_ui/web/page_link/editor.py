"""The creator's part of the public page while it is edited: what was typed, what is wrong, how it looks."""

from dataclasses import replace

import reflex as rx

from lastlink_ui.accounts.face import FaceDraft, InvalidFace, problems
from lastlink_ui.core.actor import Actor, ActorKind
from lastlink_ui.core.errors import InvalidInput
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.core.typed import line, paragraphs
from lastlink_ui.core.who import Who
from lastlink_ui.plans.storefront import Storefront
from lastlink_ui.text import t
from lastlink_ui.web.events import event
from lastlink_ui.web.frame import FrameState
from lastlink_ui.web.signed_in import SignedIn
from lastlink_ui.web.typed import field_of, text_of
from lastlink_ui.wiring import services

# The names of the fields, and what each is in the draft.
FIELDS = {"nome": "name", "texto": "about", "cor": "accent"}
HANDLE = "endereco"
_SHOWN = "shown"
_SAID_OF_PICTURES = frozenset({_SHOWN, "too_large", "too_many_pixels", "unreadable", "nothing_chosen"})


class PageEditorState(SignedIn, rx.State):
    """One open editor."""

    ready: bool = False
    first: dict[str, str] = dict.fromkeys(FIELDS, "")
    """What the fields hold when the page opens; from then on what is typed lives in the browser."""
    errors: dict[str, str] = dict.fromkeys((*FIELDS, HANDLE), "")
    handle: str = ""
    has_picture: bool = False
    preview: Storefront = Storefront()
    result: str = ""
    trouble: str = ""

    _draft: FaceDraft = FaceDraft()

    @event(Who.CREATOR)
    async def load(self) -> None:
        """Show what is saved, and how the picture that was just sent went."""
        creator = await self._creator()
        face = await services().face.of(creator.creator_id)
        self._draft = FaceDraft(face.name, face.about, face.accent)
        self.first = {name: getattr(self._draft, field) for name, field in FIELDS.items()}
        self.errors = dict.fromkeys((*FIELDS, HANDLE), "")
        self.handle, self.has_picture = face.handle, bool(face.picture)
        said = text_of(self.router.url.query_parameters.get("foto"))
        words = t(f"picture.{said}") if said in _SAID_OF_PICTURES else ""
        self.result, self.trouble = (words, "") if said == _SHOWN else ("", words)
        await self._show(face.handle)
        self.ready = True

    @event(Who.CREATOR)
    async def check(self, name: str, text: str) -> None:
        """Keep what stands in a field, say what is wrong with it and show how it would look."""
        creator = await self._creator()
        if name not in FIELDS:
            return
        self._draft = replace(self._draft, **{FIELDS[name]: text_of(text)})
        problem = problems(self._draft).get(FIELDS[name])
        self.errors = {**self.errors, name: t(problem) if problem else ""}
        await self._show(creator.handle)

    @event(Who.CREATOR)
    async def save(self, form: dict[str, object]) -> None:
        """Show this on the page from now on, or say what is wrong."""
        creator = await self._creator()
        self.result = self.trouble = ""
        self._draft = FaceDraft(**{field: field_of(form, name) for name, field in FIELDS.items()})
        try:
            await services().face.edit(creator.creator_id, self._draft, _actor(creator.creator_id))
        except InvalidFace as invalid:
            told = {name: invalid.errors.get(field, "") for name, field in FIELDS.items()}
            self.errors = {**self.errors, **{name: t(key) if key else "" for name, key in told.items()}}
            self.trouble = t(invalid.message_key)
            return
        self.errors = dict.fromkeys(self.errors, "")
        self.result = t("page_link.face.saved")
        await self._show(creator.handle)
        frame = await self.get_state(FrameState)
        frame.name, frame.initials = self.preview.name, self.preview.initials

    @event(Who.CREATOR)
    async def rename(self, form: dict[str, object]) -> None:
        """Move the page to another address."""
        creator = (await self._creator()).creator_id
        self.result = self.trouble = ""
        try:
            self.handle = await services().face.rename(creator, field_of(form, HANDLE), _actor(creator))
        except InvalidInput as invalid:
            self.errors = {**self.errors, HANDLE: t(invalid.message_key)}
            return
        self.errors = {**self.errors, HANDLE: ""}
        self.result = t("page_link.address.saved")
        await self._show(self.handle)
        (await self.get_state(FrameState)).handle = self.handle

    @event(Who.CREATOR)
    async def remove_picture(self) -> None:
        """Show the initials again."""
        creator = await self._creator()
        await services().face.remove_picture(creator.creator_id, _actor(creator.creator_id))
        self.has_picture, self.trouble = False, ""
        self.result = t("page_link.picture.removed")
        await self._show(creator.handle)

    async def _show(self, handle: str) -> None:
        page = await services().plans.public(handle)
        if page is None:
            return
        wrong = problems(self._draft)
        drafted = {
            "name": line(self._draft.name),
            "about": paragraphs(self._draft.about),
            "accent": self._draft.accent,
        }
        usable = {field: text for field, text in drafted.items() if field not in wrong}
        self.preview = Storefront.of(replace(page, **usable))


def _actor(creator: CreatorId) -> Actor:
    return Actor(ActorKind.CREATOR, str(creator))
