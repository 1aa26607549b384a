"""Every setting of the program, typed, read from the environment (`LASTLINK_…`) and refused when unsafe."""

import re
from enum import StrEnum
from functools import cache
from ipaddress import ip_network
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SANDBOX_KEY = "sk_test_sandbox"
STRIPE_API = "https://api.stripe.com"
_DEVELOPMENT_SECRET_KEY = "development-only-not-a-secret"  # noqa: S105 - refused outside development
# One exact address: websockets and forms are taken from its pages alone.
_ORIGIN = re.compile(r"https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?/?", re.ASCII)
_SECRET_LENGTH, _SECRET_VARIETY = 32, 10


class Environment(StrEnum):
    """Where the program runs: development has embedded defaults, production refuses them."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class Settings(BaseSettings):
    """What an operator may set; the defaults are those of `lastlink run` on one machine."""

    model_config = SettingsConfigDict(env_prefix="LASTLINK_", extra="ignore")

    environment: Environment = Environment.DEVELOPMENT
    data_dir: Path = Path("data")
    host: str = "127.0.0.1"
    port: int = Field(default=3000, ge=1, le=65535)
    origin: str = ""
    """The address people type, without a trailing slash; by default http://localhost:<port>."""
    database_url: str = ""
    """`postgresql://…` to grow; by default SQLite in the data directory."""
    redis_url: SecretStr = SecretStr("")
    """`redis://:password@host` where there is more than one process: they tell each other what changed."""
    trusted_proxies: str = ""
    """Addresses or networks of the proxies in front, separated by commas: whom they speak for, asks."""
    processes: int = Field(default=1, ge=1, le=64)
    """How many processes serve pages; more than one need Redis."""
    secret_key: SecretStr = SecretStr(_DEVELOPMENT_SECRET_KEY)
    """Signs the links handed to fans, and seals the creators' keys at the provider."""
    former_secret_keys: SecretStr = SecretStr("")
    """Secrets that `secret_key` replaced, separated by commas: what they sealed is read, and sealed anew."""

    sandbox_port: int = Field(default=12111, ge=1, le=65535)
    stripe_api: str = ""
    """The provider's API; by default the sandbox's address in development, and Stripe's in production."""
    webhook_secret: SecretStr = SecretStr("")
    """What the sandbox signs its events with; creators' own accounts have their own secrets."""

    smtp_url: SecretStr = SecretStr("")
    """`smtps://user:password@host`, or `smtp://…`; by default mails go into the sandbox's mailbox page."""
    mail_from: str = "nao-responda@localhost"
    """The address that mails come from."""

    clock_offset_seconds: float = 0
    """Moves the program's clock; for tests, refused in production."""
    crash_at: str = ""
    """Dies at the named crash point; for tests, refused in production."""

    @property
    def public_origin(self) -> str:
        """The address that links and the provider's return pages are built from."""
        return self.origin.rstrip("/") or f"http://localhost:{self.port}"

    @property
    def database(self) -> str:
        """The database's URL with the driver that the program uses."""
        if not self.database_url:
            return f"sqlite+aiosqlite:///{self.data_dir.resolve() / 'lastlink.sqlite'}"
        return self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)

    @property
    def queue_database(self) -> str:
        """Where the durable worker keeps its own tables: beside ours, or in the same PostgreSQL."""
        if not self.database_url:
            return f"sqlite:///{self.data_dir.resolve() / 'queue.sqlite'}"
        return self.database

    @property
    def stripe_api_base(self) -> str:
        """The provider's API address without `/v1`."""
        if self.uses_sandbox:
            return f"http://127.0.0.1:{self.sandbox_port}"
        return self.stripe_api.rstrip("/") or STRIPE_API

    @property
    def secrets(self) -> tuple[str, list[str]]:
        """The secret that seals, and those that still open."""
        former = self.former_secret_keys.get_secret_value().split(",")
        return self.secret_key.get_secret_value(), [each.strip() for each in former if each.strip()]

    @property
    def proxies(self) -> list[str]:
        """The proxies in front, each an address or a network."""
        return [each.strip() for each in self.trusted_proxies.split(",") if each.strip()]

    @property
    def sandbox_clock(self) -> Path:
        """Where the sandbox says how far its clock was moved."""
        return self.data_dir / "sandbox.clock"

    @property
    def sandbox_webhook(self) -> Path:
        """Where the sandbox's endpoint is kept that tells this program what happens."""
        return self.data_dir / "webhook.json"

    @property
    def uses_sandbox(self) -> bool:
        """Whether money is played with rather than moved."""
        return self.environment is Environment.DEVELOPMENT and not self.stripe_api

    @model_validator(mode="after")
    def _refuse_what_is_unsafe(self) -> Self:
        if problems := list(self.problems()):
            raise ValueError("; ".join(problems))
        return self

    def problems(self) -> list[str]:
        """What must not run like this, a sentence each; in development only what could not work."""
        found: list[str] = []
        if self.processes > 1 and not self.redis_url:
            found.append("LASTLINK_PROCESSES above 1 needs LASTLINK_REDIS_URL")
        if not all(map(_is_network, self.proxies)):
            found.append("LASTLINK_TRUSTED_PROXIES must be addresses or networks, such as 10.0.0.0/8, not *")
        if self.environment is Environment.DEVELOPMENT:
            return found
        if self.smtp_url.get_secret_value() and self.mail_from.endswith("@localhost"):
            found.append("LASTLINK_MAIL_FROM must be an address of a domain that you send mail for")
        if any(_is_weak(secret) for secret in (self.secrets[0], *self.secrets[1])):
            found.append("LASTLINK_SECRET_KEY must be a random text of 32 letters or more")
        if not self.stripe_api_base.startswith("https://"):
            found.append("LASTLINK_STRIPE_API must be the provider's https:// address")
        if not _ORIGIN.fullmatch(self.origin):
            found.append("LASTLINK_ORIGIN must be the site's https:// address, without a path or *")
        redis = urlsplit(self.redis_url.get_secret_value())
        if redis.scheme in {"redis", "rediss"} and not redis.password:
            found.append("LASTLINK_REDIS_URL must carry a password: pages' states are kept there")
        if self.clock_offset_seconds or self.crash_at:
            found.append("LASTLINK_CLOCK_OFFSET_SECONDS and LASTLINK_CRASH_AT are for tests only")
        return found


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True


def _is_weak(secret: str) -> bool:
    """Whether somebody could guess it, or has read it in our source."""
    return (
        secret == _DEVELOPMENT_SECRET_KEY
        or len(secret) < _SECRET_LENGTH
        or len(set(secret)) < _SECRET_VARIETY
    )


@cache
def settings() -> Settings:
    """The settings of this process, read once.

    Raises: pydantic.ValidationError with a sentence for each unsafe or unreadable value.
    """
    return Settings()
