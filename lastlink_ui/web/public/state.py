"""What the public page shows, and what a fan does on it."""

import secrets
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from lastlink_ui.accounts import cookies
from lastlink_ui.accounts.limits import AttemptLimit
from lastlink_ui.billing.checkouts import Form
from lastlink_ui.billing.gateway import ProviderRefused, ProviderUnavailable
from lastlink_ui.core.errors import LastlinkError, NotFound, Refused
from lastlink_ui.core.handles import is_handle
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.core.who import Who
from lastlink_ui.plans.service import PublicPage, PublicPlan
from lastlink_ui.plans.storefront import Storefront, chosen_beforehand
from lastlink_ui.subscribers.lifecycle import Method
from lastlink_ui.text import t
from lastlink_ui.web.events import event
from lastlink_ui.web.public.form import TEXT_FIELDS, Draft, Field, problem
from lastlink_ui.web.public.offer import Offer, find_plan
from lastlink_ui.web.public.plan_news import PlanNews
from lastlink_ui.wiring import services

# Behind one address of a mobile carrier there are many fans.
_SENT = "checkout.already_subscribed"
_ATTEMPTS, _WINDOW = 30, timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class MethodChoice:
    """A way to pay, as the page shows it."""

    code: str
    label: str


class PublicPageState(rx.State):
    """One open public page. Whatever a browser sends is looked up here before it is used."""

    ready: bool = False
    gone: bool = False
    shop: Storefront = Storefront()
    methods: list[MethodChoice] = []
    """How to pay; none while the creator cannot be paid."""
    paying: str = ""
    """The code of the method that is marked."""
    chosen: str = ""
    """The id of the plan that is marked; "" for none."""
    offer: Offer = Offer()
    first: Draft = Draft()
    """What the fields hold when they appear; from then on what is typed lives in the browser."""
    errors: dict[str, str] = {}
    trouble: str = ""
    sent: str = ""
    """That a mail says how to go on, which is all that a screen may tell of who subscribes to what."""
    sending: bool = False
    payment_page: str = ""
    """Where the browser is being sent: the way to the provider's page."""
    visit: str = ""
    """Differs for each load of the page."""
    waiting_page: str = ""
    """The return page of a boleto that this browser was given here and that waits to be paid, or ""."""
    typed: str = rx.SessionStorage("", name="lastlink-form")
    """The draft, kept by the browser while its tab is open: it outlives a reload and the way to pay."""

    _page: PublicPage | None = None
    _nonce: str = ""

    @event(Who.ANYONE)
    async def load(self) -> None:
        """Show the page of the creator in the address, with what this browser had typed before."""
        handle = self.router.url.path.strip("/")
        page = await services().plans.public(handle) if is_handle(handle) else None
        self.gone, self.ready = page is None, True
        self.sending, self.payment_page, self.trouble, self.errors, self.sent = False, "", "", {}, ""
        if page is None:
            return
        # A new one for each load: after that, sending the form anew is meant as a new checkout.
        self._nonce = _new_nonce()
        self.visit = secrets.token_hex(4)
        self.methods = await _methods(page)
        self.waiting_page = await _waiting_page(page.creator_id, self.router.headers.cookie)
        draft = Draft.kept(self.typed)
        self._mark_method(draft[Field.METHOD])
        self.first = draft.typing(Field.METHOD, self.paying)
        marked = find_plan(page.plans, draft[Field.PLAN]) or chosen_beforehand(page)
        self._show(page, marked)

    @event(Who.ANYONE, background=True)
    async def follow(self) -> None:
        """Show changes of the plans while the page is open."""
        # Not from the state: this may run before `load` has filled it.
        handle = self.router.url.path.strip("/")
        page = await services().plans.public(handle) if is_handle(handle) else None
        if page is None:
            return
        async with _plan_news().follow(page.creator_id) as changes:
            await self._refresh()
            async for _ in changes:
                await self._refresh()

    @event(Who.ANYONE)
    def choose(self, plan_id: str) -> None:
        """Mark a plan."""
        if self._page and (plan := find_plan(self._page.plans, str(plan_id))):
            self._mark(plan)
            self._keep(Field.PLAN, self.chosen)
            self.trouble = ""

    @event(Who.ANYONE)
    def pay_by(self, code: str) -> None:
        """Mark a way to pay; a boleto asks for more."""
        if code in {method.code for method in self.methods}:
            self.paying = code
            self._keep(Field.METHOD, code)
            self.errors = {**self.errors, Field.METHOD.value: ""}
            self.trouble = ""

    @event(Who.ANYONE)
    def check(self, field: str, text: str) -> None:
        """Keep what stands in a text field, and say beside it what is wrong.

        A field that was never filled in is left alone.
        """
        if str(field) not in TEXT_FIELDS:
            return
        which, text = Field(field), str(text)
        untouched = not text.strip() and not Draft.kept(self.typed)[which]
        self._keep(which, text)
        self.errors = {**self.errors, which.value: "" if untouched else problem(which, text)}
        if self.trouble == t("public.error.summary") and not any(self.errors.values()):
            self.trouble = ""

    @event(Who.ANYONE, background=True)
    async def subscribe(self, sent: dict[str, Any]) -> AsyncGenerator[EventSpec | None]:
        """Take the form to the provider's payment page, or say what is missing. Twice is as good as once."""
        async with self:
            form = self._filled_in(sent)
            if form is None:
                yield self._to_first_error()
                return
            creator = self._page.creator_id if self._page else None
        try:
            way = await _start_checkout(creator, form)
        except (LastlinkError, ProviderUnavailable, ProviderRefused) as error:
            async with self:
                if isinstance(error, Refused) and error.message_key == _SENT:
                    self.sent = _sentence(error)
                else:
                    self.trouble = _sentence(error)
                # The provider repeats its answer to a key for a day, a failure too. A payment page whose
                # address nobody has seen cannot be paid, so the next try may well ask for another.
                self._nonce = _new_nonce()
            if isinstance(error, NotFound):
                await self._refresh()
        else:
            async with self:
                self.payment_page = way
        finally:
            async with self:
                self.sending = False

    def _filled_in(self, sent: dict[str, Any]) -> Form | None:
        """The form, once it can be sent; None while it cannot, with the reasons on screen."""
        page = self._page
        if self.sending or page is None:
            return None
        draft = Draft.of(sent)
        self.typed = draft.to_keep()
        methods = {method.code for method in self.methods}
        self.errors = draft.problems({str(plan.id) for plan in page.plans}, methods)
        self.trouble, self.payment_page = t("public.error.summary") if self.errors else "", ""
        self.sent = ""
        plan = find_plan(page.plans, draft[Field.PLAN])
        if self.errors or plan is None:
            return None
        if not _attempts().take(self.router.session.client_ip):
            self.trouble = t("checkout.too_many")
            return None
        self._mark(plan)
        self.sending = True
        return Form(plan.id, Method(draft[Field.METHOD]), draft.person(), self._nonce, draft.payer())

    def _to_first_error(self) -> EventSpec | None:
        wrong = [name for name in self.errors if name in TEXT_FIELDS and self.errors[name]]
        return rx.set_focus(wrong[0]) if wrong else None

    async def _refresh(self) -> None:
        """Look at the creator's plans again. A marked plan that is gone leaves none marked, and says so."""
        async with self:
            shown = self._page
        page = await services().plans.public(shown.handle) if shown else None
        if page is None:
            return
        methods = await _methods(page)
        async with self:
            if methods != self.methods:
                self.methods = methods
                self._mark_method(self.paying)
            if page == shown:
                return
            marked = find_plan(page.plans, self.chosen)
            if self.chosen and marked is None:
                self.errors = {**self.errors, Field.PLAN.value: t("public.error.plan_gone")}
            self._show(page, marked)

    def _show(self, page: PublicPage, marked: PublicPlan | None) -> None:
        self._page = page
        self.shop = Storefront.of(page)
        self._mark(marked)

    def _mark(self, plan: PublicPlan | None) -> None:
        self.chosen = str(plan.id) if plan else ""
        self.offer = Offer.of(plan, services().clock.now())
        if plan:
            self.errors = {**self.errors, Field.PLAN.value: ""}

    def _mark_method(self, code: str) -> None:
        """Mark that method, or the first one where it is not offered."""
        codes = [method.code for method in self.methods]
        self.paying = code if code in codes else next(iter(codes), "")

    def _keep(self, field: Field, text: str) -> None:
        self.typed = Draft.kept(self.typed).typing(field, text).to_keep()


async def _start_checkout(creator: CreatorId | None, form: Form) -> str:
    """The address that leads to the payment page, and lets this browser find its way back."""
    if creator is None:
        raise NotFound("checkout.plan_not_sold")
    if form.method not in await services().accounts_at_provider.offered(creator):
        raise Refused("checkout.method_gone")
    await services().billing.start_checkout(creator, form)
    token = await services().checkouts.token_of(creator, form)
    return f"/obrigado/{token}/pagar"


async def _methods(page: PublicPage) -> list[MethodChoice]:
    offered = await services().accounts_at_provider.offered(page.creator_id)
    return [MethodChoice(method, t(f"method.{method}")) for method in offered]


async def _waiting_page(creator: CreatorId, cookie_header: str) -> str:
    """Where the boleto of this browser stands, while it is this creator's and unpaid."""
    token = cookies.found_in(cookie_header, cookies.CHECKOUT)
    try:
        confirmation = await services().checkouts.confirmation(token) if token else None
    except NotFound:
        return ""
    is_meant = confirmation and confirmation.creator_id == creator and confirmation.voucher
    return f"/obrigado/{token}" if is_meant else ""


def _sentence(error: Exception) -> str:
    if isinstance(error, LastlinkError):
        return t(error.message_key, **error.params)
    return t("checkout.unavailable" if isinstance(error, ProviderUnavailable) else "checkout.refused")


def _new_nonce() -> str:
    return secrets.token_urlsafe(24)


@cache
def _plan_news() -> PlanNews:
    return PlanNews(services().feed)


@cache
def _attempts() -> AttemptLimit:
    return AttemptLimit(services().clock, _ATTEMPTS, _WINDOW)
