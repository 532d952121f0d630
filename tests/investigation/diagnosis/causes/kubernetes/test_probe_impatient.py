"""A probe that kills before the application had time."""

from tests.investigation.worlds import container, event, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.probe_impatient import probe_impatient

TIMEOUT = "Liveness probe failed: command timed out"
HASTY = {"exec": {"command": ["true"]}, "initialDelaySeconds": 1, "periodSeconds": 1, "failureThreshold": 1}
MADE = pod("cart", container(restarts=4, livenessProbe=HASTY))
CALM = pod("cart", container(restarts=4, livenessProbe=HASTY | {"failureThreshold": 30}))
FIRES = scene(MADE, event(MADE, "Unhealthy", TIMEOUT))

QUIET = scene(CALM, event(CALM, "Unhealthy", TIMEOUT))


def test_reckons_the_time_until_the_kill() -> None:
    [found, *_] = look(probe_impatient, FIRES)
    assert found.summary == "the liveness probe of app in cart-7f9c4d-x2x1q kills it 2 s after its start"
