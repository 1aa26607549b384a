"""Seven days to withdraw, as São Paulo counts days: the first one is left out, the last one counts whole."""

# ruff: noqa: ANN401 - facts are handed on as they are

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastlink_ui.core.business_days import is_business_day
from lastlink_ui.core.clock import SAO_PAULO, sao_paulo_day
from lastlink_ui.core.errors import InvalidInput
from lastlink_ui.subscribers.lifecycle import (
    DisputeStatus,
    Method,
    PaymentFacts,
    PaymentStatus,
    RefundStatus,
    Status,
)
from lastlink_ui.subscribers.rules import WithdrawRefusal, why_not_refundable
from lastlink_ui.subscribers.withdrawal import (
    ACCOUNT_MAX,
    WithdrawalStage,
    counted_from,
    last_day,
    read_account,
    stage_of,
    transfer_due,
    why_not_withdrawable,
    withdrawable_until,
)

# São Paulo had a summer time until 2019, with days of 23 and 25 hours: the rule must hold there too.
instants = st.datetimes(datetime(2010, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds


def paid(at: datetime, method: Method = Method.CARD, **facts: Any) -> PaymentFacts:
    return PaymentFacts(
        2990,
        method,
        PaymentStatus.PAID,
        at,
        at + timedelta(days=30),
        paid_at=at,
        **facts,
    )


@given(instants)
def test_the_last_second_of_the_seventh_day_is_in_time_and_the_next_one_is_not(contracted: datetime) -> None:
    until = withdrawable_until(contracted)
    in_time, late = until - timedelta(seconds=1), until
    assert sao_paulo_day(in_time) - sao_paulo_day(contracted) == timedelta(days=7)
    assert sao_paulo_day(late) == sao_paulo_day(in_time) + timedelta(days=1)
    assert why_not_withdrawable(contracted, paid(contracted), in_time) is None
    assert why_not_withdrawable(contracted, paid(contracted), late) is WithdrawRefusal.OVER


@given(instants, st.timedeltas(timedelta(0), timedelta(days=30)), st.sampled_from(Method))
def test_whole_days_decide_never_hours_and_the_method_plays_no_part(
    contracted: datetime, later: timedelta, method: Method
) -> None:
    now = contracted + later
    refusal = why_not_withdrawable(contracted, paid(contracted, method), now)
    assert (refusal is None) == (sao_paulo_day(now) <= last_day(contracted))
    assert later > timedelta(days=7) - timedelta(hours=2) or refusal is None


@given(instants, st.timedeltas(timedelta(days=28), timedelta(days=400)))
def test_a_renewal_counts_from_its_payment_where_it_is_covered(
    contracted: datetime, later: timedelta
) -> None:
    renewed = contracted + later
    renewal = paid(renewed)
    covered = counted_from(contracted, renewal, is_renewal=True, covers_renewals=True)
    assert covered == renewed
    assert why_not_withdrawable(covered, renewal, renewed) is None
    not_covered = counted_from(contracted, renewal, is_renewal=True, covers_renewals=False)
    assert not_covered == contracted
    assert why_not_withdrawable(not_covered, renewal, renewed) is WithdrawRefusal.OVER


@given(instants, st.timedeltas(timedelta(0), timedelta(days=30)))
def test_a_first_boleto_counts_from_contracting_whenever_it_was_paid(
    contracted: datetime, later: timedelta
) -> None:
    boleto = paid(contracted + later, Method.BOLETO)
    for covers in (True, False):
        assert counted_from(contracted, boleto, is_renewal=False, covers_renewals=covers) == contracted


def test_a_purchase_late_in_the_evening_counts_from_the_brazilian_day() -> None:
    contracted = datetime(2026, 11, 26, 2, 30, tzinfo=UTC)  # 23:30 of the 25th in São Paulo
    assert last_day(contracted) == date(2026, 12, 2)
    assert withdrawable_until(contracted) == datetime(2026, 12, 3, tzinfo=SAO_PAULO)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"refund": RefundStatus.SUCCEEDED, "refunded_amount": 2990}, WithdrawRefusal.ALREADY_RETURNED),
        ({"refund": RefundStatus.PENDING}, WithdrawRefusal.UNDER_WAY),
        ({"dispute": DisputeStatus.OPEN}, WithdrawRefusal.CHARGED_BACK),
        ({"refund": RefundStatus.FAILED}, None),
    ],
)
def test_money_that_went_back_already_goes_back_once(
    facts: dict[str, Any], refusal: WithdrawRefusal | None
) -> None:
    now = datetime(2026, 11, 25, tzinfo=UTC)
    assert why_not_withdrawable(now, paid(now, **facts), now) is refusal


def test_an_unpaid_boleto_has_nothing_to_return() -> None:
    now = datetime(2026, 11, 25, tzinfo=UTC)
    assert why_not_withdrawable(now, None, now) is WithdrawRefusal.NOTHING_PAID


@given(instants)
def test_it_stands_beside_the_creators_rule(contracted: datetime) -> None:
    """What a creator may never return to a running boleto, its buyer may withdraw from."""
    boleto = paid(contracted, Method.BOLETO)
    assert why_not_refundable(Status.ACTIVE, Method.BOLETO, boleto, contracted) is not None
    assert why_not_withdrawable(contracted, boleto, contracted) is None


@given(instants)
def test_a_transfer_is_due_at_the_end_of_the_fifth_banking_day(requested: datetime) -> None:
    due = transfer_due(requested).astimezone(SAO_PAULO)
    assert (due.hour, due.minute, due.second) == (23, 59, 59)
    assert is_business_day(due.date())
    day, passed = sao_paulo_day(requested), 0
    while not is_business_day(day):
        day += timedelta(days=1)
    while day < due.date():
        day += timedelta(days=1)
        passed += is_business_day(day)
    assert passed == 5


def test_the_stage_follows_from_the_facts() -> None:
    at = datetime(2026, 11, 25, tzinfo=UTC)

    def stage(*, due: bool = False, done: bool = False, refused: bool = False, **facts: Any) -> object:
        return stage_of(
            due_at=at if due else None,
            done_at=at if done else None,
            was_refused=refused,
            paid=paid(at, **facts),
        )

    assert stage() is WithdrawalStage.RETURNING
    assert stage(refund=RefundStatus.SUCCEEDED, refunded_amount=2990) is WithdrawalStage.RETURNED
    assert stage(refund=RefundStatus.FAILED) is WithdrawalStage.ACCOUNT_NEEDED
    assert stage(refused=True) is WithdrawalStage.ACCOUNT_NEEDED
    assert stage(refused=True, due=True) is WithdrawalStage.TO_TRANSFER
    assert stage(due=True, done=True) is WithdrawalStage.TRANSFERRED


@given(st.text(max_size=3 * ACCOUNT_MAX))
def test_an_account_is_one_line_or_refused(typed: str) -> None:
    try:
        account = read_account(typed)
    except InvalidInput:
        return
    assert 5 <= len(account) <= ACCOUNT_MAX
    assert account == " ".join(account.split())
    assert "\0" not in account
    assert "\u202e" not in account
