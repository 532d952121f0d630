"""A Job that took longer than it may."""

from tests.investigation.worlds import condition, cronjob, job, look, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.job_deadline_exceeded import job_deadline_exceeded

LATE = condition("Failed", "True", "DeadlineExceeded", "Job was active longer than specified deadline")
EVERY = cronjob("report", jobTemplate={"spec": {"activeDeadlineSeconds": 600}})
FIRES = scene(EVERY, job("report-1", LATE, owner="report", activeDeadlineSeconds=600))

QUIET = scene(EVERY, job("report-1", owner="report", activeDeadlineSeconds=600))


def test_doubles_the_time_of_later_runs() -> None:
    [found] = look(job_deadline_exceeded, FIRES)
    assert found.summary == "job report-1 was ended: it took longer than its deadline of 600 s"
    assert '"value": 1200' in found.remedies[0].argv[-1]


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("job-deadline-exceeded", "high")
