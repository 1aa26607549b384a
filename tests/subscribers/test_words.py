from dataclasses import replace
from datetime import timedelta

import pytest

from lastlink_ui.core.ids import FanId, PlanId, SubscriptionId, new_id
from lastlink_ui.core.period import Period
from lastlink_ui.subscribers.counting import FilterCounts
from lastlink_ui.subscribers.filters import Filters, SortKey
from lastlink_ui.subscribers.lifecycle import (
    DisputeStatus,
    Method,
    PaymentFacts,
    PaymentStatus,
    RefundStatus,
    Status,
)
from lastlink_ui.subscribers.models import MembershipReason, Wish
from lastlink_ui.subscribers.rows import Row, UnderWay
from lastlink_ui.web.subscribers.options import CUSTOM, filter_view
from lastlink_ui.web.subscribers.rows import Busy, SubscriberRow, payment_line
from tests.support.clock import NOW

PAID = PaymentFacts(
    amount=2990,
    method=Method.CARD,
    status=PaymentStatus.PAID,
    period_start=NOW - timedelta(days=3),
    period_end=NOW + timedelta(days=27),
    paid_at=NOW - timedelta(days=3),
)
ROW = Row(
    subscription_id=SubscriptionId(new_id()),
    fan_id=FanId(new_id()),
    name="Ána Lima",
    handle="ana.lima",
    email="ana@example.com",
    plan_id=PlanId(new_id()),
    plan_name="Mensal",
    amount=2990,
    period=Period.MONTHLY,
    method=Method.CARD,
    status=Status.ACTIVE,
    started_at=PAID.period_start,
    access_until=PAID.period_end,
    cancel_at_period_end=False,
    canceled_at=None,
    ended_at=None,
    in_list=True,
    member_since=PAID.period_start,
    membership_reason=MembershipReason.PAID,
    wish=None,
    payment=PAID,
    last_paid=PAID,
    under_way=frozenset(),
)


def shown(row: Row, *, busy: Busy = Busy.NOTHING) -> SubscriberRow:
    return SubscriberRow.of(row, Filters(), NOW, busy=busy)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Pago 19/11/2026"),
        ({"paid_at": NOW}, "Pago hoje, 12:00"),
        ({"refund": RefundStatus.PENDING}, "Devolução em andamento"),
        (
            {"refund": RefundStatus.SUCCEEDED, "refunded_at": NOW, "refunded_amount": 2990},
            "Devolvido 22/11/2026",
        ),
        ({"dispute": DisputeStatus.OPEN, "disputed_at": NOW}, "Contestado 22/11/2026"),
        ({"dispute": DisputeStatus.WON, "disputed_at": NOW}, "Contestação vencida"),
        ({"status": PaymentStatus.FAILED, "paid_at": None}, "Cobrança recusada"),
        ({"status": PaymentStatus.EXPIRED, "paid_at": None}, "Boleto vencido"),
        ({"status": PaymentStatus.PENDING, "paid_at": None}, "Aguardando pagamento"),
        (
            {
                "status": PaymentStatus.PENDING,
                "paid_at": None,
                "method": Method.BOLETO,
                "due_at": NOW + timedelta(days=3),
            },
            "Vence 25/11/2026",
        ),
        (
            {
                "status": PaymentStatus.PENDING,
                "paid_at": None,
                "method": Method.BOLETO,
                "due_at": NOW - timedelta(days=3),
            },
            "Venceu 19/11/2026",
        ),
    ],
)
def test_a_payment_in_words(changes: dict[str, object], words: str) -> None:
    assert payment_line(replace(PAID, **changes), NOW) == words  # pyright: ignore[reportArgumentType]


def test_an_active_row_renews() -> None:
    row = shown(ROW)
    assert (row.handle, row.initials, row.amount) == ("@ana.lima", "ÁL", "R$\N{NO-BREAK SPACE}29,90")
    assert (row.access, row.access_note, row.note, row.list_note) == ("19/12/2026", "renova", "", "")
    assert row.refund_refusal == "Apenas assinaturas canceladas podem ser reembolsadas"
    assert row.remove_refusal == row.readd_refusal == row.cancel_refusal == ""


def test_a_cancelled_row_inside_its_period_says_until_when() -> None:
    row = shown(replace(ROW, status=Status.CANCELED, cancel_at_period_end=True, canceled_at=NOW))
    assert row.note == "acesso até 19/12/2026"
    assert row.access_note == "faltam 27 dias"
    assert row.refund_refusal == ""


def test_a_row_says_what_is_still_to_be_done_by_hand() -> None:
    assert shown(replace(ROW, wish=Wish.ADD)).list_note == "a adicionar"
    assert shown(replace(ROW, in_list=False, wish=Wish.REMOVE)).list_note == "a remover"
    assert shown(replace(ROW, in_list=False)).list_note == "fora da lista"


@pytest.mark.parametrize(
    "waiting",
    [
        {"under_way": frozenset({UnderWay.REFUND})},
        {"last_paid": replace(PAID, refund=RefundStatus.PENDING)},
    ],
)
def test_a_refund_is_under_way_from_the_request_to_the_providers_word(waiting: dict[str, object]) -> None:
    row = shown(replace(ROW, status=Status.CANCELED, **waiting))  # pyright: ignore[reportArgumentType]
    assert row.note.startswith("Reembolso em andamento")
    assert row.busy == Busy.REFUND
    assert row.refund_refusal == "Reembolso em andamento"


def test_an_action_that_was_just_asked_for_is_shown_at_once() -> None:
    assert shown(ROW, busy=Busy.REMOVE).note == "Remoção em andamento"


def test_options_show_their_counts_and_none_while_they_are_not_known() -> None:
    counts = FilterCounts(total=3, everybody=1284, statuses={Status.CANCELED: 3}, any_status=1284)
    view = filter_view(Filters().with_status(Status.CANCELED), counts, [(ROW.plan_id, "Mensal")])
    assert view.status == "canceled"
    assert view.statuses[0] == {"value": "all", "label": "Todos (1.284)"}
    assert {"value": "canceled", "label": "Cancelado (3)"} in view.statuses
    assert {"value": "refunded", "label": "Reembolsado (0)"} in view.statuses
    assert view.plans[1] == {"value": str(ROW.plan_id), "label": "Mensal (0)"}

    unknown = filter_view(Filters(), FilterCounts(is_known=False, everybody=1284), [])
    assert unknown.statuses[0] == {"value": "all", "label": "Todos"}


def test_days_of_ones_own_are_a_choice_of_the_select() -> None:
    filters = Filters().between(NOW.date(), None)
    view = filter_view(filters, FilterCounts(), [])
    assert (view.since, view.first_day, view.last_day) == (CUSTOM, "2026-11-22", "")
    assert view.is_filtered
    assert not filter_view(Filters().sorted_by(SortKey.NAME), FilterCounts(), []).is_filtered
