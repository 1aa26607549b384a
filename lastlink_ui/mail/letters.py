"""The words of each mail, from the catalogue: plain text, and the same as simple HTML. Pure."""

from dataclasses import dataclass
from datetime import datetime
from html import escape

from lastlink_ui.mail.port import Message
from lastlink_ui.text import LOCALE, t
from lastlink_ui.text.formats import day, money

_BODY = "font:16px/1.5 system-ui,sans-serif;color:#18181b;max-width:520px;margin:0 auto;padding:24px"
_BUTTON = (
    "display:inline-block;padding:12px 20px;border-radius:10px;background:#18181b;color:#fff;"
    "text-decoration:none;font-weight:600"
)
_CODE = "font:15px/1.6 ui-monospace,monospace;background:#f4f4f5;padding:12px;border-radius:10px"


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail before it has an address."""

    subject: str
    paragraphs: tuple[str, ...]
    link: str
    link_label: str
    code: str = ""
    """What is to be copied letter by letter."""
    footer: str = ""
    """Why it was sent, where it is not about a subscription."""

    def to(self, address: str, message_id: str) -> Message:
        """The mail for that address."""
        return Message(message_id, address, self.subject, self._text(), self._html())

    def _text(self) -> str:
        parts = [*self.paragraphs, *([self.code] if self.code else []), f"{self.link_label}:\n{self.link}"]
        return "\n\n".join((*parts, self._why())) + "\n"

    def _why(self) -> str:
        return self.footer or t("mail.footer")

    def _html(self) -> str:
        said = "".join(f"<p>{escape(each).replace(chr(10), '<br>')}</p>" for each in self.paragraphs)
        code = f'<p style="{_CODE}">{escape(self.code)}</p>' if self.code else ""
        return (
            f'<!doctype html><html lang="{LOCALE.replace("_", "-")}"><meta charset="utf-8">'
            f'<title>{escape(self.subject)}</title><body style="{_BODY}">{said}{code}'
            f'<p><a href="{escape(self.link)}" style="{_BUTTON}">{escape(self.link_label)}</a></p>'
            f'<p style="color:#52525b;font-size:14px">{escape(self._why())}</p></body></html>'
        )


def boleto_issued(
    *, name: str, creator: str, plan: str, amount: int, due_at: datetime | None, line: str, link: str
) -> Letter:
    """The boleto to be paid; `amount` in centavos, `due_at` aware UTC."""
    due = day(due_at) if due_at else ""
    return Letter(
        subject=t("mail.boleto_issued.subject", creator=creator, due=due),
        paragraphs=(
            t("mail.hello", name=name),
            t("mail.boleto_issued.what", plan=plan, creator=creator, price=money(amount), due=due),
            t("mail.boleto_issued.how"),
        ),
        link=link,
        link_label=t("mail.boleto_issued.link"),
        code=line,
    )


def access_released(
    *, name: str, creator: str, plan: str, instructions: str, access_link: str, link: str
) -> Letter:
    """How to get at what was paid for."""
    how = "\n".join(part for part in (instructions, access_link) if part)
    return Letter(
        subject=t("mail.access_released.subject", creator=creator),
        paragraphs=(
            t("mail.hello", name=name),
            t("mail.access_released.what", plan=plan, creator=creator),
            how or t("thanks.access_by_hand", name=creator),
        ),
        link=link,
        link_label=t("mail.access_released.link"),
    )


def already_subscribed(*, name: str, creator: str, plan: str, link: str) -> Letter:
    """For whoever began to subscribe to what they have: only the owner of the address is told so."""
    return Letter(
        subject=t("mail.already_subscribed.subject", creator=creator),
        paragraphs=(
            t("mail.hello", name=name),
            t("mail.already_subscribed.what", plan=plan, creator=creator),
            t("mail.already_subscribed.not_you"),
        ),
        link=link,
        link_label=t("mail.already_subscribed.link"),
    )


def fan_sign_in(*, name: str, link: str) -> Letter:
    """The way into the fan's own page."""
    return _with_link("fan_sign_in", name, link)


def password_reset(*, name: str, link: str) -> Letter:
    """The way to another password."""
    return _with_link("password_reset", name, link, footer=t("mail.password_reset.footer"))


def email_confirmation(*, name: str, link: str) -> Letter:
    """The proof that whoever opened an account reads mail at its address."""
    return _with_link("email_confirmation", name, link, footer=t("mail.email_confirmation.footer"))


def email_change(*, name: str, link: str) -> Letter:
    """The proof that the new address is read by whoever asked for it."""
    return _with_link("email_change", name, link, footer=t("mail.email_change.footer"))


def email_change_asked(*, name: str, origin: str) -> Letter:
    """The address that is about to be left hears of it."""
    footer = t("mail.email_change.footer")
    return _with_link("email_change_asked", name, f"{origin}/recuperar", footer=footer)


def withdrawn(
    *, name: str, creator: str, plan: str, amount: int, protocol: str, due_at: datetime | None, link: str
) -> Letter:
    """The withdrawal is acknowledged; `amount` in centavos, `due_at` (aware UTC) where it is transferred."""
    money_back = (
        t("mail.withdrawn.by_transfer", price=money(amount), day=day(due_at))
        if due_at
        else t("mail.withdrawn.by_card", price=money(amount))
    )
    return Letter(
        subject=t("mail.withdrawn.subject", creator=creator),
        paragraphs=(
            t("mail.hello", name=name),
            t("mail.withdrawn.what", plan=plan, creator=creator),
            money_back,
            t("mail.withdrawn.protocol"),
        ),
        link=link,
        link_label=t("mail.withdrawn.link"),
        code=protocol,
    )


def transferred(*, name: str, creator: str, plan: str, amount: int, protocol: str, link: str) -> Letter:
    """The creator says that the money of a boleto was transferred; `amount` in centavos."""
    return Letter(
        subject=t("mail.transferred.subject", creator=creator),
        paragraphs=(
            t("mail.hello", name=name),
            t("mail.transferred.what", plan=plan, creator=creator, price=money(amount)),
            t("mail.withdrawn.protocol"),
        ),
        link=link,
        link_label=t("mail.withdrawn.link"),
        code=protocol,
    )


def _with_link(kind: str, name: str, link: str, *, footer: str = "") -> Letter:
    """What a link is for, and what to do about it where one did not ask for it."""
    words = f"mail.{kind}"
    return Letter(
        subject=t(f"{words}.subject"),
        paragraphs=(t("mail.hello", name=name), t(f"{words}.what"), t(f"{words}.not_you")),
        link=link,
        link_label=t(f"{words}.link"),
        footer=footer,
    )
