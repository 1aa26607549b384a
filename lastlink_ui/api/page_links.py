"""Ways to a public page: its QR code for the creator to print, and the list of pages for search engines."""

import io
from collections.abc import Sequence
from html import escape
from typing import Any

import segno
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from lastlink_ui.api.routing import creator_of, route
from lastlink_ui.core.routes import DASHBOARD, QR_PNG, QR_SVG
from lastlink_ui.core.who import Who
from lastlink_ui.plans.service import Plans

# https://www.sitemaps.org/protocol.html
_MOST_PAGES = 50_000
_PNG_SCALE = 20
_SILENT = ("/obrigado/", "/minha-assinatura", "/convite/", "/redefinir-senha/")


def page_link_routes(plans: Plans, origin: str) -> Sequence[Route]:
    """`origin`: what the addresses of public pages begin with."""

    async def qr_svg(request: Request) -> Response:
        return _file(request, "svg", "image/svg+xml", border=2, xmldecl=False, omitsize=True)

    async def qr_png(request: Request) -> Response:
        return _file(request, "png", "image/png", border=2, scale=_PNG_SCALE)

    def _file(request: Request, kind: str, media_type: str, **look: object) -> Response:
        handle = creator_of(request).handle
        drawn = io.BytesIO()
        # Level Q: a quarter of it may be covered, by a logo or a coffee stain.
        code: Any = segno.make(f"{origin}/{handle}", error="q", micro=False)  # its types are partial
        code.save(drawn, kind=kind, **look)
        headers = {"cache-control": "no-store"}
        if "baixar" in request.query_params:
            headers["content-disposition"] = f'attachment; filename="qr-{handle}.{kind}"'
        return Response(drawn.getvalue(), media_type=media_type, headers=headers)

    async def sitemap(_request: Request) -> Response:
        pages = "".join(
            f"<url><loc>{escape(f'{origin}/{handle}')}</loc></url>"
            for handle in await plans.published(_MOST_PAGES)
        )
        xml = f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="{_SITEMAP}">{pages}</urlset>'
        return Response(xml, media_type="application/xml", headers={"cache-control": "max-age=3600"})

    async def robots(_request: Request) -> Response:
        hidden = [*(f"/{segment}" for segment in sorted(DASHBOARD)), *_SILENT]
        lines = ["User-agent: *", *(f"Disallow: {path}" for path in hidden), f"Sitemap: {origin}/sitemap.xml"]
        return PlainTextResponse("\n".join(lines) + "\n")

    return (
        route(Who.CREATOR, QR_SVG, qr_svg),
        route(Who.CREATOR, QR_PNG, qr_png),
        route(Who.ANYONE, "/sitemap.xml", sitemap),
        route(Who.ANYONE, "/robots.txt", robots),
    )


_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
