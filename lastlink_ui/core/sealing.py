"""Seals short secrets (a creator's provider keys), which a copy of the database alone does not open."""

import base64
from collections.abc import Sequence
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class CannotOpen(Exception):
    """Sealed under a secret that is not among those that are known, or for another owner."""


class Vault:
    """Seals under the installation's secret, for one owner each; opens what former secrets sealed too.

    The key differs for each owner, so that what was sealed for one cannot be passed off as another's.
    """

    def __init__(self, secret: str, former: Sequence[str] = ()) -> None:
        self._secrets = (secret, *former)

    def seal(self, text: str, owner: UUID) -> str:
        """`text` as only this installation can read it."""
        return self._box(owner).encrypt(text.encode()).decode()

    def open(self, sealed: str, owner: UUID) -> str:
        """What was sealed for `owner`. Raises: CannotOpen."""
        try:
            return self._box(owner).decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise CannotOpen from error

    def is_current(self, sealed: str, owner: UUID) -> bool:
        """Whether it was sealed under the present secret, so that former ones may be forgotten."""
        try:
            _key(self._secrets[0], owner).decrypt(sealed.encode())
        except InvalidToken:
            return False
        return True

    def _box(self, owner: UUID) -> MultiFernet:
        return MultiFernet([_key(secret, owner) for secret in self._secrets])


def _key(secret: str, owner: UUID) -> Fernet:
    derived = HKDF(hashes.SHA256(), length=32, salt=None, info=b"lastlink/provider-account/" + owner.bytes)
    return Fernet(base64.urlsafe_b64encode(derived.derive(secret.encode())))
