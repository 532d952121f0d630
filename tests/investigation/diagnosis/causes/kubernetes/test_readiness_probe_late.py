"""A readiness probe that begins only long after the start."""

from tests.investigation.worlds import container, deployment, event, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.readiness_probe_late import readiness_probe_late


def world_delayed(seconds: int) -> bytes:
    held = container(ready=False, readinessProbe={"tcpSocket": {"port": 8080}, "initialDelaySeconds": seconds})
    held[1]["state"] = {"running": {"startedAt": "2026-03-01T11:55:00Z"}}
    return scene(pod("cart", held), deployment(ready=0, containers=[held[0]]))


FIRES = world_delayed(900)

QUIET = world_delayed(200)


def test_reckons_when_it_can_be_ready_at_the_earliest() -> None:
    [found] = look(readiness_probe_late, FIRES)
    assert "runs for 5 min and cannot be ready before 900 s: initialDelaySeconds of its readiness probe is 900" in (
        found.summary
    )
    assert '"value": 10' in found.remedies[0].argv[-1]


def test_a_failure_that_is_not_asked_about_again_for_long() -> None:
    held = container(ready=False, readinessProbe={"tcpSocket": {"port": 8080}, "periodSeconds": 600})
    held[1]["state"] = {"running": {"startedAt": "2026-03-01T11:55:00Z"}}
    made = pod("cart", held)
    told = event(made, "Unhealthy", "Readiness probe failed: connection refused", at="2026-03-01T11:55:01Z")
    [found] = look(readiness_probe_late, scene(made, told))
    assert (
        "is asked again 600 s after it failed its probe: periodSeconds of its readiness probe is 600" in found.summary
    )


def test_the_first_question_may_come_a_period_after_the_delay() -> None:
    spec = {"tcpSocket": {"port": 8080}, "initialDelaySeconds": 240, "periodSeconds": 300}
    held = container(ready=False, readinessProbe=spec)
    held[1]["state"] = {"running": {"startedAt": "2026-03-01T11:55:00Z"}}
    [found] = look(readiness_probe_late, scene(pod("cart", held)))
    assert "cannot be ready before 240 s" in found.summary
