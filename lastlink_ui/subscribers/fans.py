"""Finds and makes fans: one for each e-mail address, or profile without one, of a creator."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from lastlink_ui.core.ids import CreatorId
from lastlink_ui.db import UnitOfWork
from lastlink_ui.subscribers.models import Fan
from lastlink_ui.subscribers.normalise import search_text, sort_name


@dataclass(frozen=True, slots=True)
class Person:
    """How a fan introduces themselves: normalised e-mail and handle, the name as typed."""

    name: str
    handle: str
    email: str | None = None
    tax_id: str | None = None
    """Normalised CPF or CNPJ, where the way to pay needed it."""


async def find_or_make(uow: UnitOfWork, creator: CreatorId, person: Person, now: datetime) -> Fan:
    """The creator's fan with that e-mail, else the one known by that profile alone, else a new one.

    What the person says of themselves now replaces name and handle. The fan is locked. One whose data was
    deleted is nobody's any more: the same person coming back is a new fan.
    Raises: IntegrityError when somebody else makes the same fan at the same moment.
    """
    mine = select(Fan).where(col(Fan.creator_id) == creator, col(Fan.erased_at).is_(None)).with_for_update()
    fan = None
    if person.email:
        fan = (await uow.session.scalars(mine.where(col(Fan.email) == person.email))).one_or_none()
    if fan is None:
        by_profile = mine.where(col(Fan.handle) == person.handle)
        if person.email:
            # Whoever was added by profile alone and now pays is the same person; another payer is not.
            by_profile = by_profile.where(col(Fan.email).is_(None))
        fan = (await uow.session.scalars(by_profile.order_by(col(Fan.created_at)))).first()
    if fan is None:
        fan = Fan(
            creator_id=creator,
            name=person.name,
            handle=person.handle,
            sort_name="",
            search_text="",
            created_at=now,
        )
    introduce(fan, person)
    uow.session.add(fan)
    await uow.session.flush()
    return fan


def introduce(fan: Fan, person: Person) -> None:
    """Write down how the fan is called now, and what sorting and searching need of it."""
    fan.email = person.email or fan.email
    fan.tax_id = person.tax_id or fan.tax_id
    fan.name, fan.handle = person.name, person.handle
    fan.sort_name = sort_name(person.name)
    fan.search_text = search_text(fan.name, fan.handle, fan.email)
