"""A CronJob whose Jobs the API server refuses."""

from tests.investigation.worlds import cronjob, event, look, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.cronjob_create_failed import cronjob_create_failed

REFUSED = event(cronjob("report"), "FailedCreate", 'Error creating job: jobs.batch is invalid: spec.template: "Always"')
FIRES = scene(cronjob("report"), REFUSED)

STARTS = cronjob("report")
STARTS["status"]["lastScheduleTime"] = "2026-03-01T12:00:00Z"
QUIET = scene(STARTS, REFUSED)


def test_quotes_the_refusal() -> None:
    [found] = look(cronjob_create_failed, FIRES)
    assert found.summary == 'CronJob report cannot make its job: jobs.batch is invalid: spec.template: "Always"'


def test_is_sure_of_it() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("cronjob-create-failed", "high")
