"""A pod that wrote more to its node's disk than it may."""

import pytest

from tests.investigation.worlds import Document, deployment, look, pod, scene
from tocsin.investigation.diagnosis import diagnose, parse_snapshot
from tocsin.investigation.diagnosis.causes.kubernetes.ephemeral_storage_exceeded import ephemeral_storage_exceeded


def gone(message: str) -> Document:
    made = pod("cart", phase="Failed")
    made["status"] |= {"reason": "Evicted", "message": message}
    return made


OWN = gone('Container app exceeded its local ephemeral storage limit "1Gi". ')
LIMITED = [{"name": "app", "resources": {"limits": {"ephemeral-storage": "1Gi"}}}]
FIRES = scene(OWN, deployment(ready=0, containers=LIMITED))

QUIET = scene(gone("The node was low on resource: ephemeral-storage. "), deployment(ready=0, containers=LIMITED))


def test_doubles_the_limit() -> None:
    [found] = look(ephemeral_storage_exceeded, FIRES)
    assert found.summary.endswith("app wrote more than its limit of 1Gi to the node's disk")
    assert found.remedies[0].argv[-1] == "--limits=ephemeral-storage=2Gi"


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ('Usage of EmptyDir volume "tmp" exceeds the limit "500Mi". ', "its emptyDir tmp grew over 500Mi"),
        (
            "Pod ephemeral local storage usage exceeds the total limit of containers 2Gi. ",
            "its containers wrote more than 2Gi to the node's disk",
        ),
    ],
)
def test_says_what_grew(message: str, told: str) -> None:
    [found] = look(ephemeral_storage_exceeded, scene(gone(message), deployment(ready=0)))
    assert found.summary.endswith(told)


def test_ranks_first() -> None:
    first = diagnose(parse_snapshot(FIRES)).hypotheses[0]
    assert (first.cause, first.confidence_label) == ("ephemeral-storage-exceeded", "high")
