"""`tocsin incident say|confirm|role|times`, against a server."""

from __future__ import annotations

import json

import pytest

from tests.cli.test_incident import Tocsin, alice, tocsin  # noqa: F401  # fixtures
from tests.factories import make_environment, make_incident, make_service
from tests.web.pages.stored import make_hypothesis, store_investigation
from tocsin.cli.saying import ROLES, TOPICS
from tocsin.incidents.roles import IncidentRole
from tocsin.incidents.statements import Topic


def test_topics_and_roles_are_those_of_the_server() -> None:
    assert {name.replace("-", "_"): label for name, label in TOPICS.items()} == {t.value: t.label for t in Topic}
    assert list(ROLES.values()) == list(IncidentRole)


def test_what_is_said_is_shown_and_taken_back(alice: Tocsin) -> None:  # noqa: F811
    name = make_incident().name
    assert "users: a third of them" in alice("incident", "say", name, "users", "a", "third", "of", "them").output
    alice("incident", "role", name, "technical-lead", "alice", "--note", "on it")
    shown = alice("incident", "show", name).output
    assert "Users          a third of them" in shown
    assert "Technical lead alice" in shown
    assert "taken back" in alice("incident", "say", name, "users").output


def test_a_hypothesis_is_confirmed(alice: Tocsin) -> None:  # noqa: F811
    incident = make_incident()
    store_investigation(incident)
    assert make_hypothesis().summary in alice("incident", "confirm", incident.name).output


def test_times_are_corrected_with_a_reason(alice: Tocsin) -> None:  # noqa: F811
    incident = make_incident()
    told = alice("incident", "times", incident.name, "--started", "2026-03-01 02:10", "--reason", "by the graph")
    assert "corrected" in told.output
    incident.refresh_from_db()
    assert f"{incident.started_at:%H:%M}" == "02:10"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("say", "1", "data-loss", "perhaps"), "none of yes, no, unknown"),
        (("say", "1", "users", "x", "--run", "7"), "--run is for the trigger"),
        (("times", "1", "--reason", "typo"), "say which"),
        (("role", "1", "lead", "mallory"), "can't take it"),
    ],
)
def test_what_can_not_be_is_refused(alice: Tocsin, words: tuple[str, ...], says: str) -> None:  # noqa: F811
    number = str(make_incident().pk)
    refused = alice("incident", *[number if word == "1" else word for word in words])
    assert refused.exit_code != 0
    assert says in refused.output


def test_an_incident_is_declared_for_services(alice: Tocsin) -> None:  # noqa: F811
    make_environment()
    make_service("cart")
    said = ("Checkout is down", "--environment", "shop/production", "--severity", "high", "--service", "cart")
    made = json.loads(alice("incident", "declare", *said, "--output", "json").stdout)
    assert made["services"][0]["slug"] == "cart"
