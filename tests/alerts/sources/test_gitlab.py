"""GitLab's webhooks."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from tocsin.alerts.runs import Outcome, ReportedRun, Trigger
from tocsin.alerts.sources.gitlab import EXAMPLE, parse

PROJECT = {"project": {"path_with_namespace": "acme/shop"}}
BUILDS = [
    {"id": 1, "name": "terraform apply", "stage": "infra", "status": "failed", "failure_reason": "script_failure"},
    {"id": 2, "name": "unit", "stage": "test", "status": "failed"},
    {"id": 3, "name": "deploy", "stage": "deploy", "status": "failed", "environment": {"name": "production"}},
]


def told(**payload: object) -> tuple[ReportedRun, ...]:
    return parse(json.dumps(PROJECT | payload).encode()).runs


def test_a_failed_deployment_is_one_of_its_project_and_environment() -> None:
    (run,) = parse(EXAMPLE).runs
    assert (run.configuration, run.environment, run.trigger) == ("acme/shop", "production", Trigger.APPLY_FAILURE)
    assert run.finished_at == datetime(2026, 3, 1, 2, 58, 11, tzinfo=UTC)


def test_a_deployment_that_goes_on_says_nothing() -> None:
    assert told(object_kind="deployment", status="running", deployment_id=1) == ()


def test_of_a_pipeline_only_jobs_that_deploy_count_and_not_those_that_are_deployments() -> None:
    (run,) = told(object_kind="pipeline", builds=BUILDS)
    assert (run.run, run.reason) == ("job 1 failed", "GitLab says failed (script_failure)")


def test_the_event_of_a_job_is_the_same_run_as_in_its_pipeline() -> None:
    (of_pipeline,) = told(object_kind="pipeline", builds=BUILDS)
    event = {"build_id": 1, "build_name": "terraform apply", "build_stage": "infra", "build_status": "failed"}
    (of_job,) = told(object_kind="build", build_failure_reason="script_failure", **event)
    assert (of_job.run, of_job.configuration) == (of_pipeline.run, of_pipeline.configuration)


def test_a_plan_that_fails_changed_nothing_and_one_that_ends_well_says_so() -> None:
    plan = {"id": 4, "name": "terraform plan", "stage": "infra"}
    failed, good = (told(object_kind="pipeline", builds=[plan | {"status": s}])[0] for s in ("failed", "success"))
    assert (failed.trigger, good.outcome, good.command) == (Trigger.PLAN_FAILURE, Outcome.SUCCEEDED, "plan")


def test_other_events_say_nothing() -> None:
    assert told(object_kind="push") == ()
