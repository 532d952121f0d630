"""GitLab's webhooks."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from tocsin.alerts.parsed import Parsed
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


def pipeline(status: str, builds: list[dict[str, object]], ref: str = "main", **more: object) -> Parsed:
    project = {
        "path_with_namespace": "acme/shop",
        "default_branch": "main",
        "web_url": "https://gitlab.example/acme/shop",
    }
    attributes = {"id": 31, "ref": ref, "status": status, "finished_at": "2026-03-01 02:58:11 UTC"} | more
    body = {"object_kind": "pipeline", "project": project, "object_attributes": attributes, "builds": builds}
    return parse(json.dumps(body).encode())


def test_a_pipeline_of_the_default_branch_fires_and_is_resolved_as_the_same() -> None:
    [firing], [over] = pipeline("failed", BUILDS[1:2]).alerts, pipeline("success", []).alerts
    assert (firing.firing, over.firing, firing.identity) == (True, False, over.identity)
    assert (firing.description, firing.links) == (
        "test: unit",
        {"pipeline": "https://gitlab.example/acme/shop/-/pipelines/31"},
    )


def test_where_only_what_deploys_failed_its_run_tells() -> None:
    told = pipeline("failed", BUILDS[:1])
    assert (len(told.alerts), len(told.runs)) == (0, 1)


def test_pipelines_of_other_branches_merge_requests_and_tags_call_nobody() -> None:
    others = [{"ref": "topic"}, {"source": "merge_request_event"}, {"tag": True}]
    assert [pipeline("failed", BUILDS[1:2], **other).alerts for other in others] == [()] * 3  # type: ignore[arg-type]


def test_a_push_says_that_there_is_nothing_to_alert_about() -> None:
    assert parse(json.dumps(PROJECT | {"object_kind": "push"}).encode()).note == "this push is nothing to alert about"
