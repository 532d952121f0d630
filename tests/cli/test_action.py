"""`tocsin action`, against a server."""

from __future__ import annotations

import pytest

from tests.cli.test_incident import Tocsin, alice, tocsin  # noqa: F401  # fixtures
from tests.factories import make_incident
from tocsin.incidents.actions import Action

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_action_is_opened_listed_and_done(alice: Tocsin) -> None:  # noqa: F811
    incident = make_incident()
    words = ("Alert on the queue", "--kind", "detect", "--owner", "alice", "--due", "2020-01-31")
    made = alice("action", "add", incident.name, *words)
    name = f"ACTION-INC{incident.pk:03d}-1"
    assert made.output == f"Opened {name}: Alert on the queue\n"
    assert "due 2020-01-31, overdue" in alice("action", "list", "--view", "mine").output
    assert alice("action", "done", name, "--verified", "a drill").output == f"{name} is done.\n"
    assert Action.objects.get().ended_with == "a drill"
    assert alice("action", "list").output == "No such actions.\n"


def test_what_the_server_refuses_is_said_in_its_words(alice: Tocsin) -> None:  # noqa: F811
    missing = alice("action", "drop", "ACTION-INC1-1", "--reason", "no")
    assert missing.exit_code == 2
    assert "There is no action “ACTION-INC1-1”" in missing.output
