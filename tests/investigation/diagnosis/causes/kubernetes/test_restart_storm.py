"""All replicas of a workload that ended at the same time."""

from tests.investigation.worlds import Document, deployment, exited, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.restart_storm import restart_storm


def replica(number: int, began: str = "2026-03-01T08:00:00Z") -> Document:
    held = exited("Error", 1)
    held[1]["lastState"]["terminated"] |= {"startedAt": began, "finishedAt": f"2026-03-01T11:58:0{number}Z"}
    made = pod("cart", held, node=f"worker-{number}")
    made["metadata"]["name"] += str(number)
    return made


FIRES = scene(deployment(replicas=2, ready=0), replica(1), replica(2))

JUST_BEGUN = "2026-03-01T11:57:50Z"
QUIET = scene(deployment(replicas=2, ready=0), replica(1, JUST_BEGUN), replica(2, JUST_BEGUN))


def test_counts_pods_nodes_and_seconds() -> None:
    [found] = look(restart_storm, FIRES)
    assert found.summary.startswith("all 2 pods of cart, on 2 nodes, ended within 1 s after they had run well")
