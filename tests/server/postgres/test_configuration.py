"""Who may enter the database is written down correctly, whatever the user's name."""

from __future__ import annotations

import pytest

from tocsin.server.postgres.configuration import POSTGRESQL_CONF, ident_conf


def test_our_user_may_be_the_application_or_the_superuser() -> None:
    assert ident_conf("alice").splitlines()[1:] == ['tocsin "alice" tocsin', 'tocsin "alice" postgres']


@pytest.mark.parametrize("line", ["listen_addresses = ''", "fsync = on", "synchronous_commit = on", "jit = off"])
def test_it_listens_on_no_network_and_keeps_what_was_acknowledged(line: str) -> None:
    assert any(written.startswith(line) for written in POSTGRESQL_CONF.splitlines())
