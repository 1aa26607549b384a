"""A second step at sign-in: a code of an app (TOTP, RFC 6238), or one of those kept for the app's loss."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
import structlog
from pyotp.exceptions import OTPVerificationError
from pyotp.totp import TOTP
from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from lastlink_ui.accounts import audit, links, sessions
from lastlink_ui.accounts.limits import AttemptLimit
from lastlink_ui.accounts.models import Creator, LinkPurpose, RecoveryCode, SecondStepRow
from lastlink_ui.accounts.opening import normalized_email
from lastlink_ui.accounts.present_password import PresentPassword
from lastlink_ui.accounts.sessions import SignedInCreator, token_hash
from lastlink_ui.core.actor import SYSTEM, Actor, ActorKind
from lastlink_ui.core.clock import Clock
from lastlink_ui.core.errors import InvalidInput, NotFound
from lastlink_ui.core.ids import CreatorId
from lastlink_ui.core.sealing import CannotOpen, Vault
from lastlink_ui.db import Database, UnitOfWork

log = structlog.get_logger()

ISSUER = "Lastlink"
CODES = 10
# The app's clock may be half a minute off: https://www.rfc-editor.org/rfc/rfc6238#section-6
_STEPS_OFF = 1
_CODE_BYTES, _CODE_GROUP = 10, 4
_TRIES, _TRIES_WINDOW = 5, timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Setup:
    """What an app is to be told, by picture or by hand."""

    secret: str
    """Base32."""
    uri: str


class SecondStep:
    """Turned on and off with the password; asked for after it at every sign-in."""

    def __init__(
        self, database: Database, clock: Clock, vault: Vault, present_password: PresentPassword
    ) -> None:
        """`clock`: this machine's, which apps go by."""
        self._database = database
        self._clock = clock
        self._vault = vault
        self._present_password = present_password
        # Only whoever knows the password gets here: nobody else can use a creator's tries up.
        self._tries = AttemptLimit(clock, _TRIES, _TRIES_WINDOW)

    async def codes_left(self, creator: CreatorId) -> int | None:
        """How many recovery codes have not been used; None where the second step is off."""
        async with self._database.reading() as session:
            if not await is_on(session, creator):
                return None
            left = await session.scalar(
                select(func.count())
                .select_from(RecoveryCode)
                .where(col(RecoveryCode.creator_id) == creator, col(RecoveryCode.used_at).is_(None))
            )
        return left or 0

    async def begin(self, signed_in: SignedInCreator, password: str) -> Setup:
        """A new secret for the creator's app; nothing is asked for before `confirm`. Raises: InvalidInput."""
        await self._present_password.require(signed_in, password)
        secret, creator = pyotp.random_base32(), signed_in.creator_id
        async with self._database.unit_of_work() as uow:
            row = await uow.session.get(SecondStepRow, creator, with_for_update=True)
            if row and row.confirmed_at:
                raise InvalidInput("second_step.already_on")
            row = row or SecondStepRow(creator_id=creator, secret="")
            row.secret = self._vault.seal(secret, creator)
            uow.session.add(row)
        return _setup(secret, signed_in.email)

    async def setup(self, signed_in: SignedInCreator) -> Setup | None:
        """What `begin` made and nobody confirmed yet, to be shown again."""
        async with self._database.reading() as session:
            row = await session.get(SecondStepRow, signed_in.creator_id)
        if row is None or row.confirmed_at:
            return None
        try:
            return _setup(self._vault.open(row.secret, row.creator_id), signed_in.email)
        except CannotOpen:
            return None  # it is begun anew

    async def confirm(self, signed_in: SignedInCreator, typed: str) -> Sequence[str]:
        """Turn it on: the app shows the right code. Returns the recovery codes, which are nowhere else.

        Raises: InvalidInput.
        """
        creator, now = signed_in.creator_id, self._clock.now()
        if not self._tries.take(creator):
            raise InvalidInput("second_step.too_many")
        async with self._database.unit_of_work() as uow:
            row = await uow.session.get(SecondStepRow, creator, with_for_update=True)
            if row is None or row.confirmed_at or not self._is_code(row, typed, now):
                raise InvalidInput("second_step.wrong")
            row.confirmed_at = now
            codes = await _new_codes(uow, creator)
            await _record(uow, creator, _themselves(creator), "second_step.turned_on", now)
        self._tries.forget(creator)
        return codes

    async def renew_codes(self, signed_in: SignedInCreator, password: str) -> Sequence[str]:
        """Other recovery codes; the former ones no longer count. Raises: InvalidInput, NotFound when off."""
        await self._present_password.require(signed_in, password)
        creator = signed_in.creator_id
        async with self._database.unit_of_work() as uow:
            if not await is_on(uow.session, creator):
                raise NotFound
            codes = await _new_codes(uow, creator)
            await _record(uow, creator, _themselves(creator), "second_step.codes_renewed", self._clock.now())
        return codes

    async def turn_off(self, signed_in: SignedInCreator, password: str) -> None:
        """The password alone lets in again. Raises: InvalidInput."""
        await self._present_password.require(signed_in, password)
        creator = signed_in.creator_id
        async with self._database.unit_of_work() as uow:
            await _forget(uow, creator, _themselves(creator), self._clock.now())

    async def turn_off_for(self, email: str) -> None:
        """The same, by the operator, for a creator who lost app and codes. Raises: NotFound."""
        async with self._database.unit_of_work() as uow:
            creator = await uow.session.scalar(
                select(col(Creator.id)).where(col(Creator.email) == normalized_email(email))
            )
            if creator is None:
                raise NotFound("account.nobody")
            await _forget(uow, creator, SYSTEM, self._clock.now())

    async def sign_in(self, ticket: str, typed: str, user_agent: str) -> str:
        """Finish a sign-in whose password was right: the token of a new session.

        Raises: LinkUnusable when the ticket is over, InvalidInput when the code is wrong or was used.
        """
        now = self._clock.now()
        async with self._database.reading() as session:
            link = await links.look(session, LinkPurpose.SIGN_IN, ticket, now)
        creator = link.creator_id
        if creator is None:
            raise links.LinkUnusable
        if not self._tries.take(creator):
            raise InvalidInput("second_step.too_many")
        async with self._database.unit_of_work() as uow:
            if not await self._passes(uow, creator, typed, now):
                raise InvalidInput("second_step.wrong")
            await links.use(uow, LinkPurpose.SIGN_IN, ticket, now)
            token, session_id = sessions.start(uow, creator, user_agent, now)
            await audit.record(
                uow,
                creator,
                _themselves(creator),
                "session.started",
                at=now,
                subject_kind="session",
                subject_id=session_id,
            )
        self._tries.forget(creator)
        return token

    async def reseal(self) -> None:
        """Seal under the present secret what former ones sealed, so that those may be forgotten."""
        async with self._database.unit_of_work() as uow:
            for row in (await uow.session.scalars(select(SecondStepRow))).all():
                if self._vault.is_current(row.secret, row.creator_id):
                    continue
                try:
                    secret = self._vault.open(row.secret, row.creator_id)
                except CannotOpen:
                    log.warning("second_step_unreadable", creator_id=str(row.creator_id))
                    continue
                row.secret = self._vault.seal(secret, row.creator_id)

    async def _passes(self, uow: UnitOfWork, creator: CreatorId, typed: str, now: datetime) -> bool:
        """Use the code up, where it is one."""
        row = await uow.session.get(SecondStepRow, creator, with_for_update=True)
        if row is None or row.confirmed_at is None:
            return False
        if self._is_code(row, typed, now):
            return True
        used = await uow.session.scalars(
            update(RecoveryCode)
            .where(
                col(RecoveryCode.creator_id) == creator,
                col(RecoveryCode.code_hash) == _hash(typed),
                col(RecoveryCode.used_at).is_(None),
            )
            .values(used_at=now)
            .returning(col(RecoveryCode.id))
        )
        return used.one_or_none() is not None

    def _is_code(self, row: SecondStepRow, typed: str, now: datetime) -> bool:
        """Whether the app shows it, and it was not used before; from then on it was."""
        try:
            secret = self._vault.open(row.secret, row.creator_id)
            step = TOTP(secret).verify_and_get_timecode(
                "".join(typed.split()), for_time=now, valid_window=_STEPS_OFF
            )
        except (OTPVerificationError, CannotOpen):  # recovery codes open what a lost secret does not
            return False
        if step <= row.last_step:
            return False
        row.last_step = step
        return True


async def is_on(session: AsyncSession, creator: CreatorId) -> bool:
    """Whether the creator's password alone does not let in."""
    found = await session.scalar(
        select(col(SecondStepRow.creator_id)).where(
            col(SecondStepRow.creator_id) == creator, col(SecondStepRow.confirmed_at).is_not(None)
        )
    )
    return found is not None


async def _new_codes(uow: UnitOfWork, creator: CreatorId) -> Sequence[str]:
    await uow.session.execute(delete(RecoveryCode).where(col(RecoveryCode.creator_id) == creator))
    codes = [_new_code() for _ in range(CODES)]
    uow.session.add_all(RecoveryCode(creator_id=creator, code_hash=_hash(code)) for code in codes)
    return codes


async def _forget(uow: UnitOfWork, creator: CreatorId, actor: Actor, now: datetime) -> None:
    await uow.session.execute(delete(RecoveryCode).where(col(RecoveryCode.creator_id) == creator))
    found = await uow.session.scalars(
        delete(SecondStepRow)
        .where(col(SecondStepRow.creator_id) == creator)
        .returning(col(SecondStepRow.creator_id))
    )
    if found.one_or_none():
        await _record(uow, creator, actor, "second_step.turned_off", now)


async def _record(uow: UnitOfWork, creator: CreatorId, actor: Actor, action: str, now: datetime) -> None:
    await audit.record(uow, creator, actor, action, at=now, subject_kind="creator", subject_id=creator)


def _themselves(creator: CreatorId) -> Actor:
    return Actor(ActorKind.CREATOR, str(creator))


def _setup(secret: str, email: str) -> Setup:
    return Setup(secret, TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER))


def _new_code() -> str:
    """80 random bits: a plain hash of them cannot be guessed back."""
    letters = base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode().lower()
    return "-".join(letters[at : at + _CODE_GROUP] for at in range(0, len(letters), _CODE_GROUP))


def _hash(typed: str) -> str:
    """However it was typed: in capitals, with spaces or without the dashes."""
    return token_hash("".join(filter(str.isalnum, typed.lower())))
