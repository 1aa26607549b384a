"""Measures what the program does beside the limit in the same run: `lastlink bench`.

Each bench is a module with a `measure`: it is given a database that holds so many subscribers of one creator,
and answers with a `Result`. What is slow must be slow here too, so nothing is mocked and nothing is skipped.
"""

from collections.abc import Awaitable, Callable, Mapping

from lastlink_ui.bench import counts, exports, lives, pages, public_pages, screens, searches, webhooks
from lastlink_ui.bench.ground import Ground, Grounds
from lastlink_ui.bench.result import Line, Result, Times

Bench = Callable[[Ground], Awaitable[Result]]

BENCHES: Mapping[str, Bench] = {
    "list": pages.measure,
    "search": searches.measure,
    "counts": counts.measure,
    "export": exports.measure,
    "live": lives.measure,
    "page": public_pages.measure,
    "screen": screens.measure,
    "webhooks": webhooks.measure,
}

__all__ = ["BENCHES", "Bench", "Ground", "Grounds", "Line", "Result", "Times"]
