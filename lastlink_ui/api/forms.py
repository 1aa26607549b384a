"""Forms that a browser posts: read within bounds, and only when they come from our own pages."""

from collections.abc import Collection
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

_FORM = "application/x-www-form-urlencoded"
_MAX_FIELDS = 20


async def read_form(request: Request, *, max_bytes: int) -> dict[str, str]:
    """The fields of a posted form; of a name that comes twice, the last one.

    Raises: HTTPException 413 (more than `max_bytes`), 415 (another type) or 400 (not readable).
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise HTTPException(415)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > max_bytes:
            raise HTTPException(413)
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MAX_FIELDS))
    except ValueError:
        raise HTTPException(400) from None


def require_own_page(request: Request, origins: Collection[str]) -> None:
    """Let a post through only when one of `origins` sent it: another site must not act for our visitors.

    Browsers say so in Origin or in Sec-Fetch-Site; whoever sends neither is refused.
    Raises: HTTPException 403.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site not in {None, "same-origin"} or (origin is not None and origin.lower() not in origins):
        raise HTTPException(403)
    if site is None and origin is None:
        raise HTTPException(403)
