"""How the creator is paid: the keys of the own account, and the methods that fans may pay with."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import reflex as rx

from lastlink_ui.accounts.limits import AttemptLimit
from lastlink_ui.billing.gateway import ProviderUnavailable
from lastlink_ui.billing.inbox import HANDLED
from lastlink_ui.core.actor import Actor, ActorKind
from lastlink_ui.core.errors import InvalidInput, Refused
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.core.who import Who
from lastlink_ui.subscribers.lifecycle import Method
from lastlink_ui.text import t
from lastlink_ui.text.formats import day_and_time
from lastlink_ui.web.events import event
from lastlink_ui.web.signed_in import SignedIn
from lastlink_ui.web.typed import field_of
from lastlink_ui.wiring import services

KEY, SECRET = "chave_secreta", "segredo_webhook"  # names of the fields
_FIELDS = {"key": KEY, "secret": SECRET}
_ATTEMPTS, _WINDOW = 10, timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class MethodSwitch:
    """A way to pay, and whether fans are offered it."""

    code: str
    label: str
    note: str
    is_on: bool
    is_available: bool


class ReceivingState(SignedIn, rx.State):
    """The card "Recebimentos". Keys pass through to be tried; none is ever kept here."""

    ready: bool = False
    key_hint: str = ""
    """The key by its kind and last letters; "" while nothing can be sold."""
    key_note: str = ""
    secret_note: str = ""
    address: str = ""
    """Where the creator's account is to tell what happens."""
    event_types: str = ", ".join(HANDLED)
    methods: list[MethodSwitch] = []
    errors: dict[str, str] = dict.fromkeys((KEY, SECRET), "")
    trouble: str = ""
    result: str = ""
    saved: int = 0
    """How often keys were saved: the fields are empty anew after each time."""

    @event(Who.CREATOR)
    async def load(self) -> None:
        """Show how the creator is paid."""
        self.errors, self.trouble, self.result = dict.fromkeys((KEY, SECRET), ""), "", ""
        await self._look((await self._creator()).creator_id)

    @event(Who.CREATOR)
    async def connect(self, form: dict[str, str]) -> None:
        """Try the keys that were typed, and keep them where they work."""
        creator = (await self._creator()).creator_id
        self.errors, self.trouble, self.result = dict.fromkeys((KEY, SECRET), ""), "", ""
        if not _limit().take(creator):
            self.trouble = t("receiving.too_many")
            return
        try:
            await services().accounts_at_provider.connect(
                creator, field_of(form, KEY), field_of(form, SECRET), _actor(creator)
            )
        except InvalidInput as invalid:
            self.errors = {**self.errors, _FIELDS[str(invalid.params["field"])]: t(invalid.message_key)}
        except ProviderUnavailable:
            self.trouble = t("receiving.away")
        else:
            self.saved += 1
            self.result = t("receiving.saved")
            await self._look(creator)

    @event(Who.CREATOR)
    async def offer(self, code: str, on: bool) -> None:  # noqa: FBT001 - what a check box sends
        """Offer a way to pay, or no longer."""
        creator = (await self._creator()).creator_id
        self.trouble, self.result = "", ""
        try:
            if code in set(Method):
                await services().accounts_at_provider.offer(creator, Method(code), _actor(creator), on=on)
        except Refused as refused:
            self.trouble = t(refused.message_key)
        await self._look(creator)

    async def _look(self, creator: CreatorId) -> None:
        receiving = await services().accounts_at_provider.receiving(creator)
        self.key_hint = receiving.key_hint
        self.key_note = t("receiving.key_kept", hint=receiving.key_hint)
        self.address = f"{services().settings.public_origin}/webhooks/stripe/{creator}"
        if until := receiving.former_secret_until:
            self.secret_note = t("receiving.secret_rolling", until=day_and_time(until))
        else:
            self.secret_note = t(
                "receiving.secret_kept" if receiving.has_webhook_secret else "receiving.secret_none"
            )
        self.methods = [
            MethodSwitch(
                method.value,
                t(f"method.{method}"),
                t(f"receiving.note.{method}"),
                is_on=method in receiving.methods,
                is_available=method is not Method.PIX,
            )
            for method in Method
        ]
        self.ready = True


def _actor(creator: CreatorId) -> Actor:
    return Actor(ActorKind.CREATOR, str(creator))


@cache
def _limit() -> AttemptLimit:
    """Trying keys asks the provider each time."""
    return AttemptLimit(services().machine_clock, _ATTEMPTS, _WINDOW)
