"""A rollout that does not come to its end."""

from typing import Any

from tests.investigation.worlds import condition, container, deployment, look, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.progress_deadline_exceeded import progress_deadline_exceeded


def rolls(status: str, reason: str) -> dict[str, Any]:
    made = deployment(replicas=3, ready=2)
    said = 'ReplicaSet "cart-7f9c4d" has timed out progressing.'
    made["status"] |= {"updatedReplicas": 1, "conditions": [condition("Progressing", status, reason, said)]}
    return made


NEW = pod("cart", container(ready=False))
FIRES = scene(rolls("False", "ProgressDeadlineExceeded"), NEW)

QUIET = scene(rolls("True", "ReplicaSetUpdated"), NEW)


def test_says_how_many_still_serve() -> None:
    [found] = look(progress_deadline_exceeded, FIRES)
    told = 'the rollout of cart is stuck: ReplicaSet "cart-7f9c4d" has timed out progressing.; 2 of 3 replicas serve'
    assert found.summary == told


def test_ranks_first_where_nothing_says_why() -> None:
    assert diagnose(parse_snapshot(FIRES)).hypotheses[0].cause == "progress-deadline-exceeded"
