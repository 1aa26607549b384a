"""The history of an account: each thing under what it is about, whole, and nobody else's."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from lastlink_ui.accounts import audit
from lastlink_ui.billing.models import OperationKind, OperationStatus
from lastlink_ui.core.actor import PROVIDER, Actor, ActorKind
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.db import Database
from lastlink_ui.subscribers.audit_log import AREAS, Area, AuditFilters, AuditLine, AuditLog
from lastlink_ui.subscribers.history import Happening
from lastlink_ui.subscribers.lifecycle import Status
from lastlink_ui.text import t
from tests.support.clock import StoppedClock
from tests.support.world import World


@pytest.fixture
def log(database: Database) -> AuditLog:
    return AuditLog(database)


async def _write(
    database: Database,
    creator: CreatorId,
    action: str,
    at: datetime,
    actor: Actor = PROVIDER,
    **subject: object,
) -> None:
    async with database.unit_of_work() as uow:
        await audit.record(uow, creator, actor, action, at=at, **subject)  # pyright: ignore[reportArgumentType]


def _actions(lines: Sequence[AuditLine]) -> list[str]:
    return [line.action for line in lines]


async def test_filters_combine_and_a_page_says_whether_there_is_more(
    log: AuditLog, world: World, database: Database, clock: StoppedClock
) -> None:
    ana, other = (await world.creator()).id, (await world.creator()).id
    themselves, now = Actor(ActorKind.CREATOR, str(ana)), clock.now()
    await _write(database, ana, "session.started", now - timedelta(days=2), themselves)
    await _write(database, ana, "refund.requested", now - timedelta(days=1), themselves)
    await _write(database, ana, "refund.succeeded", now)
    await _write(database, other, "refund.requested", now)
    everything = AuditFilters()
    assert _actions((await log.newest(ana, everything)).lines) == [
        "refund.succeeded",
        "refund.requested",
        "session.started",
    ]
    money = replace(everything, area=Area.MONEY)
    assert _actions((await log.newest(ana, money)).lines) == ["refund.succeeded", "refund.requested"]
    assert _actions((await log.newest(ana, replace(money, actor=ActorKind.CREATOR))).lines) == [
        "refund.requested"
    ]
    yesterday = date(2026, 11, 21)
    assert _actions((await log.newest(ana, replace(money, first=yesterday, last=yesterday))).lines) == [
        "refund.requested"
    ]
    page = await log.newest(ana, everything, limit=2)
    assert (len(page.lines), page.has_more) == (2, True)


async def test_a_line_names_whom_it_is_about_for_as_long_as_they_have_a_name(
    log: AuditLog, world: World, database: Database, clock: StoppedClock
) -> None:
    plan = await world.plan(await world.creator())
    subscriber = await world.subscriber(plan)
    for kind, subject in (
        ("subscription", subscriber.subscription.id),
        ("fan", subscriber.fan.id),
        ("plan", plan.id),
    ):
        await _write(
            database,
            plan.creator_id,
            "refund.requested",
            clock.now(),
            subject_kind=kind,
            subject_id=subject,
        )
    lines = (await log.newest(plan.creator_id, AuditFilters())).lines
    assert [line.subject for line in lines] == [plan.name, subscriber.fan.name, subscriber.fan.name]


async def test_the_file_has_every_line_once_also_of_one_instant(
    log: AuditLog, world: World, database: Database, clock: StoppedClock
) -> None:
    creator = (await world.creator()).id
    async with database.unit_of_work() as uow:
        for _ in range(2_500):
            await audit.record(uow, creator, PROVIDER, "refund.requested", at=clock.now())
    parts = [part async for part in log.all(creator, AuditFilters())]
    assert [len(part) for part in parts] == [1_000, 1_000, 500]
    assert len({line.id for part in parts for line in part}) == 2_500


def test_everything_that_is_written_has_words_and_an_area() -> None:
    actions = {f"{kind}.{status}" for kind in OperationKind for status in OperationStatus}
    actions |= {f"subscription.{status}" for status in Status}
    actions |= {f"withdrawal.{what}" for what in (Happening.WITHDRAWN, Happening.TRANSFERRED)}
    actions |= {f"withdrawal.renewals_{choice}" for choice in ("on", "off")}
    areas = {word for words in AREAS.values() for word in words}
    for action in actions:
        assert t(f"audit.action.{action}")
        assert action.partition(".")[0] in areas


def test_an_address_says_what_the_filters_are_and_nonsense_is_left_out() -> None:
    filters = AuditFilters(Area.LIST, ActorKind.FAN, date(2026, 1, 2), date(2026, 11, 22))
    assert AuditFilters.from_query(filters.to_query()) == filters
    nonsense = {"area": "x", "quem": "", "de": "ontem", "ate": "2026-13-01"}
    assert AuditFilters.from_query(nonsense) == AuditFilters()
