"""A pod that was ended because it ran longer than it may."""

from tests.investigation.worlds import Document, deployment, look, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.pod_deadline_exceeded import pod_deadline_exceeded


def ended(reason: str) -> Document:
    made = pod(phase="Failed", activeDeadlineSeconds=600)
    made["status"]["reason"] = reason
    return made


FIRES = scene(ended("DeadlineExceeded"), deployment(ready=0))

QUIET = scene(ended("Evicted"), deployment(ready=0))


def test_says_how_long_it_may_run() -> None:
    [found] = look(pod_deadline_exceeded, FIRES)
    assert found.summary == "cart-7f9c4d-x2x1q was ended: it ran longer than its deadline of 600 s"


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("pod-deadline-exceeded", "high")
