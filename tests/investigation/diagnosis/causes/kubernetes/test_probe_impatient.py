"""A probe that kills before the application had time."""

from tests.investigation.worlds import container, deployment, event, exited, look, pod, scene
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


def test_knows_a_start_that_takes_longer_than_it_may() -> None:
    probe = {"httpGet": {"port": 8080}, "periodSeconds": 10, "failureThreshold": 6}
    slow = exited("Error", 137, startupProbe=probe)
    slow[1]["lastState"]["terminated"] |= {"startedAt": "2026-03-01T11:57:50Z"}
    made = pod("cart", slow)
    told = event(made, "Unhealthy", "Startup probe failed: connect: connection refused")
    [found] = look(probe_impatient, scene(made, told, deployment(ready=0, containers=[slow[0]])))
    assert found.summary.endswith("kills it 60 s after its start")
    assert '"/spec/template/spec/containers/0/startupProbe/failureThreshold", "value": 18' in found.remedies[1].argv[-1]
