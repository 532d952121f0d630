"""A Job that was given up after its pods failed too often."""

from tests.investigation.worlds import condition, cronjob, job, look, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.job_backoff_exceeded import job_backoff_exceeded

GIVEN_UP = condition("Failed", "True", "BackoffLimitExceeded", "Job has reached the specified backoff limit")
FAILED = job("report-1", GIVEN_UP, owner="report", created="2026-03-01T11:00:00Z")
FAILED["status"]["failed"] = 7
FIRES = scene(cronjob("report"), FAILED)

LATER = job("report-2", condition("Complete"), owner="report", created="2026-03-01T11:30:00Z")
QUIET = scene(cronjob("report"), FAILED, LATER)


def test_says_that_nothing_is_left_to_read() -> None:
    [found] = look(job_backoff_exceeded, FIRES)
    told = "job report-1 was given up after 7 failed pods; none of its pods is left to tell why"
    assert found.summary == told


def test_runs_it_once_more() -> None:
    [found] = look(job_backoff_exceeded, FIRES)
    assert found.remedies[-1].argv[-3:] == ("job", "report-again", "--from=cronjob/report")


def test_a_later_success_makes_all_well() -> None:
    assert diagnose(parse_snapshot(QUIET)).hypotheses == ()


def test_a_single_job_that_failed_days_ago_matters_to_who_asks() -> None:
    old = job("migrate", GIVEN_UP | {"lastTransitionTime": "2026-02-20T12:00:00Z"})
    assert diagnose(parse_snapshot(scene(old))).hypotheses == ()
    asked = {"title": "job failed", "labels": {"namespace": "shop", "job_name": "migrate"}}
    assert look(job_backoff_exceeded, scene(old, alert=asked))


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("job-backoff-exceeded", "high")
