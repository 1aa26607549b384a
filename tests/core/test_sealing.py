"""Sealed secrets: nobody else's, nothing to read without the installation's secret, and that may change."""

import pytest

from lastlink_ui.core.ids import new_id
from lastlink_ui.core.sealing import CannotOpen, Vault

KEY = "sk_live_tudo_menos_isto"


def test_what_is_sealed_comes_back_and_shows_nothing() -> None:
    owner, vault = new_id(), Vault("segredo")
    sealed = vault.seal(KEY, owner)
    assert KEY not in sealed
    assert vault.seal(KEY, owner) != sealed
    assert vault.open(sealed, owner) == KEY


def test_one_owners_key_is_not_anothers() -> None:
    vault = Vault("segredo")
    with pytest.raises(CannotOpen):
        vault.open(vault.seal(KEY, new_id()), new_id())


@pytest.mark.parametrize("sealed", ["", "gAAAAA", "não é nada", KEY])
def test_what_was_never_sealed_does_not_open(sealed: str) -> None:
    with pytest.raises(CannotOpen):
        Vault("segredo").open(sealed, new_id())


def test_a_changed_secret_still_opens_what_the_former_one_sealed() -> None:
    owner = new_id()
    sealed = Vault("velho").seal(KEY, owner)
    with pytest.raises(CannotOpen):
        Vault("novo").open(sealed, owner)
    changed = Vault("novo", ["mais velho", "velho"])
    assert changed.open(sealed, owner) == KEY
    assert not changed.is_current(sealed, owner)
    assert changed.is_current(changed.seal(KEY, owner), owner)
