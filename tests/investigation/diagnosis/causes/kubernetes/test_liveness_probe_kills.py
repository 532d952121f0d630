"""A liveness probe that restarts an application which had been working."""

from tests.investigation.worlds import Document, deployment, event, exited, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.liveness_probe_kills import liveness_probe_kills

PROBE = {"httpGet": {"port": 8080, "path": "/"}, "periodSeconds": 10, "failureThreshold": 3}
TIMEOUT = "Liveness probe failed: context deadline exceeded (Client.Timeout exceeded while awaiting headers)"


def killed(began: str) -> tuple[Document, Document]:
    held = exited("Error", 137, livenessProbe=PROBE)
    held[1]["lastState"]["terminated"]["startedAt"] = began
    made = pod("cart", held)
    return made, deployment(ready=0, containers=[held[0]])


def world_since(began: str) -> bytes:
    made, workload = killed(began)
    stop = event(made, "Killing", "Container app failed liveness probe, will be restarted")
    return scene(made, workload, event(made, "Unhealthy", TIMEOUT), stop)


FIRES = world_since("2026-03-01T10:00:00Z")

QUIET = world_since("2026-03-01T11:58:30Z")


def test_says_what_the_probe_heard_and_gives_it_time() -> None:
    [found] = look(liveness_probe_kills, FIRES)
    assert (
        "had it killed again, 7 restarts so far, after it had been working: context deadline exceeded" in found.summary
    )
    assert '"/spec/template/spec/containers/0/livenessProbe/timeoutSeconds", "value": 5' in found.remedies[0].argv[-1]
