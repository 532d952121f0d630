"""Keys for each purpose, and sealing."""

import pytest

from tocsin.ground.secrets import Unreadable, derived_key, seal, unseal


def test_each_purpose_has_its_own_key() -> None:
    assert derived_key("secret", "a") != derived_key("secret", "b")
    assert len(derived_key("secret", "a")) == 32


def test_what_is_sealed_can_be_read_with_the_same_key_only() -> None:
    sealed = seal("secret", b"body")
    assert b"body" not in sealed
    assert unseal("secret", sealed) == b"body"
    with pytest.raises(Unreadable, match="another secret key"):
        unseal("other", sealed)
