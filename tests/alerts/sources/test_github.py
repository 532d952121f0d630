"""GitHub's webhooks."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tocsin.alerts.runs import Outcome, ReportedRun, Trigger
from tocsin.alerts.sources.github import EXAMPLE, parse


def deployed(state: str) -> tuple[ReportedRun, ...]:
    payload = json.loads(EXAMPLE)
    payload["deployment_status"]["state"] = state
    return parse(json.dumps(payload).encode()).runs


def worked(conclusion: str = "failure", **more: Any) -> tuple[ReportedRun, ...]:
    run = {
        "id": 9,
        "name": "Terraform apply",
        "path": ".github/workflows/x.yml",
        "event": "push",
        "conclusion": conclusion,
    }
    payload = {"action": "completed", "workflow_run": run | more, "repository": {"full_name": "acme/shop"}}
    return parse(json.dumps(payload).encode()).runs


def test_a_failed_deployment_is_one_of_its_repository_and_environment() -> None:
    (run,) = parse(EXAMPLE).runs
    assert (run.configuration, run.workspace, run.environment) == ("acme/shop", "production", "production")
    assert (run.trigger, run.reason, run.commit) == (Trigger.APPLY_FAILURE, "terraform apply failed", "0f3c9a")


def test_a_deployment_that_goes_on_says_nothing() -> None:
    assert [deployed(state) for state in ("in_progress", "queued", "inactive")] == [(), (), ()]
    assert deployed("success")[0].outcome is Outcome.SUCCEEDED


@pytest.mark.parametrize(
    ("conclusion", "name", "trigger"),
    [
        ("failure", "Terraform apply", Trigger.APPLY_FAILURE),
        ("timed_out", "Terraform plan", Trigger.PLAN_TIMEOUT),
        ("failure", "terraform-plan", Trigger.PLAN_FAILURE),
        ("success", "Deploy", None),
        ("cancelled", "Deploy", None),
    ],
)
def test_a_workflow_that_deploys_is_a_run(conclusion: str, name: str, trigger: Trigger | None) -> None:
    (run,) = worked(conclusion, name=name)
    assert run.trigger is trigger


def test_what_runs_for_a_pull_request_changes_nothing() -> None:
    assert worked(event="pull_request")[0].trigger is Trigger.PLAN_FAILURE


def test_a_failed_test_is_nobodys_incident() -> None:
    assert worked(name="Unit tests") == ()


def test_a_second_attempt_is_a_run_of_its_own() -> None:
    assert worked()[0].run != worked(run_attempt=2)[0].run


def test_other_events_say_nothing() -> None:
    assert parse(b'{"zen": "Keep it logically awesome."}').runs == ()
    assert parse(b'{"ref": "refs/heads/main", "repository": {"full_name": "acme/shop"}}').runs == ()
