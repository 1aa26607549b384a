"""What creators show of themselves: kept, bounded, and at an address that passes for nobody else's."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastlink_ui.accounts.face import FaceDraft, InvalidFace, PublicFace
from lastlink_ui.accounts.models import AuditEntry, Creator
from lastlink_ui.core.actor import Actor, ActorKind
from lastlink_ui.core.handles import InvalidHandle, shape
from lastlink_ui.db import Database
from lastlink_ui.live import MemoryFeed
from lastlink_ui.plans.service import Plans
from tests.support.clock import StoppedClock
from tests.support.rows import rows
from tests.support.world import World


def _by(creator: Creator) -> Actor:
    return Actor(ActorKind.CREATOR, str(creator.id))


@pytest.fixture
def face(database: Database, clock: StoppedClock) -> PublicFace:
    return PublicFace(database, clock, MemoryFeed())


@pytest.fixture
async def ana(world: World) -> Creator:
    return await world.creator(handle="anademo")


@given(st.from_regex(r"[a-z0-9._]{3,30}", fullmatch=True))
def test_a_shape_is_its_own_shape(handle: str) -> None:
    assert shape(shape(handle)) == shape(handle)


@pytest.mark.parametrize("other", ["ana_demo", "ana.demo", "anadem0", "a.n.a.demo", "anaderno"])
def test_what_looks_the_same_has_the_same_shape(other: str) -> None:
    assert shape(other) == shape("anademo")


async def test_name_text_and_colour_are_shown(face: PublicFace, ana: Creator, database: Database) -> None:
    await face.edit(ana.id, FaceDraft("  Ana \u202e Nova ", "Um\r\ndois 🙂", "#FFE14D"), _by(ana))
    shown = await face.of(ana.id)
    assert (shown.name, shown.about, shown.accent) == ("Ana Nova", "Um\ndois 🙂", "#ffe14d")
    assert [entry.action for entry in await rows(database, AuditEntry)][-1] == "page.edited"


async def test_each_field_that_cannot_be_used_is_named_and_nothing_is_kept(
    face: PublicFace, ana: Creator
) -> None:
    with pytest.raises(InvalidFace) as refused:
        await face.edit(ana.id, FaceDraft("", "x" * 501, "red"), _by(ana))
    assert set(refused.value.errors) == {"name", "about", "accent"}
    assert (await face.of(ana.id)).name == ana.name


async def test_a_page_moves_and_its_old_address_leads_to_it(
    face: PublicFace, ana: Creator, database: Database, clock: StoppedClock
) -> None:
    assert await face.rename(ana.id, " @Ana.Nova ", _by(ana)) == "ana.nova"
    assert await face.moved_to("anademo") == "ana.nova"
    plans = Plans(database, clock, MemoryFeed())
    assert await plans.public("anademo") is None
    page = await plans.public("ana.nova")
    assert page
    assert page.handle == "ana.nova"
    # And back: the address leads nowhere else then.
    await face.rename(ana.id, "anademo", _by(ana))
    assert await face.moved_to("anademo") is None
    assert await face.moved_to("ana.nova") == "anademo"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("bia", "handle.taken"),
        ("bia.antiga", "handle.taken"),
        ("b.i.a", "handle.confusable"),
        ("bla", "handle.confusable"),
        ("b1a_antiga", "handle.confusable"),
        ("l1sta", "handle.confusable"),
        ("assinantes", "handle.reserved"),
        ("foto.png", "handle.file_ending"),
        ("ab", "handle.length"),
        ("a..b", "handle.dots"),
        ("joão", "handle.characters"),
    ],
)
async def test_an_address_that_is_not_free_is_refused(
    face: PublicFace, ana: Creator, world: World, typed: str, why: str
) -> None:
    bia = await world.creator(handle="bia.antiga")
    await face.rename(bia.id, "bia", _by(bia))
    with pytest.raises(InvalidHandle, match=why.replace(".", r"\.")):
        await face.rename(ana.id, typed, _by(ana))
    assert (await face.of(ana.id)).handle == "anademo"


async def test_two_who_want_the_same_address_at_once(face: PublicFace, ana: Creator, world: World) -> None:
    bia = await world.creator(handle="biademo")
    done = await asyncio.gather(
        *(face.rename(each.id, "novidade", _by(each)) for each in (ana, bia)), return_exceptions=True
    )
    assert sum(isinstance(each, InvalidHandle) for each in done) == 1
    assert done.count("novidade") == 1


async def test_a_picture_replaces_the_one_before(face: PublicFace, ana: Creator) -> None:
    first = await face.show_picture(ana.id, b"one", _by(ana))
    second = await face.show_picture(ana.id, b"two", _by(ana))
    assert (await face.of(ana.id)).picture == second
    assert await face.picture(second) == b"two"
    assert await face.picture(first) is None
    await face.remove_picture(ana.id, _by(ana))
    assert (await face.of(ana.id)).picture == ""
    assert await face.picture(second) is None
