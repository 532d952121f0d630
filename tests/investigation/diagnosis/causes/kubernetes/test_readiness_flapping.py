"""A container that is ready, and then not, again and again."""

from tests.investigation.worlds import Document, container, event, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.readiness_flapping import readiness_flapping


def world_turned(at: str) -> bytes:
    held = container(readinessProbe={"httpGet": {"port": 8080}})
    held[1]["state"] = {"running": {"startedAt": "2026-03-01T08:00:00Z"}}
    made: Document = pod("cart", held)
    made["status"]["conditions"][0]["lastTransitionTime"] = at
    told = event(made, "Unhealthy", "Readiness probe failed: context deadline exceeded")
    return scene(made, told | {"count": 40, "firstTimestamp": "2026-03-01T11:20:00Z"})


FIRES = world_turned("2026-03-01T11:55:00Z")

QUIET = world_turned("2026-03-01T08:00:20Z")


def test_counts_the_failures() -> None:
    [found] = look(readiness_flapping, FIRES)
    assert "its readiness probe failed 40 times in 39 min: context deadline exceeded" in found.summary
