"""An object whose deletion waits for a controller that does not come."""

from tests.investigation.worlds import look, meta, scene
from tocsin.investigation.diagnosis.causes.kubernetes.finalizer_blocks import finalizer_blocks


def deleted(at: str, *finalizers: str) -> bytes:
    made = meta("Service", "orders")
    made["metadata"] |= {"deletionTimestamp": at, "finalizers": list(finalizers)}
    return scene(made)


FIRES = deleted("2026-03-01T10:00:00Z", "service.kubernetes.io/load-balancer-cleanup")

QUIET = deleted("2026-03-01T11:58:00Z", "service.kubernetes.io/load-balancer-cleanup")


def test_names_the_finalizer() -> None:
    [found] = look(finalizer_blocks, FIRES)
    assert found.summary == (
        "Service orders was deleted 2 h before and stays: service.kubernetes.io/load-balancer-cleanup is not taken off"
    )


def test_the_garbage_collector_is_not_to_blame() -> None:
    assert look(finalizer_blocks, deleted("2026-03-01T10:00:00Z", "foregroundDeletion")) == []
