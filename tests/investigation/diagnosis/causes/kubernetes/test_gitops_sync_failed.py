"""What is written in git could not be applied."""

from typing import Any

from tests.investigation.worlds import look, scene
from tocsin.investigation.diagnosis.causes.kubernetes.gitops_sync_failed import gitops_sync_failed


def application(phase: str, message: str) -> dict[str, Any]:
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {"name": "carts", "namespace": "argocd"},
        "status": {
            "sync": {"status": "OutOfSync"},
            "health": {"status": "Missing"},
            "operationState": {"phase": phase, "message": message},
        },
    }


def kustomization(reason: str) -> dict[str, Any]:
    ready = {"type": "Ready", "status": "False", "reason": reason, "message": "Service/carts dry-run failed"}
    return {
        "kind": "Kustomization",
        "metadata": {"name": "carts", "namespace": "flux"},
        "status": {"conditions": [ready]},
    }


REFUSED = 'one or more objects failed to apply, reason: namespaces "shoppe" not found'
FIRES = scene(application("Failed", REFUSED), namespace="argocd")

QUIET = scene(application("Running", "waiting for completion of hook"), namespace="argocd")


def test_says_what_was_refused() -> None:
    [found] = look(gitops_sync_failed, FIRES)
    assert found.summary == f"Application carts is not applied: {REFUSED}"


def test_flux_says_so_in_a_condition() -> None:
    [found] = look(gitops_sync_failed, scene(kustomization("ReconciliationFailed")))
    assert found.summary == "Kustomization carts is not applied: Service/carts dry-run failed"


def test_waiting_for_another_is_no_failure() -> None:
    assert look(gitops_sync_failed, scene(kustomization("DependencyNotReady"))) == []
