"""A pod that names a scheduler which does not run."""

from typing import Any

from tests.investigation.worlds import Document, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.scheduler_absent import scheduler_absent


def unseen(**spec: Any) -> Document:
    made = pod("cart", node="", **spec)
    made["metadata"]["creationTimestamp"] = "2026-03-01T11:50:00Z"
    made["status"]["conditions"] = [{"type": "Ready", "status": "False"}]
    return made


FIRES = scene(unseen(schedulerName="batch-scheduler"))

QUIET = scene(unseen())


def test_names_the_scheduler() -> None:
    [found] = look(scheduler_absent, FIRES)
    assert "waits for scheduler batch-scheduler, which has placed no pod here" in found.summary


def test_a_scheduler_that_places_others_is_there() -> None:
    placed = pod("orders", schedulerName="batch-scheduler")
    assert look(scheduler_absent, scene(unseen(schedulerName="batch-scheduler"), placed)) == []
