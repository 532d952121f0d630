"""A Job that was ended by a rule about failures."""

from tests.investigation.worlds import condition, job, look, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.job_failure_policy import job_failure_policy

RULE = "Container app for pod shop/report-1-x failed with exit code 42 matching FailJob rule at index 0"
FIRES = scene(job("report-1", condition("Failed", "True", "PodFailurePolicy", RULE)))

QUIET = scene(job("report-1", condition("Failed", "True", "BackoffLimitExceeded", RULE)))


def test_quotes_the_rule() -> None:
    [found] = look(job_failure_policy, FIRES)
    assert found.summary == f"job report-1 failed: a rule of its podFailurePolicy ended it at once: {RULE}"


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("job-failure-policy", "high")
