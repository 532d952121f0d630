"""A CronJob that did not start when it should."""

from typing import Any

from tests.investigation.worlds import cronjob, event, job, look, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.cronjob_missed_schedule import cronjob_missed_schedule

HANGS = job("report-1", owner="report", created="2026-03-01T08:00:00Z")
FORBIDS = cronjob("report", active=["report-1"], concurrencyPolicy="Forbid")
FORBIDS["status"]["lastScheduleTime"] = "2026-03-01T08:00:00Z"


def told(reason: str, count: int = 1) -> dict[str, Any]:
    return event(FORBIDS, reason, "Not starting job because prior execution is running") | {"count": count}


FIRES = scene(FORBIDS, HANGS, told("JobAlreadyActive", 3))

STARTED = FORBIDS | {"status": FORBIDS["status"] | {"lastScheduleTime": "2026-03-01T12:00:00Z"}}
QUIET = scene(STARTED, HANGS, told("JobAlreadyActive", 3))


def test_names_the_run_that_is_in_the_way() -> None:
    [found] = look(cronjob_missed_schedule, FIRES)
    why = "report-1 has been running for 4 h, and its policy forbids two at once"
    assert found.summary == f"CronJob report missed its time: {why}"
    assert found.remedies[1].argv == ("kubectl", "-n", "shop", "delete", "job/report-1")


def test_a_deadline_can_be_too_short_to_be_met() -> None:
    hasty = cronjob("report", startingDeadlineSeconds=5)
    missed = event(hasty, "MissSchedule", "Missed scheduled time to start a job: Sun, 01 Mar 2026 11:00:00 UTC")
    [found] = look(cronjob_missed_schedule, scene(hasty, missed))
    assert "its startingDeadlineSeconds of 5 passes" in found.summary


def test_one_run_left_out_is_no_trouble() -> None:
    assert look(cronjob_missed_schedule, scene(FORBIDS, HANGS, told("JobAlreadyActive"))) == []


def test_is_sure_of_it() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("cronjob-missed-schedule", "high")
