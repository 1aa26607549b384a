"""Links that let a fan in and browsers that are in: hashes and ids alone."""

from datetime import datetime

from sqlmodel import Field

from lastlink_ui.core.ids import FanId, FanLinkId, FanSessionId
from lastlink_ui.db.base import Table, instant, primary_id, reference


class FanLink(Table, table=True):
    """A link that lets in the owner of an address once. Its token is derived from its id; see access.py."""

    __tablename__ = "fan_links"

    id: FanLinkId = primary_id()
    fan_id: FanId = reference("fans.id", index=True)
    """Any fan with the address: of the same person at several creators, the one known longest."""
    token_hash: str = Field(unique=True, max_length=64)
    created_at: datetime = instant()
    expires_at: datetime = instant()
    used_at: datetime | None = instant(default=None)


class FanSession(Table, table=True):
    """One browser in which somebody proved to own an address. Only the hash of its token is here."""

    __tablename__ = "fan_sessions"

    id: FanSessionId = primary_id()
    fan_id: FanId = reference("fans.id", index=True)
    email_hash: str = Field(max_length=64)
    """Of the address that was proved: should the fan's become another one, the session proves nothing."""
    token_hash: str = Field(unique=True, max_length=64)
    created_at: datetime = instant()
    last_seen_at: datetime = instant()
    expires_at: datetime = instant()
    revoked_at: datetime | None = instant(default=None)
