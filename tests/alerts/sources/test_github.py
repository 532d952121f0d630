"""GitHub's webhooks."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tocsin.alerts.parsed import Parsed
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


def ended(conclusion: str, **more: Any) -> Parsed:
    """A workflow of another kind, and how it ended on main."""
    run = {"id": 9, "name": "Tests", "path": "t.yml", "event": "push", "head_branch": "main", "conclusion": conclusion}
    repository = {"full_name": "acme/shop", "default_branch": "main"}
    payload = {"action": "completed", "workflow_run": run | more, "repository": repository}
    return parse(json.dumps(payload).encode())


def checked(conclusion: str, app: str, branch: str = "main") -> Parsed:
    check = {"name": "lint", "conclusion": conclusion, "app": {"slug": app}, "check_suite": {"head_branch": branch}}
    repository = {"full_name": "acme/shop", "default_branch": "main"}
    return parse(json.dumps({"action": "completed", "check_run": check, "repository": repository}).encode())


def test_a_workflow_of_the_default_branch_fires_and_is_resolved_as_the_same() -> None:
    [firing], [over] = ended("failure").alerts, ended("success").alerts
    assert (firing.title, firing.firing, over.firing) == ("Tests fails on main", True, False)
    assert (firing.identity, over.title) == (over.identity, "")


def test_on_another_branch_and_for_a_pull_request_its_author_sees_it() -> None:
    assert [ended("failure", **more).alerts for more in ({"head_branch": "topic"}, {"event": "pull_request"})] == [
        (),
        (),
    ]


def test_what_was_cancelled_says_nothing() -> None:
    assert ended("cancelled").note == "a workflow that ended with “cancelled” is nothing to alert about"


def test_a_check_fires_on_the_default_branch_unless_its_workflow_tells() -> None:
    assert checked("failure", "linter").alerts[0].title == "lint fails on main"
    assert checked("failure", "github-actions").alerts == checked("failure", "linter", "topic").alerts == ()
