"""The controllers of the cluster do not work."""

from tests.investigation.worlds import Document, deployment, look, meta, pod, scene, within
from tocsin.investigation.diagnosis.causes.kubernetes.controller_manager_down import controller_manager_down

CHANGED = deployment()
CHANGED["metadata"]["generation"] = 7
CHANGED["status"]["observedGeneration"] = 6


def lease(renewed: str) -> Document:
    made = within("kube-system", meta("Lease", "kube-controller-manager"))
    return made | {"spec": {"renewTime": renewed, "leaseDurationSeconds": 15}}


FIRES = scene(CHANGED, pod(), lease("2026-03-01T11:20:00.000000Z"))

QUIET = scene(CHANGED, pod(), lease("2026-03-01T11:59:58.000000Z"))


def test_says_since_when_and_what_waits() -> None:
    [found] = look(controller_manager_down, FIRES)
    assert found.summary == (
        "the kube-controller-manager is silent since 2026-03-01T11:20:00.000000Z; cart was changed and nothing was done"
    )
