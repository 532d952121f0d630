"""`tocsin escalation`, against a server."""

from __future__ import annotations

import json

import pytest
from django.utils import timezone

from tests.cli.test_incident import Tocsin, alice, tocsin  # noqa: F401  # fixtures
from tests.factories import make_environment
from tests.oncall.escalating import make_policy, make_reachable, opened, step
from tocsin.workflows import auditing, escalating

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_would_happen_is_said_as_a_timeline(alice: Tocsin) -> None:  # noqa: F811
    assert "There is no such project." in alice("escalation", "simulate", "shop").output
    make_environment()
    asked = ("escalation", "simulate", "shop", "--at", "2026-03-08T00:10:00Z")
    assert "No one would be notified" in alice(*asked).output
    assert "There is no service “crat” in shop." in alice(*asked, "--service", "crat").output
    make_reachable("carl")
    make_policy(step("person carl"), step("role lead"))
    lines = alice(*asked).output.splitlines()
    assert lines[0] == "shop, chosen for incidents of all projects"
    assert lines[1:3] == ["2026-03-08T00:10  step 1 of 2", "    carl by push (named by the policy)"]
    assert alice("escalation", "list").output.split() == ["shop", "incidents", "of", "all", "projects"]
    assert json.loads(alice(*asked, "--output", "json").output)["policy"] == "shop"


def test_who_was_told_is_said_and_an_answer_is_taken(alice: Tocsin) -> None:  # noqa: F811
    make_reachable("carl")
    make_policy(step("person carl"), step("role lead"))
    incident = opened(at=timezone.now())
    escalating.look(incident.pk, timezone.now())
    assert "follows where nobody answers: role lead at" in alice("escalation", "told", incident.name).output
    assert "is acknowledged, and you have it" in alice("escalation", "answer", incident.name).output


def test_a_silent_auditor_is_told_by_the_status_too(alice: Tocsin) -> None:  # noqa: F811
    assert alice("escalation", "audit").exit_code == 1
    auditing.audit(timezone.now())
    assert alice("escalation", "audit").exit_code == 0
