import csv
import io
import itertools
import random
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastlink_ui.core.actor import SYSTEM, ActorKind
from lastlink_ui.core.clock import Clock, day_end, day_start
from lastlink_ui.core.errors import NotFound
from lastlink_ui.core.ids import SubscriptionId
from lastlink_ui.db import Database
from lastlink_ui.subscribers import past_export
from lastlink_ui.subscribers.models import MembershipChange, MembershipReason
from lastlink_ui.subscribers.past import Change, DayInList, on_day
from lastlink_ui.subscribers.past_export import export_past
from lastlink_ui.subscribers.queries import Subscribers
from tests.support.world import World

DAY = date(2026, 3, 10)
HOURS = 3 * 24
FIRST = day_start(DAY - timedelta(days=1))
_made = itertools.count(1)
Steps = list[tuple[int, bool]]
# Changes at full hours of three days, many of them at one hour.
steps = st.lists(st.tuples(st.integers(-2, HOURS + 2), st.booleans()), max_size=8)


def changes(steps: Steps) -> list[Change]:
    return [
        Change(
            FIRST + timedelta(hours=hour),
            UUID(int=next(_made)),
            in_list,
            MembershipReason.PAID if in_list else MembershipReason.PERIOD_ENDED,
            ActorKind.SYSTEM,
        )
        for hour, in_list in steps
    ]


def in_list_at(moment: datetime, history: list[Change]) -> bool:
    """The plainest way to know: the last thing that happened until then."""
    before = [change for change in history if change.at <= moment]
    return bool(before) and max(before, key=lambda change: (change.at, change.id)).in_list


@given(steps, st.randoms())
def test_a_day_is_what_its_hours_are(steps: Steps, chance: random.Random) -> None:
    history = changes(steps)
    hours = [day_start(DAY) + timedelta(hours=hour) for hour in range(24)]
    expected = any(in_list_at(hour, history) for hour in hours)
    shuffled = list(history)
    chance.shuffle(shuffled)

    answer = on_day(shuffled, DAY)

    assert answer.had_access is expected
    if answer.stay is None:
        assert not any(change.in_list and change.at < day_end(DAY) for change in history)
    else:
        assert answer.stay.entered.in_list
        assert answer.stay.entered.at < day_end(DAY)
        assert answer.stay.left is None or not answer.stay.left.in_list


def test_the_day_begins_and_ends_in_sao_paulo() -> None:
    # In at 23:00 of the day before, out at 00:00: the day itself saw nothing of it.
    assert not on_day(changes([(23, True), (24, False)]), DAY).had_access
    assert on_day(changes([(23, True), (24, False)]), DAY - timedelta(days=1)).had_access
    assert on_day(changes([(47, True)]), DAY).had_access
    assert not on_day(changes([(48, True)]), DAY).had_access
    assert on_day([], DAY) == DayInList(had_access=False, stay=None)


async def test_the_whole_list_of_a_day_is_what_each_fans_history_says(
    database: Database, world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Parts of a file so small that a fan's changes lie in two of them.
    monkeypatch.setattr(past_export, "_ROWS_A_PIECE", 2)
    creator, other = await world.creator(), await world.creator()
    plan = await world.plan(creator)
    chance = random.Random(5)  # noqa: S311 - made to repeat
    expected: list[str] = []
    subscribers = Subscribers(database, clock)
    for number in range(12):
        history = changes([(chance.randint(-2, HOURS), chance.random() < 0.6) for _ in range(number % 5)])
        name = f"={number:02}"
        made = await world.subscriber(plan, name, payments=[])
        await _write(database, creator.id, made.fan.id, history)
        if on_day(history, DAY).had_access:
            expected.append(f"'{name}")
        # Asked for by the drawer it is the same.
        asked = await subscribers.on_day(creator.id, SubscriptionId(made.subscription.id), DAY)
        assert asked == on_day(history, DAY)
        with pytest.raises(NotFound):
            await subscribers.on_day(other.id, SubscriptionId(made.subscription.id), DAY)

    file = b"".join([piece.content async for piece in export_past(database, creator.id, DAY)])

    header, *lines = csv.reader(io.StringIO(file.decode("utf-8-sig"), newline=""), delimiter=";")
    assert header == ["Nome", "Perfil", "E-mail", "Na lista desde", "Entrou por", "Saiu em", "Saiu por"]
    assert expected
    assert [line[0] for line in lines] == expected
    assert all(line[4] == "pagamento confirmado" for line in lines)
    of_other = b"".join([piece.content async for piece in export_past(database, other.id, DAY)])
    assert of_other.count(b"\r\n") == 1


async def _write(database: Database, creator: UUID, fan: UUID, history: list[Change]) -> None:
    async with database.unit_of_work() as uow:
        for change in history:
            uow.session.add(
                MembershipChange(
                    id=change.id,
                    creator_id=creator,  # pyright: ignore[reportArgumentType]
                    fan_id=fan,  # pyright: ignore[reportArgumentType]
                    at=change.at,
                    in_list=change.in_list,
                    reason=change.reason,
                    actor_kind=SYSTEM.kind,
                )
            )
            await uow.session.flush()
