"""Escalation over the API."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import make_environment
from tests.oncall.escalating import make_policy, make_reachable, opened, step
from tests.web.api.conftest import Program, program
from tocsin.accounts.access import Role
from tocsin.workflows import auditing, escalating

STEPS = [{"targets": [{"to": "person", "name": "alice"}], "wait": 7}]


@pytest.fixture
def manager(db: None) -> Program:
    make_reachable("alice")
    return program("maria", Role.MANAGER)


def send(caller: Program, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    client = Client(headers={"Authorization": f"Bearer {caller.token}"})
    return client.generic(method, f"/api/v1{path}", json.dumps(body), "application/json")


def test_a_policy_is_made_chosen_and_edited(manager: Program) -> None:
    made = send(manager, "POST", "/escalation/policies", {"name": "Payments", "steps": STEPS})
    assert (made.status_code, made["Location"]) == (201, "/api/v1/escalation/policies/payments")
    chosen = send(manager, "PUT", "/escalation/choices", {"policy": "payments", "severity": "critical"}).json()
    assert chosen["items"][0]["chosen_for"] == ["critical incidents of all projects"]
    body = {"name": "Payments", "steps": STEPS, "rounds": 3, "version": 1}
    assert send(manager, "PUT", "/escalation/policies/payments", body).json()["version"] == 2
    assert send(manager, "PUT", "/escalation/policies/payments", body).status_code == 409


def test_a_policy_that_calls_nobody_is_refused_with_what_to_do(manager: Program) -> None:
    answer = send(manager, "POST", "/escalation/policies", {"name": "Empty", "steps": []})
    assert (answer.status_code, answer.json()["detail"]) == (400, "Give the policy at least one step.")


def test_what_would_happen_is_told(manager: Program) -> None:
    make_environment()
    path = "/escalation/simulation?project=shop&severity=critical&at=2026-03-08T03:10:00%2B03:00"
    unknown = manager.get(f"{path}&service=crat")
    assert (unknown.status_code, unknown.json()["detail"]) == (400, "There is no service “crat” in shop.")
    assert manager.get(path).json()["policy"] is None
    make_policy(step("person alice"), name="Payments")
    found = manager.get(path).json()
    assert found["moments"][0]["at"] == "2026-03-08T03:10:00+03:00"
    assert found["moments"][0]["told"] == [{"who": "alice", "because": "named by the policy", "ways": ["push"]}]


def test_who_was_told_of_an_incident_and_an_answer(manager: Program) -> None:
    make_policy(step("person alice"), step("role lead"))
    incident = opened(at=timezone.now())
    escalating.look(incident.pk, timezone.now())
    found = manager.get(f"/incidents/{incident.pk}/escalation").json()
    assert (found["calls"][0]["told"][0]["who"], found["next"]) == ("alice", ["role lead"])
    assert send(manager, "POST", f"/incidents/{incident.pk}/answer").json()["status"] == "acknowledged"
    assert send(manager, "POST", f"/incidents/{incident.pk}/answer").status_code == 200


def test_what_the_auditor_finds_is_told(manager: Program) -> None:
    make_policy(step("person alice"))
    incident = opened()
    assert manager.get("/escalation/audit").json()["is_alive"] is False
    auditing.audit(incident.triggered_at + timedelta(hours=1))
    assert "nobody has been called" in manager.get("/escalation/audit").json()["alarms"][0]["text"]
