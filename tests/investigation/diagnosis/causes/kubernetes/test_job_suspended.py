"""A Job or CronJob that is suspended."""

from tests.investigation.worlds import cronjob, look, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.job_suspended import job_suspended

ALERT = {"title": "no report for a day", "labels": {"namespace": "shop", "cronjob": "report"}}
FIRES = scene(cronjob("report", suspend=True), alert=ALERT)

QUIET = scene(cronjob("report", suspend=False), alert=ALERT)


def test_lets_it_go_on() -> None:
    [found] = look(job_suspended, FIRES)
    assert found.remedies[0].argv[2:5] == ("shop", "patch", "cronjob/report")


def test_one_that_nobody_asked_about_is_no_trouble() -> None:
    assert look(job_suspended, scene(cronjob("report", suspend=True))) == []


def test_ranks_first_where_it_was_asked_about() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("job-suspended", "high")
