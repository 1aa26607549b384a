"""Each bench measures a small database of each kind; the figures themselves are not what is tested."""

from pathlib import Path

import pytest

from lastlink_ui.bench import BENCHES, Grounds, Line, Result, Times
from lastlink_ui.bench.ground import TooManySubscribers

FIGURES = {"ours_ms", "limit_ms", "ratio", "p95_ms", "target", "met"}
SIZE = 120


def grounds(folder: Path, database_kind: str, database_url: str) -> Grounds:
    return Grounds(folder / "bench", "" if database_kind == "sqlite" else database_url, effort=0.01)


async def test_benches_measure_and_seed_once(tmp_path: Path, database_kind: str, database_url: str) -> None:
    ground = grounds(tmp_path, database_kind, database_url)
    seeded: list[int] = []
    for name in ("list", "search", "counts", "export"):
        async with ground.with_subscribers(SIZE, lambda done, _: seeded.append(done)) as place:
            assert place.database.lower() == database_kind
            result = await BENCHES[name](place)
        written = result.as_json()
        assert written.keys() >= FIGURES
        assert all(
            line.keys() >= FIGURES and line["ours_ms"] > 0 < line["limit_ms"]
            for line in written["lines"]
            if line["unit"] == "ms"
        )
    assert seeded == [SIZE]


async def test_dashboards_of_a_running_program_are_measured(tmp_path: Path) -> None:
    async with Grounds(tmp_path, effort=0.02).with_subscribers(SIZE, lambda _done, _total: None) as place:
        shown, updates = (await BENCHES["live"](place)).lines
    assert shown.what == "a change, in 6 dashboards"
    assert shown.p95_ms >= shown.ours_ms > 0 < shown.limit_ms
    assert 0 < updates.ours_ms <= updates.p95_ms


async def test_what_a_browser_shows_is_measured(tmp_path: Path) -> None:
    async with Grounds(tmp_path, effort=0.01).with_subscribers(SIZE, lambda _done, _total: None) as place:
        lines = (await BENCHES["screen"](place)).lines
    assert [line.what for line in lines] == ["a filter is chosen", "a search is typed"]
    assert all(line.p95_ms >= line.ours_ms > 0 < line.limit_ms for line in lines)


async def test_a_database_with_more_subscribers_is_refused_and_one_with_less_is_filled(
    tmp_path: Path, database_url: str
) -> None:
    ground = Grounds(tmp_path, database_url)
    for size in (20, 30):
        async with ground.with_subscribers(size, lambda _done, _total: None):
            pass
    with pytest.raises(TooManySubscribers, match="30"):
        async with ground.with_subscribers(20, lambda _done, _total: None):
            pass


def test_a_missed_target_is_said() -> None:
    ours, limit = Times((1.0, 2.0, 30.0)), Times((1.0,))
    assert Line.within("x", ours, limit, 40).met
    missed = Line.within("x", ours, limit, 20)
    assert (missed.ours_ms, missed.p95_ms, missed.ratio, missed.met) == (2.0, 30.0, 2.0, False)
    assert not Result((Line.within("y", ours, limit, 40), missed)).met
