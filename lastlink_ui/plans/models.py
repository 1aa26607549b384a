"""The tables of plans and of what is being written."""

from datetime import datetime

from sqlalchemy import Index, Text, text
from sqlmodel import Field

from lastlink_ui.core.ids import CreatorId, PlanId
from lastlink_ui.core.money import CURRENCY
from lastlink_ui.core.period import Period
from lastlink_ui.db.base import Table, instant, primary_id, reference
from lastlink_ui.db.types import code_of


class Plan(Table, table=True):
    """A name, a price in centavos and a billing period; always recurring."""

    __tablename__ = "plans"
    __table_args__ = (
        Index(None, "creator_id", "position"),
        Index(
            None,
            "catalogue_due_at",
            sqlite_where=text("catalogue_due_at IS NOT NULL"),
            postgresql_where=text("catalogue_due_at IS NOT NULL"),
        ),
    )

    id: PlanId = primary_id()
    creator_id: CreatorId = reference("creators.id")
    name: str = Field(max_length=60)
    description: str = Field(default="", max_length=200)
    benefits: str = Field(default="", sa_type=Text)
    """What is in it, a line each."""
    amount: int
    """What new subscribers pay, in centavos."""
    currency: str = Field(default=CURRENCY, max_length=3)
    period: Period = Field(sa_type=code_of(Period))  # pyright: ignore[reportArgumentType]
    access_text: str = Field(default="", max_length=1000)
    """How the fan gets the content, shown after paying."""
    access_link: str = Field(default="", max_length=500)
    position: int = 0
    highlighted: bool = False
    created_at: datetime = instant()
    archived_at: datetime | None = instant(default=None)
    provider_product_id: str | None = Field(default=None, max_length=64)
    provider_price_id: str | None = Field(default=None, max_length=64)
    """The provider's price of exactly this amount and period; emptied when either changes."""
    catalogue_due_at: datetime | None = instant(default=None)
    """When to bring the provider's product and price in step; nothing is to be done while empty."""


class PlanDraftRow(Table, table=True):
    """What a creator typed into the editor and has not published."""

    __tablename__ = "plan_drafts"

    creator_id: CreatorId = reference("creators.id", primary_key=True)
    plan: str = Field(max_length=36, primary_key=True)
    """The id of the plan that it changes; empty for a new one."""
    fields: str = Field(sa_type=Text)
    """A JSON object, each field as it was typed."""
    saved_at: datetime = instant()
