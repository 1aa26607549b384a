"""A creator's picture: taken from the page "Página pública", and served to everybody."""

import asyncio
from collections.abc import Collection, Sequence

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from lastlink_ui.accounts.face import PublicFace
from lastlink_ui.accounts.pictures import MAX_BYTES, InvalidPicture, to_jpeg, to_webp
from lastlink_ui.api.forms import require_own_page
from lastlink_ui.api.plain_page import not_found
from lastlink_ui.api.routing import creator_of, route
from lastlink_ui.core.actor import Actor, ActorKind
from lastlink_ui.core.routes import PICTURE_FIELD, PICTURE_UPLOAD
from lastlink_ui.core.who import Who

# Its name is made of its content: there is never another picture of that name.
_KEPT = {"cache-control": "public, max-age=31536000, immutable"}
_BACK = "/pagina?foto={}"
# What stands around the file in the form.
_AROUND = 64 * 1024


def picture_routes(face: PublicFace, origins: Collection[str]) -> Sequence[Route]:
    """`POST /pagina/foto`, from pages at `origins` alone, and `/p/<picture>.webp` or `.jpg`."""
    # A large one takes over a hundred megabytes while it is unpacked: one at a time.
    unpacking = asyncio.Semaphore(1)

    async def take(request: Request) -> Response:
        require_own_page(request, origins)
        creator = creator_of(request).creator_id
        try:
            sent = await _sent(request)
            async with unpacking:
                webp = await asyncio.to_thread(to_webp, sent)
        except InvalidPicture as invalid:
            return RedirectResponse(_BACK.format(invalid.message_key.removeprefix("picture.")), 303)
        await face.show_picture(creator, webp, Actor(ActorKind.CREATOR, str(creator)))
        return RedirectResponse(_BACK.format("shown"), 303)

    async def show(request: Request) -> Response:
        webp = await face.picture(request.path_params["picture"])
        return Response(webp, media_type="image/webp", headers=_KEPT) if webp else not_found()

    async def show_jpeg(request: Request) -> Response:
        webp = await face.picture(request.path_params["picture"])
        if webp is None:
            return not_found()
        return Response(await asyncio.to_thread(to_jpeg, webp), media_type="image/jpeg", headers=_KEPT)

    return (
        route(Who.CREATOR, PICTURE_UPLOAD, take, methods=["POST"]),
        route(Who.ANYONE, "/p/{picture}.webp", show),
        route(Who.ANYONE, "/p/{picture}.jpg", show_jpeg),
    )


async def _sent(request: Request) -> bytes:
    """The file in the form. Raises: InvalidPicture; HTTPException for what no form of ours sends."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal():
        raise HTTPException(411)
    if int(length) > MAX_BYTES + _AROUND:
        raise InvalidPicture("picture.too_large")
    try:
        async with request.form(max_files=1, max_fields=4) as form:
            file = form.get(PICTURE_FIELD)
            if not isinstance(file, UploadFile) or not file.size:
                raise InvalidPicture("picture.nothing_chosen")
            return await file.read(MAX_BYTES + 1)
    except MultiPartException:
        raise HTTPException(400) from None
