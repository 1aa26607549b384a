"""Days, months and banking days."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastlink_ui.core.business_days import add_business_days, is_business_day, next_business_day
from lastlink_ui.core.clock import FollowingClock, day_end, day_start, sao_paulo_day
from lastlink_ui.core.period import Period, add_months
from tests.support.clock import StoppedClock

NOON = datetime(2026, 11, 22, 15, tzinfo=UTC)
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def test_a_month_after_the_31st_is_the_last_day() -> None:
    assert add_months(datetime(2026, 1, 31, 12, tzinfo=UTC), 1) == datetime(2026, 2, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("period", "months"), [("monthly", 1), ("quarterly", 3), ("semiannual", 6), ("annual", 12)]
)
def test_periods_have_their_length(period: str, months: int) -> None:
    assert Period(period).months == months


def test_a_following_clock_runs_as_far_ahead_as_its_file_says(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    clock = FollowingClock(StoppedClock(NOON), file)
    assert clock.now() == NOON
    file.write_text("86400")
    assert clock.now() == NOON + timedelta(days=1)


@given(DAYS)
def test_a_day_in_sao_paulo_starts_and_ends_in_itself(day: date) -> None:
    assert sao_paulo_day(day_start(day)) == day
    assert sao_paulo_day(day_end(day) - timedelta(microseconds=1)) == day
    assert sao_paulo_day(day_end(day)) == day + timedelta(days=1)


@pytest.mark.parametrize(
    "closed",
    [date(2026, 11, 21), date(2026, 11, 22), date(2026, 12, 25), date(2026, 2, 17), date(2026, 6, 4)],
)
def test_banks_are_closed_at_weekends_holidays_carnival_and_corpus_christi(closed: date) -> None:
    assert not is_business_day(closed)


@given(DAYS, st.integers(0, 10))
def test_counting_business_days_ends_on_one(day: date, count: int) -> None:
    end = add_business_days(day, count)
    assert is_business_day(end)
    between = (next_business_day(day) + timedelta(days=n) for n in range((end - next_business_day(day)).days))
    assert sum(is_business_day(each) for each in between) == count
