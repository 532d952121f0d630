"""`tocsin health`, against a server."""

from __future__ import annotations

import json

import pytest

from tests.cli.test_incident import Tocsin, alice, tocsin  # noqa: F401  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_fails_is_said_first_and_by_the_status(alice: Tocsin) -> None:  # noqa: F811
    found = alice("health")
    assert (found.exit_code, found.output.split()[0]) == (1, "failing")
    assert "tocsin worker" in found.output
    assert json.loads(alice("health", "--output", "json").output)["standing"] == "failing"
