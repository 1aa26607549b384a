"""`lastlink reconcile`: brings everything here to what it is at the provider, and says what it repaired."""

import asyncio
from collections.abc import Iterator

from lastlink_ui.billing.reconcile import Report
from lastlink_ui.commands.console import CommandError, out, working
from lastlink_ui.settings import Settings
from lastlink_ui.wiring import build


def reconcile(settings: Settings) -> None:
    """Read all of it and print what was repaired. Raises: CommandError when some of it could not be."""
    report = asyncio.run(_reconcile(settings))
    for sentence in sentences_of(report):
        out.print(sentence, soft_wrap=True)
    if report.failures:
        raise CommandError(f"not everything could be repaired: {'; '.join(report.failures)}")


async def _reconcile(settings: Settings) -> Report:
    services = build(settings)
    try:
        with working("Reading the provider") as progress:
            return await services.reconciler.run(
                whole=True, progress=lambda _what, done: progress(done, None)
            )
    finally:
        await services.database.dispose()


def sentences_of(report: Report) -> Iterator[str]:
    """What was read, then a line for each repair; ids alone, nothing personal."""
    yield (
        f"Read {_count(report.events, 'event')}, {report.missed} of which had not been acted on, "
        f"and compared {_count(report.compared, 'object')}."
    )
    for repair in report.repairs:
        if repair.before is None:
            yield f"Subscription {repair.subscription_id} was not known here: it is {repair.after.value}."
        elif repair.before is repair.after:
            yield f"Subscription {repair.subscription_id} stays {repair.after.value}; its details differed."
        else:
            yield (
                f"Subscription {repair.subscription_id} was {repair.before.value} here: "
                f"it is {repair.after.value}."
            )
    if not report.repairs and not report.failures:
        yield "Everything was as it is at the provider."


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
