"""What the own page says of each subscription, in words ready to show. Pure."""

from dataclasses import dataclass
from datetime import timedelta

from lastlink_ui.billing.models import OperationKind
from lastlink_ui.core.period import Period
from lastlink_ui.fan_page.holdings import Holding, Withdrawn
from lastlink_ui.subscribers.lifecycle import RefundStatus
from lastlink_ui.subscribers.models import Payment
from lastlink_ui.subscribers.withdrawal import WithdrawalStage
from lastlink_ui.text import t
from lastlink_ui.text.formats import day, money
from lastlink_ui.web.thanks.receipt import Fact, grouped, safe_link

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """One payment."""

    id: str
    when: str
    amount: str
    status: str
    receipt: str
    """Where its receipt is; "" for one that was not paid."""
    receipt_label: str


@dataclass(frozen=True, slots=True)
class OfferLine:
    """A plan that may be changed to."""

    id: str
    name: str
    price: str


@dataclass(frozen=True, slots=True)
class Card:
    """One subscription."""

    id: str = ""
    creator_id: str = ""
    creator: str = ""
    creator_page: str = ""
    plan: str = ""
    price: str = ""
    status: str = ""
    status_code: str = "active"
    facts: tuple[Fact, ...] = ()
    under_way: str = ""
    """What was asked for and has no result yet, or ""."""
    has_access: bool = False
    access_text: str = ""
    access_link: str = ""
    line: str = ""
    """The digits that pay the boleto that waits, in groups; "" for none."""
    line_digits: str = ""
    voucher: str = ""
    due: str = ""
    refused: str = ""
    """What the provider would not do; "" for nothing."""
    withdrawn: str = ""
    """How far the money of a withdrawal is; "" without one."""
    protocol: str = ""
    account: str = ""
    asks_account: bool = False
    """Whether withdrawing takes the fan's own account."""
    account_button: str = ""
    """What the button says with which the account is named or corrected; "" for none."""
    payments: tuple[PaymentLine, ...] = ()
    offers: tuple[OfferLine, ...] = ()
    """What may be changed to."""
    change_sentence: str = ""
    can_cancel: bool = False
    can_undo: bool = False
    can_withdraw: bool = False
    card_page: str = ""
    """Where the card is changed; "" where there is none."""
    withdraw_hint: str = ""
    """What comes back, and until when that may be asked for."""
    cancel_sentence: str = ""
    withdraw_sentence: str = ""

    @classmethod
    def of(cls, holding: Holding) -> "Card":
        """What `holding` comes to."""
        withdrawn = holding.withdrawn
        price = _every(holding.amount, holding.period)
        return cls(
            id=str(holding.id),
            creator_id=str(holding.creator_id),
            creator=holding.creator_name,
            creator_page=f"/{holding.creator_handle}",
            plan=holding.plan_name,
            price=price,
            status=t(f"status.{holding.status}"),
            status_code=holding.status,
            facts=tuple(_facts(holding, price)),
            under_way="" if withdrawn else _under_way(holding),
            refused="" if withdrawn else _refused(holding),
            has_access=holding.has_access,
            access_text=_access_text(holding),
            access_link=safe_link(holding.access_link),
            line=grouped(holding.voucher.line) if holding.voucher else "",
            line_digits=holding.voucher.line if holding.voucher else "",
            voucher=holding.voucher.url if holding.voucher else "",
            due=day(holding.due_at) if holding.due_at else "",
            withdrawn=_withdrawn(withdrawn, holding.creator_name) if withdrawn else "",
            protocol=withdrawn.protocol if withdrawn else "",
            account=withdrawn.account if withdrawn else "",
            asks_account=holding.needs_account,
            account_button=_account_button(withdrawn),
            payments=tuple(_payment(payment) for payment in holding.payments),
            offers=tuple(
                OfferLine(str(offer.plan_id), offer.name, _every(offer.amount, holding.period))
                for offer in holding.offers
            ),
            change_sentence=_change_sentence(holding),
            can_cancel=holding.can_cancel,
            can_undo=holding.can_undo,
            can_withdraw=holding.withdraw_until is not None,
            card_page=f"/minha-assinatura/cartao/{holding.id}" if holding.can_change_card else "",
            withdraw_hint=_withdraw_hint(holding),
            cancel_sentence=_cancel_sentence(holding),
            withdraw_sentence=_withdraw_sentence(holding),
        )


def _facts(holding: Holding, price: str) -> list[Fact]:
    facts = [
        Fact(t("fan_page.amount"), price),
        Fact(t("fan_page.method"), t(f"method.{holding.method}")),
        Fact(t("fan_page.since"), day(holding.started_at)),
    ]
    if holding.renews_at:
        facts.append(Fact(t("fan_page.next_charge"), day(holding.renews_at)))
        if holding.next:
            coming = _every(holding.next.amount, holding.period)
            facts.append(Fact(t("fan_page.next_plan"), f"{holding.next.name} · {coming}"))
    elif holding.access_until:
        facts.append(Fact(t("fan_page.access_until"), day(holding.access_until)))
    return facts


def _access_text(holding: Holding) -> str:
    if not holding.has_access:
        return ""
    if holding.access_text or holding.access_link:
        return holding.access_text
    return t("thanks.access_by_hand", name=holding.creator_name)


def _under_way(holding: Holding) -> str:
    if not holding.under_way:
        return ""
    if OperationKind.REFUND in holding.under_way:
        return t("fan_page.under_way.refund")
    if OperationKind.CHANGE_PLAN in holding.under_way:
        return t("fan_page.under_way.change")
    undoing = OperationKind.UNDO_CANCEL in holding.under_way
    return t("fan_page.under_way.undo" if undoing else "fan_page.under_way.cancel")


def _refused(holding: Holding) -> str:
    # What came of a withdrawal is told with it.
    if holding.refused is None or holding.refused is OperationKind.REFUND:
        return ""
    return t(f"fan_page.refused.{holding.refused}", name=holding.creator_name)


def _withdrawn(withdrawn: Withdrawn, creator: str) -> str:
    due = day(withdrawn.due_at) if withdrawn.due_at else ""
    return t(f"fan_page.withdrawn.{withdrawn.stage}", price=money(withdrawn.amount), name=creator, day=due)


def _account_button(withdrawn: Withdrawn | None) -> str:
    if withdrawn and withdrawn.stage is WithdrawalStage.ACCOUNT_NEEDED:
        return t("fan_page.account.give")
    if withdrawn and withdrawn.stage is WithdrawalStage.TO_TRANSFER:
        return t("fan_page.account.correct")
    return ""


def _change_sentence(holding: Holding) -> str:
    if not holding.renews_at:
        return ""
    return t("fan_page.change.sentence", day=day(holding.renews_at), plan=holding.plan_name)


def _every(amount: int, period: Period) -> str:
    return t("thanks.amount_every", price=money(amount), every=t(f"period_price.{period}"))


def _cancel_sentence(holding: Holding) -> str:
    if holding.access_until is None:
        return t("fan_page.cancel.unpaid")
    return t("fan_page.cancel.sentence", day=day(holding.access_until))


def _withdraw_hint(holding: Holding) -> str:
    if holding.withdraw_until is None:
        return ""
    until = day(holding.withdraw_until - _SECOND)
    return t("fan_page.withdraw.until", price=money(_comes_back(holding)), day=until)


def _withdraw_sentence(holding: Holding) -> str:
    key = "by_transfer" if holding.needs_account else "by_card"
    price = money(_comes_back(holding))
    return t(f"fan_page.withdraw.{key}", price=price, name=holding.creator_name)


def _comes_back(holding: Holding) -> int:
    """What a withdrawal returns, in centavos: of renewals the last payment alone."""
    paid = next((each for each in holding.payments if each.paid_at), None)
    return paid.amount - paid.refunded_amount if paid else holding.amount


def _payment(payment: Payment) -> PaymentLine:
    when = day(payment.paid_at or payment.due_at or payment.created_at)
    is_receipt = payment.paid_at is not None
    return PaymentLine(
        id=str(payment.id),
        when=when,
        amount=money(payment.amount),
        status=_payment_status(payment),
        receipt=f"/minha-assinatura/recibo/{payment.id}" if is_receipt else "",
        receipt_label=t("fan_page.receipt_of", day=when),
    )


def _payment_status(payment: Payment) -> str:
    if payment.refund_status is RefundStatus.SUCCEEDED:
        return t("fan_page.payment.returned")
    if payment.refund_status is RefundStatus.PENDING:
        return t("fan_page.payment.returning")
    return t(f"fan_page.payment.{payment.status}")
