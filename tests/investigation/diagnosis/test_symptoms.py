"""What is visibly wrong, and what is only history."""

from tests.investigation.worlds import Document, condition, deployment, ill, job, pod, snapshot
from tocsin.investigation.diagnosis.inventory import Inventory
from tocsin.investigation.diagnosis.symptoms import symptoms


def told(*objects: Document) -> list[str]:
    return [symptom.text for symptom in symptoms(Inventory(snapshot(*objects)))]


def ending(at: str) -> Document:
    made = pod()
    made["metadata"]["deletionTimestamp"] = at
    return made


def test_a_node_may_be_ready_and_short_of_something() -> None:
    assert told(ill("worker-1", condition("DiskPressure"))) == ["node worker-1 is short of disk space"]


def test_a_pod_that_should_be_gone_is_wrong_after_two_minutes() -> None:
    assert told(ending("2026-03-01T11:50:00Z")) == ["pod cart-7f9c4d-x2x1q does not end"]
    assert told(ending("2026-03-01T11:59:00Z")) == []


def test_a_failed_pod_that_was_replaced_is_history() -> None:
    assert told(pod(phase="Failed"), deployment(ready=1)) == []
    assert told(pod(phase="Failed"), deployment(ready=0)) == ["pod cart-7f9c4d-x2x1q is Failed"]


def test_a_failed_job_is_history_once_a_later_run_did_the_work() -> None:
    failed = job("report-1", condition("Failed"), owner="report", created="2026-03-01T10:00:00Z")
    later = job("report-2", condition("Complete"), owner="report", created="2026-03-01T11:00:00Z")
    assert told(failed) == ["job report-1 failed"]
    assert told(failed, later) == []
