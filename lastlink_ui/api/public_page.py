"""`/<handle>` as it is served: what crawlers and slow phones get before, or without, any script."""

import json
import time
from collections import OrderedDict
from dataclasses import dataclass
from html import escape
from urllib.parse import urljoin

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from lastlink_ui.accounts import pictures
from lastlink_ui.accounts.face import PublicFace
from lastlink_ui.api import handles as _handles  # noqa: F401 # pyright: ignore[reportUnusedImport] - registers `handle`
from lastlink_ui.api.plain_page import not_found
from lastlink_ui.api.routing import route
from lastlink_ui.api.shells import Page, Shells
from lastlink_ui.core.money import CURRENCY
from lastlink_ui.core.who import Who
from lastlink_ui.live import Feed, Revisions, creator_channel
from lastlink_ui.plans.service import Plans, PublicPage, PublicPlan
from lastlink_ui.plans.storefront import (
    PlanCard,
    Storefront,
    cheapest_of,
    chosen_beforehand,
    description_of,
    picture_path,
    title_of,
)
from lastlink_ui.text import t

ROUTE = "/[creator_handle]"
_IN_SCRIPT = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})

# A link that goes round is asked for thousands of times a second. What a shell command changed behind this
# process's back shows after this long; the page that takes its place reads the database anyway.
_KEPT_SECONDS = 60.0
_KEPT_PAGES = 500


@dataclass(frozen=True, slots=True)
class _Made:
    """A page as it was made: of whom, after which of their changes, and when (monotonic seconds)."""

    page: Page
    channel: str
    revision: int
    at: float


class PublicPages:
    """Answers `/<handle>`; what was made is used again until something about its creator changes."""

    def __init__(self, plans: Plans, face: PublicFace, feed: Feed, origin: str) -> None:
        """`origin`: what canonical addresses begin with."""
        self._plans = plans
        self._face = face
        self._origin = origin
        self._revisions = Revisions(feed, lambda change: change.plans or change.missed, _KEPT_PAGES)
        self._made: OrderedDict[str, _Made] = OrderedDict()

    async def answer(self, request: Request) -> Response:
        """The creator's page, or our own page with status 404."""
        handle: str = request.path_params["handle"]
        made = self._made.get(handle)
        if made is None or not self._is_fresh(made):
            made = await self._make(handle, request.app.state.shells)
        return made.page.response(request) if made else await self._moved(request, handle)

    def _is_fresh(self, made: _Made) -> bool:
        is_as_it_was = made.revision == self._revisions.known(made.channel)
        return is_as_it_was and time.monotonic() - made.at < _KEPT_SECONDS

    async def _make(self, handle: str, shells: Shells) -> _Made | None:
        owner = await self._plans.public(handle)
        if owner is None:
            self._made.pop(handle, None)
            return None
        channel, at = creator_channel(owner.creator_id), time.monotonic()
        revision = await self._revisions.follow(channel)
        # Read from here on: what changed before was not heard of.
        public = await self._plans.public(handle)
        if public is None or public.creator_id != owner.creator_id:
            return None
        page = shells.dynamic(ROUTE, self._head(public), block(public))
        made = self._made[handle] = _Made(page, channel, revision, at)
        self._made.move_to_end(handle)
        while len(self._made) > _KEPT_PAGES:
            self._made.popitem(last=False)
        return made

    async def _moved(self, request: Request, handle: str) -> Response:
        """To where the page that was here is now; our own page with status 404 where none was."""
        now_at = await self._face.moved_to(handle)
        if now_at is None:
            return not_found()
        # Asked for each time: its creator may come back to it.
        asked = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/{now_at}{asked}", 301, {"cache-control": "no-cache"})

    def _head(self, public: PublicPage) -> str:
        return head(public, f"{self._origin}/{public.handle}")


def public_page_route(plans: Plans, face: PublicFace, feed: Feed, origin: str) -> Route:
    """The route of every creator's page."""
    return route(Who.ANYONE, "/{handle:handle}", PublicPages(plans, face, feed, origin).answer)


def head(public: PublicPage, address: str) -> str:
    """Title, description, canonical address and what link previews and search engines show; escaped."""
    title, description = title_of(public), description_of(public)
    picture = urljoin(address, picture_path(public.picture, "jpg")) if public.picture else ""
    properties = {
        "og:type": "website",
        "og:site_name": t("site.name"),
        "og:locale": "pt_BR",
        "og:title": title,
        "og:description": description,
        "og:url": address,
    }
    if cheapest := cheapest_of(public.plans):
        # https://developers.facebook.com/docs/marketing-api/catalog/guides/open-graph-product
        properties["product:price:amount"] = f"{cheapest.amount / 100:.2f}"
        properties["product:price:currency"] = CURRENCY
    if picture:
        side = str(pictures.SIDE)
        properties |= {"og:image": picture, "og:image:width": side, "og:image:height": side}
        properties["og:image:alt"] = public.name
    tags = [
        f"<title>{escape(title)}</title>",
        f'<meta name="description" content="{escape(description)}"/>',
        f'<link rel="canonical" href="{escape(address)}"/>',
        '<meta name="twitter:card" content="summary"/>',
        f'<meta name="twitter:title" content="{escape(title)}"/>',
        f'<meta name="twitter:description" content="{escape(description)}"/>',
        *([f'<meta name="twitter:image" content="{escape(picture)}"/>'] if picture else []),
        *(f'<meta property="{name}" content="{escape(content)}"/>' for name, content in properties.items()),
        *(_product(public, plan, address, picture) for plan in public.plans),
    ]
    return "".join(tags)


def _product(public: PublicPage, plan: PublicPlan, address: str, picture: str) -> str:
    """A plan for search engines (https://schema.org/Product). It is data: no browser runs it."""
    offer = {
        "@type": "Offer",
        "price": f"{plan.amount // 100}.{plan.amount % 100:02d}",
        "priceCurrency": CURRENCY,
        "availability": "https://schema.org/InStock",
        "url": address,
    }
    product: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": f"{public.name}: {plan.name}",
        "description": plan.description or description_of(public),
        "brand": {"@type": "Brand", "name": public.name},
        "offers": offer,
    }
    if picture:
        product["image"] = picture
    # Nothing that a creator wrote may end the element.
    written = json.dumps(product, ensure_ascii=False).translate(_IN_SCRIPT)
    return f'<script type="application/ld+json">{written}</script>'


def block(public: PublicPage) -> str:
    """What the page shows above its form, as lastlink_ui/web/public/page.py draws it; escaped.

    The plans are words and prices, not buttons: what is chosen before the page lives would be lost.
    """
    shop = Storefront.of(public)
    marked = chosen_beforehand(public)
    style = ";".join(f"{name}:{value}" for name, value in shop.colours.items())
    about = f'<p class="fan-about">{escape(shop.about)}</p>' if shop.about else ""
    return (
        f'<main class="fan" style="{escape(style)}"><header>'
        f"{_picture(shop)}"
        f"<h1>{escape(shop.name)}</h1>"
        f'<p class="fan-handle">{escape(shop.handle)}</p>{about}</header>'
        f"{_plans(shop, str(marked.id) if marked else '')}"
        f'<noscript><p class="fan-empty">{escape(t("public.needs_script"))}</p></noscript></main>'
    )


def _picture(shop: Storefront) -> str:
    if shop.picture:
        return f'<img src="{escape(shop.picture)}" alt="" width="88" height="88" class="fan-picture">'
    return f'<div class="fan-picture" aria-hidden="true">{escape(shop.initials)}</div>'


def _plans(shop: Storefront, marked: str) -> str:
    if not shop.plans:
        return f'<p class="fan-empty">{escape(t("public.no_plans"))}</p>'
    cards = "".join(_card(plan, is_marked=plan.id == marked) for plan in shop.plans)
    title = escape(t("public.choose_plan"))
    return f'<section class="fan-group fan-plans"><h2 class="fan-legend">{title}</h2>{cards}</section>'


def _card(plan: PlanCard, *, is_marked: bool) -> str:
    tag = f'<span class="fan-tag">{escape(plan.tag)}</span>' if plan.tag else ""
    lines = "".join(f"<small>{escape(line)}</small>" for line in plan.lines)
    lines += "".join(f'<small class="fan-benefit">{escape(benefit)}</small>' for benefit in plan.benefits)
    return (
        f'<div class="fan-plan{" chosen" if is_marked else ""}">{tag}<span class="fan-radio"></span>'
        f"<span><strong>{escape(plan.name)}</strong>{lines}</span>"
        f'<span class="fan-price">{escape(plan.price)} <small>{escape(plan.every)}</small></span></div>'
    )
