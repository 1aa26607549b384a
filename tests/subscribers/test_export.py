import csv
import io
import re
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lastlink_ui.core.ids import CreatorId
from lastlink_ui.db import Database
from lastlink_ui.subscribers.export import export, file_name, neutral
from lastlink_ui.subscribers.filters import Filters, SortKey
from lastlink_ui.subscribers.lifecycle import Method, Status
from tests.support.clock import NOW
from tests.support.world import World

# As in any cell of a spreadsheet: neither half letters nor nulls.
cells = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    | st.sampled_from(list("=+-@\t\r\n;\",' \u2028\uff1d"))
)


async def content(database: Database, creator: CreatorId, filters: Filters | None = None) -> bytes:
    return b"".join([piece async for piece in export(database, creator, filters or Filters(), NOW)])


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


async def test_the_file_has_the_whole_selection_in_its_order(database: Database, world: World) -> None:
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


async def test_nobody_else_is_in_the_file(database: Database, world: World) -> None:
    creator, other = await world.creator(), await world.creator()
    await world.subscriber(await world.plan(creator), "Ana")
    assert len(rows(await content(database, other.id))) == 1
    # The control: the owner finds her.
    assert len(rows(await content(database, creator.id))) == 2


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells)
@example("=1+1")
@example('a;"b"\r\n=cmd')
async def test_any_name_comes_back_as_it_was(database: Database, world: World, name: str) -> None:
    creator = await world.creator()
    await world.subscriber(await world.plan(creator), name)
    (_, row) = rows(await content(database, creator.id))
    assert row[0] == neutral(name)


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
