"""The compiled files, in the compression that the browser takes, cached for as long as is safe."""

import stat
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

# Names below it hold a hash of the content, so they never mean anything else.
_HASHED = "assets/"
_FOREVER = "public, max-age=31536000, immutable"
_A_DAY = "public, max-age=86400"
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_NOT_SERVED = (".html", ".br", ".gz")


class CompiledFiles(StaticFiles):
    """The files of a release, its pages excepted: those have routes of their own."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file at `path`, or its compressed copy when there is one and the browser takes it."""
        if path.endswith(_NOT_SERVED):
            raise HTTPException(404)
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = _FOREVER if path.startswith(_HASHED) else _A_DAY
        response.headers["vary"] = "accept-encoding"
        return response

    def file_response(self, full_path, stat_result, scope, status_code=200) -> Response:  # noqa: ANN001 # pyright: ignore[reportMissingParameterType,reportUnknownParameterType]
        """The answer with `full_path`, replaced by its compressed copy."""
        plain = Path(full_path)
        for encoding, suffix in accepted_encodings(Headers(scope=scope)):
            copy = plain.with_name(plain.name + suffix)
            try:
                copy_stat = copy.stat()
            except OSError:
                continue
            if stat.S_ISREG(copy_stat.st_mode):
                response = super().file_response(copy, copy_stat, scope, status_code)
                response.headers["content-encoding"] = encoding
                if media_type := self._media_type(plain):
                    response.headers["content-type"] = media_type
                return response
        return super().file_response(full_path, stat_result, scope, status_code)

    @staticmethod
    def _media_type(path: Path) -> str | None:
        return {
            ".js": "text/javascript; charset=utf-8",
            ".css": "text/css; charset=utf-8",
            ".svg": "image/svg+xml",
            ".json": "application/json",
            ".txt": "text/plain; charset=utf-8",
        }.get(path.suffix)


def accepted_encodings(headers: Headers) -> list[tuple[str, str]]:
    """The encodings we have that the request takes, best first, each with its file suffix."""
    taken = {
        name.strip().lower()
        for name, _, quality in (
            part.partition(";") for part in headers.get("accept-encoding", "").split(",")
        )
        if quality.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    }
    return [(encoding, suffix) for encoding, suffix in _ENCODINGS if encoding in taken]
