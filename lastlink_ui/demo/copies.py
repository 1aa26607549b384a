"""Many more subscribers at the database's own pace: stories told before, with other people in them."""

# ruff: noqa: S608 - every name in the statements is our own

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, inspect, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

from lastlink_ui.demo.names import DOMAINS, MAX_HANDLE, MadeUp
from lastlink_ui.subscribers.models import (
    Entitlement,
    Fan,
    Membership,
    MembershipChange,
    Payment,
    Subscription,
)
from lastlink_ui.subscribers.normalise import fold

MOST_COPIES = 4095
"""As many as a UUIDv7 has room for in its twelve bits behind the instant."""

# A step that has no divisor in common with any block's size, so that each copy pairs other names.
_STEP = 7919


@dataclass(frozen=True, slots=True)
class _Dialect:
    """What the two databases write differently."""

    identity: Callable[[str], str]
    """The id in that column for copy `:mark`: same instant, other bits."""
    padded: Callable[[str], str]
    number: Callable[[str], str]
    mark: Callable[[int], object]


_SQLITE = _Dialect(
    identity=lambda column: f"CAST(substr({column}, 1, 6) || :mark || substr({column}, 9) AS BLOB)",
    padded=lambda number: f"printf('%07d', {number})",
    number=lambda digits: f"CAST({digits} AS INTEGER)",
    mark=lambda copy: (0x7000 | copy).to_bytes(2, "big"),
)
_POSTGRESQL = _Dialect(
    identity=lambda column: f"CAST(overlay(CAST({column} AS text) placing :mark from 15 for 4) AS uuid)",
    padded=lambda number: f"lpad(CAST({number} AS text), 7, '0')",
    number=lambda digits: f"CAST({digits} AS integer)",
    mark=lambda copy: f"{0x7000 | copy:04x}",
)


class Copies:
    """Copies of a block of subscriptions that the session has just written."""

    def __init__(self, session: AsyncSession, first: int, size: int) -> None:
        self._session = session
        self._first, self._size = first, size
        self._people = 0
        is_sqlite = session.get_bind().dialect.name == "sqlite"
        self._dialect = _SQLITE if is_sqlite else _POSTGRESQL

    async def prepare(self, people: Sequence[MadeUp]) -> None:
        """Set the block aside; `people` are its fans in the order in which they were written."""
        last = self._first + self._size - 1
        within = {"first": f"sub_demo{self._first:07}", "last": f"sub_demo{last:07}"}
        of_subscriptions = "subscription_id IN (SELECT id FROM block_subscriptions)"
        of_fans = "fan_id IN (SELECT id FROM block_fans)"
        for model, condition in (
            (Subscription, "provider_subscription_id BETWEEN :first AND :last"),
            (Fan, "id IN (SELECT fan_id FROM block_subscriptions)"),
            (Payment, of_subscriptions),
            (Entitlement, of_subscriptions),
            (Membership, of_fans),
            (MembershipChange, of_fans),
        ):
            name = _table(model).name
            await self._run(f"CREATE TEMPORARY TABLE block_{name} AS SELECT * FROM {name} LIMIT 0")
            await self._run(f"INSERT INTO block_{name} SELECT * FROM {name} WHERE {condition}", within)
        await self._run(
            "CREATE TEMPORARY TABLE block_people (n INTEGER PRIMARY KEY, handle text, first text, rest text,"
            " sort_first text, sort_rest text, last text)"
        )
        self._people = len(people)
        await self._session.execute(
            text(
                "INSERT INTO block_people VALUES (:n, :handle, :first, :rest, :sort_first, :sort_rest, :last)"
            ),
            [_parts(number, person) for number, person in enumerate(people)],
        )

    async def make(self, copy: int) -> None:
        """Write copy number `copy`, from 1 on, of the whole block."""
        own = {"id": self._dialect.identity("b.id")}
        of_fan = {"fan_id": self._dialect.identity("b.fan_id")}
        of_subscription = {"subscription_id": self._dialect.identity("b.subscription_id")}
        payment = {
            "provider_invoice_id": self._renumbered("in_demo", "b.provider_invoice_id"),
            "provider_payment_intent_id": self._renumbered("pi_demo", "b.provider_payment_intent_id"),
        }
        subscription = {
            "last_payment_id": self._dialect.identity("b.last_payment_id"),
            "provider_subscription_id": self._renumbered("sub_demo", "b.provider_subscription_id"),
        }
        await self._fans(copy, own)
        for model, changed in (
            (Subscription, own | of_fan | subscription),
            (Payment, own | of_subscription | payment),
            (Entitlement, own | of_fan | of_subscription),
            (Membership, of_fan),
            (MembershipChange, own | of_fan),
        ):
            await self._insert(model, copy, changed, f"block_{_table(model).name} b")

    async def finish(self) -> None:
        """Put the block away."""
        for model in (Subscription, Fan, Payment, Entitlement, Membership, MembershipChange):
            await self._run(f"DROP TABLE block_{_table(model).name}")
        await self._run("DROP TABLE block_people")

    async def _fans(self, copy: int, own: dict[str, str]) -> None:
        number = self._moved(self._dialect.number("substr(b.provider_customer_id, 9)"))
        # As `People` tells namesakes apart: by a number behind the profile.
        letters = f"{MAX_HANDLE - 1} - length(CAST({number} AS text))"
        handle = f"substr(p.sort_first || '.' || o.last, 1, {letters}) || '.' || {number}"
        email = f"{handle} || '@{DOMAINS[copy % len(DOMAINS)]}'"
        sort_name = "p.sort_first || ' ' || o.sort_rest"
        changed = own | {
            "name": "p.first || ' ' || o.rest",
            "handle": handle,
            "email": email,
            "sort_name": sort_name,
            "search_text": f"{sort_name} || :line || {handle} || :line || {email}",
            "provider_customer_id": self._renumbered("cus_demo", "b.provider_customer_id"),
        }
        await self._insert(
            Fan,
            copy,
            changed,
            "block_fans b JOIN block_people p ON p.handle = b.handle"
            " JOIN block_people o ON o.n = (p.n + :turn) % :people",
            {"turn": copy * _STEP, "people": self._people, "line": "\n"},
        )

    async def _insert(
        self,
        model: type[SQLModel],
        copy: int,
        changed: dict[str, str],
        source: str,
        parameters: dict[str, Any] | None = None,
    ) -> None:
        table = _table(model)
        columns = ", ".join(column.name for column in table.columns)
        values = ", ".join(changed.get(column.name, f"b.{column.name}") for column in table.columns)
        given = (parameters or {}) | {"mark": self._dialect.mark(copy), "moved": copy * self._size}
        statement = f"INSERT INTO {table.name} ({columns}) SELECT {values} FROM {source}"
        used = {name: value for name, value in given.items() if f":{name}" in statement}
        await self._run(statement, used)

    def _renumbered(self, prefix: str, column: str) -> str:
        """The provider's id in that column, whose number is so many further on; what follows it stays."""
        begin = len(prefix) + 1
        number = self._moved(self._dialect.number(f"substr({column}, {begin}, 7)"))
        return f"'{prefix}' || {self._dialect.padded(number)} || substr({column}, {begin + 7})"

    def _moved(self, number: str) -> str:
        return f"({number} + {self._dialect.number(':moved')})"

    async def _run(self, statement: str, parameters: dict[str, Any] | None = None) -> None:
        await self._session.execute(text(statement), parameters or {})


def _parts(number: int, person: MadeUp) -> dict[str, object]:
    first, _, rest = person.name.partition(" ")
    return {
        "n": number,
        "handle": person.handle,
        "first": first,
        "rest": rest,
        "sort_first": fold(first),
        "sort_rest": fold(rest),
        "last": fold(rest).split()[-1].replace("'", ""),
    }


def _table(model: type[SQLModel]) -> Table:
    return cast("Table", inspect(model).local_table)
