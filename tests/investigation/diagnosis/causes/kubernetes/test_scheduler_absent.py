"""Pods that wait for a node without any scheduler looking at them."""

from tests.investigation.worlds import NOW, Document, look, meta, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.scheduler_absent import scheduler_absent


def unseen(**spec: object) -> Document:
    made = pod("cart", node="", **spec)
    made["metadata"]["creationTimestamp"] = "2026-03-01T11:50:00Z"
    made["status"]["conditions"] = [{"type": "Ready", "status": "False"}]
    return made


def lease(renewed: str) -> Document:
    made = meta("Lease", "kube-scheduler") | {"spec": {"renewTime": renewed}}
    made["metadata"]["namespace"] = "kube-system"
    return made


FIRES = scene(unseen(schedulerName="batch-scheduler"))

QUIET = scene(unseen(), lease(NOW))


def test_names_the_scheduler() -> None:
    [found] = look(scheduler_absent, FIRES)
    assert "waits for scheduler batch-scheduler, which has placed no pod here" in found.summary


def test_blames_a_lease_that_is_not_renewed() -> None:
    first = diagnose(parse_snapshot(scene(unseen(), lease("2026-03-01T11:40:00Z")))).hypotheses[0]
    assert first.cause == "scheduler-absent"
    assert str(first.subject) == "Lease/kube-system/kube-scheduler"
    assert first.explains
