"""How runs ended, and whom that calls."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from tocsin.alerts.runs import Outcome, Trigger
from tocsin.deployments.document import Section
from tocsin.deployments.drift import Drifted
from tocsin.deployments.judging import Judged, command_of, judge
from tocsin.deployments.terraform.log import parse_log
from tocsin.deployments.terraform.policy import PolicyResult

ERROR = "\nError: creating EC2 Instance: UnauthorizedOperation\n\n  with aws_instance.web,\n  on main.tf line 3\n\n"
BEGUN = "aws_instance.web: Creating...\n"
DONE = "Apply complete! Resources: 1 added, 0 changed, 0 destroyed.\n"
CRITICAL = PolicyResult("checkov", "CKV_1", "failed", severity="critical", resource="aws_s3_bucket.a")
DENIED = PolicyResult("conftest", "deny_public", "failed")


def judged(log: str = "", exit_code: int | None = 1, command: str = "apply", **more: Any) -> Judged:
    drift = more.pop("drift", [])
    section = Section(tool="terraform", command=command, exit_code=exit_code, log=log, **more)
    return judge(section, parse_log(log.encode()), drift)


def test_a_failed_apply_calls_with_the_first_error() -> None:
    found = judged(BEGUN + ERROR)
    assert (found.outcome, found.trigger) == (Outcome.FAILED, Trigger.APPLY_FAILURE)
    assert found.reason == "it ended with exit status 1: creating EC2 Instance: UnauthorizedOperation"


@pytest.mark.parametrize(("exit_code", "argv"), [(0, []), (2, ["terraform", "plan", "-detailed-exitcode"])])
def test_a_plan_that_went_well_calls_nobody(exit_code: int, argv: list[str]) -> None:
    found = judged("", exit_code, "plan", argv=argv)
    assert (found.outcome, found.trigger) == (Outcome.SUCCEEDED, None)


def test_a_failed_plan_changed_nothing() -> None:
    assert judged(ERROR, command="plan").trigger is Trigger.PLAN_FAILURE


@pytest.mark.parametrize(("command", "trigger"), [("plan", Trigger.PLAN_TIMEOUT), ("apply", Trigger.APPLY_FAILURE)])
def test_one_that_took_too_long_timed_out(command: str, trigger: Trigger) -> None:
    found = judged(BEGUN, command=command, interrupted="timeout")
    assert (found.outcome, found.trigger) == (Outcome.TIMED_OUT, trigger)


def test_one_that_was_killed_in_its_middle_is_unfinished() -> None:
    found = judged(BEGUN, exit_code=137, interrupted="killed")
    assert (found.outcome, found.trigger) == (Outcome.UNFINISHED, Trigger.APPLY_FAILURE)


@pytest.mark.parametrize(
    "values", [{"log": "Do you want to?\n\nApply cancelled.\n"}, {"log": "", "interrupted": "interrupt"}]
)
def test_one_that_somebody_called_off_calls_nobody(values: dict[str, Any]) -> None:
    assert judged(**values) == Judged(Outcome.CANCELLED, None, "somebody called it off before it changed anything")


def test_an_interrupt_after_something_was_begun_is_a_failure() -> None:
    assert judged(BEGUN, interrupted="interrupt").trigger is Trigger.APPLY_FAILURE


@pytest.mark.parametrize(
    ("log", "outcome"),
    [
        (BEGUN + DONE, Outcome.SUCCEEDED),
        (BEGUN + ERROR, Outcome.FAILED),
        (BEGUN, Outcome.UNFINISHED),
        ("", Outcome.UNFINISHED),
    ],
)
def test_where_nobody_saw_its_end_the_log_tells(log: str, outcome: Outcome) -> None:
    assert judged(log, exit_code=None).outcome is outcome


@pytest.mark.parametrize(
    ("policies", "trigger", "rule"),
    [
        ([CRITICAL], Trigger.SECURITY_POLICY, "critical-policies-block"),
        ([DENIED], Trigger.POLICY, "enforced-policies-block"),
        ([DENIED, CRITICAL], Trigger.SECURITY_POLICY, "critical-policies-block"),
    ],
)
def test_policies_block_by_a_rule_that_is_named(policies: list[PolicyResult], trigger: Trigger, rule: str) -> None:
    found = judged(exit_code=0, command="plan", policies=policies)
    assert (found.outcome, found.trigger) == (Outcome.BLOCKED, trigger)
    assert rule in found.reason


@pytest.mark.parametrize(
    "result",
    [replace(CRITICAL, status="passed"), replace(CRITICAL, severity="high"), replace(DENIED, status="warning")],
)
def test_other_results_do_not_block(result: PolicyResult) -> None:
    assert judged(exit_code=0, command="plan", policies=[result]).trigger is None


def test_a_plan_with_errors_is_not_the_one_that_policies_looked_at() -> None:
    assert judged(ERROR, command="plan", policies=[CRITICAL]).trigger is Trigger.PLAN_FAILURE


def test_an_apply_that_began_was_not_blocked() -> None:
    assert judged(BEGUN + ERROR, policies=[CRITICAL]).trigger is Trigger.APPLY_FAILURE
    assert judged(BEGUN + DONE, exit_code=0, policies=[CRITICAL]).trigger is None


def test_drift_calls_where_it_counts() -> None:
    argv = ["terraform", "plan", "-refresh-only"]
    bucket, scaled = Drifted("aws_s3_bucket.a", "deleted"), Drifted("b.c", "moved", ("n",), "autoscaling")
    assert judged(exit_code=2, command="plan", argv=argv, drift=[bucket, scaled]).trigger is Trigger.DRIFT
    quiet = judged(exit_code=2, command="plan", argv=argv, drift=[scaled])
    assert (quiet.trigger, quiet.reason) == (
        None,
        "nothing that counts was changed outside; 1 that changed are on the noise list",
    )


def test_a_command_is_called_by_what_it_does() -> None:
    assert command_of(Section(command="apply", argv=["terraform", "apply", "-destroy"])) == "destroy"
    assert command_of(Section(command="plan", argv=["tofu", "plan", "-refresh-only"])) == "drift"


@pytest.mark.parametrize(("log", "trigger"), [(BEGUN + ERROR, Trigger.APPLY_FAILURE), (ERROR, Trigger.PLAN_FAILURE)])
def test_of_a_script_its_log_tells_whether_it_changed_anything(log: str, trigger: Trigger) -> None:
    assert judged(log, command="").trigger is trigger
