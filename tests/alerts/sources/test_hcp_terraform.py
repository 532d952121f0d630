"""HCP Terraform's notifications."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tocsin.alerts.parsed import BadPayload
from tocsin.alerts.runs import Outcome, ReportedRun, Trigger
from tocsin.alerts.sources.hcp_terraform import EXAMPLE, parse


def told(status: str, trigger: str = "run:errored") -> tuple[ReportedRun, ...]:
    payload = json.loads(EXAMPLE)
    payload["notifications"][0] |= {"run_status": status, "trigger": trigger}
    return parse(json.dumps(payload).encode()).runs


def of_workspace(trigger: str, **details: Any) -> tuple[ReportedRun, ...]:
    payload = {
        "payload_version": "2",
        "trigger": trigger,
        "details": {"workspace_name": "net", "organization_name": "acme", **details},
    }
    return parse(json.dumps(payload).encode()).runs


def assessment(**result: Any) -> ReportedRun:
    (run,) = of_workspace("assessment:drifted", new_assessment_result={"id": "a-1", "succeeded": True, **result})
    return run


def test_a_run_that_errored_is_a_failed_apply_of_its_workspace() -> None:
    (run,) = parse(EXAMPLE).runs
    assert (run.outcome, run.trigger, run.configuration) == (
        Outcome.FAILED,
        Trigger.APPLY_FAILURE,
        "acme/network-production",
    )
    assert run.url.endswith("/runs/run-1")
    assert run.finished_at is not None


@pytest.mark.parametrize(
    ("status", "outcome", "trigger"),
    [
        ("applied", Outcome.SUCCEEDED, None),
        ("canceled", Outcome.CANCELLED, None),
        ("force_canceled", Outcome.UNFINISHED, Trigger.APPLY_FAILURE),
        ("policy_soft_failed", Outcome.BLOCKED, Trigger.POLICY),
    ],
)
def test_each_end_is_told_apart(status: str, outcome: Outcome, trigger: Trigger | None) -> None:
    (run,) = told(status)
    assert (run.outcome, run.trigger) == (outcome, trigger)


@pytest.mark.parametrize("status", ["pending", "planning", "applying", "planned"])
def test_a_run_that_goes_on_says_nothing(status: str) -> None:
    assert told(status) == ()


def test_the_request_that_proves_the_address_says_nothing() -> None:
    payload = {"payload_version": 1, "run_id": None, "notifications": [{"trigger": "verification", "run_status": None}]}
    assert parse(json.dumps(payload).encode()).runs == ()


def test_drift_is_drift_and_none_is_its_end() -> None:
    drifted, clean = assessment(drifted=True, resources_drifted=4), assessment(drifted=False, all_checks_succeeded=True)
    assert (drifted.trigger, drifted.reason) == (Trigger.DRIFT, "4 resources were changed outside")
    assert (clean.outcome, clean.command) == (Outcome.SUCCEEDED, "drift")


@pytest.mark.parametrize(("count", "said"), [(1, "1 resource was"), (None, "some resources were")])
def test_drift_is_counted_as_people_say_it(count: int | None, said: str) -> None:
    assert assessment(drifted=True, resources_drifted=count).reason == f"{said} changed outside"


def test_failing_checks_are_told_as_such() -> None:
    assert assessment(drifted=False, all_checks_succeeded=False, checks_failed=2).reason == (
        "2 checks of the configuration fail"
    )


def test_an_assessment_that_failed_found_no_drift() -> None:
    assert assessment(succeeded=False).trigger is Trigger.PLAN_FAILURE


def test_a_destruction_that_never_began_is_a_failure_and_a_reminder_is_none() -> None:
    (run,) = of_workspace("workspace:auto_destroy_results", run_create_error_message="no configuration")
    assert (run.command, run.trigger) == ("destroy", Trigger.APPLY_FAILURE)
    assert of_workspace("workspace:auto_destroy_reminder") == ()


def test_a_run_of_no_workspace_is_refused() -> None:
    with pytest.raises(BadPayload, match="names no workspace"):
        parse(b'{"payload_version": 1, "run_id": "r", "notifications": [{"trigger": "x", "run_status": "errored"}]}')
