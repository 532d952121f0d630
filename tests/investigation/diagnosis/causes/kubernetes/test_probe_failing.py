"""A probe that fails because the application does not answer it well."""

from tests.investigation.worlds import container, event, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.probe_failing import probe_failing

PROBE = {"httpGet": {"port": 8080, "path": "/ready"}}
MADE = pod("cart", container(ready=False, readinessProbe=PROBE))
WELL = pod("cart", container(readinessProbe=PROBE))
FIRES = scene(MADE, event(MADE, "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503"))

QUIET = scene(WELL, event(WELL, "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503"))


def test_says_what_the_probe_was_told() -> None:
    [found, *_] = look(probe_failing, FIRES)
    assert found.summary == "app in cart-7f9c4d-x2x1q fails its readiness probe: HTTP probe failed with statuscode: 503"


def test_a_container_that_has_just_begun_may_fail_its_probe() -> None:
    young = container(ready=False, readinessProbe=PROBE, state={"running": {"startedAt": "2026-03-01T11:59:30Z"}})
    made = pod("cart", young)
    assert look(probe_failing, scene(made, event(made, "Unhealthy", "Readiness probe failed: refused"))) == []
