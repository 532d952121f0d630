"""How Jobs end."""

from tests.investigation.worlds import condition, job, snapshot
from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.reading.workloads.jobs import failure, history

FAILED = condition("Failed", "True", "BackoffLimitExceeded") | {"lastTransitionTime": "2026-03-01T11:00:00Z"}


def test_a_job_that_is_about_to_fail_has_failed() -> None:
    inventory = Inventory(snapshot(job("report", condition("FailureTarget", "True", "PodFailurePolicy"))))
    told = failure(inventory.of("Job")[0])
    assert told
    assert told.text("reason") == "PodFailurePolicy"


def test_a_success_of_another_cronjob_makes_up_for_nothing() -> None:
    mine = job("report-1", FAILED, owner="report", created="2026-03-01T10:00:00Z")
    other = job("backup-1", condition("Complete"), owner="backup", created="2026-03-01T11:00:00Z")
    inventory = Inventory(snapshot(mine, other))
    assert [history(held, inventory) for held in inventory.of("Job")] == [False, False]


def test_an_earlier_success_makes_up_for_nothing() -> None:
    mine = job("report-2", FAILED, owner="report", created="2026-03-01T11:00:00Z")
    before = job("report-1", condition("Complete"), owner="report", created="2026-03-01T10:00:00Z")
    inventory = Inventory(snapshot(mine, before))
    assert not any(history(held, inventory) for held in inventory.of("Job"))
