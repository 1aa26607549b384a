"""An attempt counts for its own key, for as long as the window."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lastlink_ui.accounts.limits import AttemptLimit
from tests.support.clock import StoppedClock

_MINUTE = timedelta(minutes=1)


def test_the_sixth_within_a_minute_is_refused_and_other_keys_are_not() -> None:
    limit = AttemptLimit(StoppedClock(), 5, _MINUTE)
    assert [limit.take("a") for _ in range(6)] == [True] * 5 + [False]
    assert limit.take("b")


def test_an_attempt_is_given_back_when_it_is_a_minute_old() -> None:
    clock = StoppedClock()
    limit = AttemptLimit(clock, 1, _MINUTE)
    assert limit.take("a")
    clock.move(_MINUTE - timedelta(seconds=1))
    assert not limit.take("a")
    clock.move(timedelta(seconds=1))
    assert limit.take("a")


def test_forgetting_gives_all_back() -> None:
    limit = AttemptLimit(StoppedClock(), 1, _MINUTE)
    limit.take("a")
    limit.forget("a")
    assert limit.take("a")


@given(st.lists(st.integers(min_value=0, max_value=40), max_size=60))
def test_never_more_than_the_limit_in_any_window(pauses: list[int]) -> None:
    clock = StoppedClock()
    limit = AttemptLimit(clock, 5, _MINUTE)
    taken: list[datetime] = []
    for pause in pauses:
        clock.move(timedelta(seconds=pause))
        if limit.take("a"):
            taken.append(clock.now())
    for first, sixth in zip(taken, taken[5:], strict=False):
        assert sixth - first >= _MINUTE
