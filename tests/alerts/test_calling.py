"""Which alerts runs fire and end."""

from __future__ import annotations

import pytest

from tocsin.alerts.calling import alerts_of
from tocsin.alerts.runs import Outcome, ReportedRun, Trigger, place


def run(outcome: Outcome = Outcome.SUCCEEDED, command: str = "apply", **more: object) -> ReportedRun:
    values = {"run": "1", "tool": "terraform", "configuration": "network", "reason": "it exited with 1"} | more
    return ReportedRun(outcome=outcome, command=command, **values)  # type: ignore[arg-type]  # names are those of the struct


def test_a_failed_apply_fires_one_alert_about_its_configuration() -> None:
    (alert,) = alerts_of(run(Outcome.FAILED, trigger=Trigger.APPLY_FAILURE))
    assert (alert.firing, alert.title, alert.severity) == (True, "terraform apply failed", "apply failure")
    assert alert.labels["configuration"] == "network"
    assert alert.is_event


def test_the_same_failure_again_is_the_same_alert_whatever_its_cause() -> None:
    first, second = (
        alerts_of(run(Outcome.FAILED, trigger=trigger, run=name))[0].identity
        for name, trigger in [("1", Trigger.APPLY_FAILURE), ("2", Trigger.POLICY)]
    )
    assert first == second


def test_an_apply_that_went_well_ends_what_its_plans_and_drift_fired_too() -> None:
    failures = [
        run(Outcome.FAILED, trigger=Trigger.APPLY_FAILURE),
        run(Outcome.TIMED_OUT, "plan", trigger=Trigger.PLAN_TIMEOUT),
        run(Outcome.DRIFTED, "drift", trigger=Trigger.DRIFT),
    ]
    fired = {alerts_of(failure)[0].identity for failure in failures}
    assert {alert.identity for alert in alerts_of(run())} == fired
    assert not any(alert.firing or alert.title for alert in alerts_of(run()))  # what ends keeps its name


def test_a_plan_that_went_well_says_nothing_of_a_failed_apply() -> None:
    failed = alerts_of(run(Outcome.FAILED, trigger=Trigger.APPLY_FAILURE))[0].identity
    assert failed not in {alert.identity for alert in alerts_of(run(command="plan"))}


@pytest.mark.parametrize("command", ["init", "validate", ""])
def test_other_commands_that_went_well_say_nothing(command: str) -> None:
    assert alerts_of(run(command=command)) == ()


def test_a_run_that_was_cancelled_says_nothing() -> None:
    assert alerts_of(run(Outcome.CANCELLED)) == ()


@pytest.mark.parametrize(("workspace", "said"), [("", "network"), ("default", "network"), ("blue", "network (blue)")])
def test_a_workspace_is_named_where_it_says_something(workspace: str, said: str) -> None:
    assert place(run(workspace=workspace)) == said
