import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlmodel import col

from lastlink_ui.core.clock import SAO_PAULO, offsets
from lastlink_ui.core.csv_cells import neutral
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.db import Database, csv_lines
from lastlink_ui.subscribers.export import export, file_name
from lastlink_ui.subscribers.filters import Filters, SortKey
from lastlink_ui.subscribers.lifecycle import DisputeStatus, Method, PaymentStatus, RefundStatus, Status
from tests.support import plain_csv
from tests.support.clock import NOW
from tests.support.world import World

# As in any cell of a spreadsheet: neither half letters nor nulls.
cells = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    | st.sampled_from(list("=+-@\t\r\n;\",' \\\u2028\uff1d")),
    max_size=25,
)


async def content(database: Database, creator: CreatorId, filters: Filters | None = None) -> bytes:
    return b"".join([piece.content async for piece in export(database, creator, filters or Filters(), NOW)])


def rows(file: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline=""), delimiter=";"))


async def test_the_file_is_what_a_brazilian_spreadsheet_expects(database: Database, world: World) -> None:
    creator = await world.creator()
    plan = await world.plan(creator, amount=123456)
    await world.subscriber(
        plan,
        "José; da Silva",
        handle="ze.silva",
        email="ze@example.com",
        # 22 November at 23:30 in São Paulo.
        started_at=datetime(2026, 11, 23, 2, 30, tzinfo=UTC),
        cancel_at_period_end=True,
    )

    file = await content(database, creator.id)

    assert file.decode() == (
        "\N{ZERO WIDTH NO-BREAK SPACE}Nome;Perfil;E-mail;Plano;Período;Valor (R$);Forma de pagamento;"
        "Status do pagamento;Status da conta;Na lista;Assinou em;Cancelado em;Acesso até\r\n"
        '"José; da Silva";ze.silva;ze@example.com;Mensal;Mensal;1234,56;Cartão;'
        "Pago;Cancelado;Sim;22/11/2026;22/11/2026;22/12/2026\r\n"
    )


@pytest.mark.parametrize("asked_first", [csv_lines.FIRST_ROWS, 1, 3])
async def test_the_file_has_the_whole_selection_in_its_order(
    database: Database, world: World, monkeypatch: pytest.MonkeyPatch, asked_first: int
) -> None:
    monkeypatch.setattr(csv_lines, "FIRST_ROWS", asked_first)
    creator, other = await world.creator(), await world.creator()
    plan = await world.plan(creator)
    for number, name in enumerate(["Carla", "Ana", "Bruno"]):
        await world.subscriber(plan, name, started_at=NOW - timedelta(days=number))
    await world.subscriber(plan, "Davi", method=Method.BOLETO, payments=[])
    await world.subscriber(await world.plan(other), "Estranha")

    by_name = Filters().sorted_by(SortKey.NAME)
    by_access = Filters().sorted_by(SortKey.ACCESS)
    pending = Filters().with_status(Status.PAYMENT_PENDING)

    async def names(filters: Filters) -> list[str]:
        return [row[0] for row in rows(await content(database, creator.id, filters))[1:]]

    assert await names(by_name) == ["Ana", "Bruno", "Carla", "Davi"]
    assert await names(by_access) == ["Carla", "Ana", "Bruno", "Davi"]
    assert await names(pending) == ["Davi"]
    assert await names(Filters().searching("ana").page_after("x")) == ["Ana"]


async def test_the_file_is_one_look_and_stops_when_nobody_reads_on(
    database: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_lines, "ROWS_A_PIECE", 1)
    creator = await world.creator()
    plan = await world.plan(creator)
    await world.subscriber(plan, "Ana")
    # Stands behind whoever has access until some day, in a query of its own.
    await world.subscriber(plan, "Davi", payments=[])
    by_access = Filters().sorted_by(SortKey.ACCESS)

    whole = export(database, creator.id, by_access, NOW)
    read = [await anext(whole), await anext(whole)]
    await world.subscriber(plan, "Tarde", payments=[])
    read += [piece async for piece in whole]
    assert [row[0] for row in rows(b"".join(piece.content for piece in read))[1:]] == ["Ana", "Davi"]

    # Half of it, with more to come: what was held at the database is free again.
    stopped = export(database, creator.id, by_access, NOW)
    assert (await anext(stopped)).rows == 0
    assert (await anext(stopped)).rows == 1
    assert "Checked out connections: 1" in database.engine.pool.status()
    await stopped.aclose()
    assert "Checked out connections: 0" in database.engine.pool.status()
    assert len(rows(await content(database, creator.id))) == 4


async def test_nobody_else_is_in_the_file(database: Database, world: World) -> None:
    creator, other = await world.creator(), await world.creator()
    await world.subscriber(await world.plan(creator), "Ana")
    assert len(rows(await content(database, other.id))) == 1
    # The control: the owner finds her.
    assert len(rows(await content(database, creator.id))) == 2


instants = st.builds(
    datetime.__add__,
    st.integers(0, 84_000).map(lambda day: datetime(1970, 1, 2, 3, tzinfo=UTC) + timedelta(days=day)),
    # The turn of the day among them, by which a rounded second goes over to the next.
    st.timedeltas(timedelta(hours=-2), timedelta(hours=22)) | st.just(timedelta(microseconds=-1)),
)
# The plainest file is held against the fast one over everything that a row may say.
facts = st.fixed_dictionaries(
    {
        "fan": st.fixed_dictionaries({"name": cells, "handle": cells, "email": st.none() | cells}),
        "subscription": st.fixed_dictionaries(
            {
                "amount": st.integers(0, 2**31 - 1),
                "method": st.sampled_from(Method),
                "status": st.sampled_from(Status),
                "in_list": st.booleans(),
                "started_at": instants,
                "canceled_at": st.none() | instants,
                "access_until": st.none() | instants,
            }
        ),
        "payment": st.fixed_dictionaries(
            {
                "status": st.sampled_from(PaymentStatus),
                "refund_status": st.none() | st.sampled_from(RefundStatus),
                "dispute_status": st.none() | st.sampled_from(DisputeStatus),
            }
        ),
    }
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts, cells)
async def test_the_fast_file_is_the_plain_one(
    database: Database, world: World, facts: dict[str, dict[str, object]], plan_name: str
) -> None:
    creator = await world.creator()
    plan = await world.plan(creator, plan_name)
    made = await world.subscriber(plan)
    parts = {"fan": made.fan, "subscription": made.subscription, "payment": made.payments[0]}
    async with database.unit_of_work() as uow:
        for part, row in parts.items():
            same = col(type(row).id) == row.id
            await uow.session.execute(update(type(row)).where(same).values(facts[part]))
            for name, value in facts[part].items():
                setattr(row, name, value)

    file = await content(database, creator.id)

    (_, row) = rows(file)
    assert row[0] == neutral(made.fan.name)
    assert file.endswith(b"\r\n" + plain_csv.line(made, plan_name))


async def test_line_breaks_and_signs_side_by_side_are_neutral_in_the_file(
    database: Database, world: World
) -> None:
    creator = await world.creator()
    plan = await world.plan(creator)
    names = ["\r=1", "\r\r=1", "\n\r=1", " \r =1", "=\r=\n=1", "a\r=1", "\r"]
    for name in names:
        await world.subscriber(plan, name)
    written = {row[0] for row in rows(await content(database, creator.id))[1:]}
    assert written == {neutral(name) for name in names}
    assert "'\r'=1" in written


def test_the_offsets_are_those_of_the_calendar() -> None:
    assert offsets()[-1][0] == datetime(2019, 2, 17, 2, tzinfo=UTC), "summer time is back: look at the query"
    for since, offset in offsets():
        assert since.astimezone(SAO_PAULO).utcoffset() == offset
        assert (since - timedelta(seconds=1)).astimezone(
            SAO_PAULO
        ).utcoffset() != offset or since.year == 1900


@given(cells)
def test_no_line_of_a_cell_begins_a_formula(cell: str) -> None:
    safe = neutral(cell)
    for line in re.split(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]", safe):
        assert not line.lstrip(" \u00a0").startswith(
            ("=", "+", "-", "@", "\t", "\uff1d", "\uff0b", "\uff0d", "\uff20")
        )
    assert not safe.startswith("\r")
    assert neutral(safe) == safe
    assert safe.replace("'", "") == cell.replace("'", "")


def test_the_file_is_named_after_the_profile_and_the_day_in_sao_paulo() -> None:
    late = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    assert file_name("anademo", late) == "assinantes-anademo-2026-11-22.csv"
