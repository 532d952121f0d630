"""A probe that asks on the wrong port or in the wrong protocol."""

from tests.investigation.worlds import container, deployment, event, look, pod, scene
from tocsin.investigation.diagnosis.causes.kubernetes.probe_misdirected import probe_misdirected

REFUSED = 'Get "http://10.0.0.7:8081/": dial tcp 10.0.0.7:8081: connect: connection refused'
PROBED = container(
    ready=False, ports=[{"containerPort": 8080}], readinessProbe={"httpGet": {"port": 8081, "path": "/"}}
)
MADE = pod("cart", PROBED)
FIRES = scene(MADE, event(MADE, "Unhealthy", f"Readiness probe failed: {REFUSED}"))

QUIET = scene(MADE, event(MADE, "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503"))


def test_names_both_ports() -> None:
    [found, *_] = look(probe_misdirected, FIRES)
    assert (
        found.summary == "the readiness probe of app in cart-7f9c4d-x2x1q asks on port 8081, but the pod declares 8080"
    )


def test_recognises_another_protocol() -> None:
    told = 'Liveness probe failed: Get "http://10.0.0.7:8080/": net/http: malformed HTTP response'
    asked = container(restarts=3, ports=[{"containerPort": 8080}], livenessProbe={"httpGet": {"port": 8080}})
    made = pod("cart", asked)
    [found] = look(probe_misdirected, scene(made, event(made, "Unhealthy", told)))
    assert "asks by httpGet on port 8080, where the application speaks another protocol" in found.summary


def test_is_quiet_about_a_start_that_is_over() -> None:
    early = event(MADE, "Unhealthy", f"Readiness probe failed: {REFUSED}", at="2026-03-01T11:00:00Z")
    assert look(probe_misdirected, scene(MADE, early)) == []


def test_lets_the_probe_ask_on_the_declared_port() -> None:
    made = deployment(containers=[PROBED[0]])
    [found] = look(probe_misdirected, scene(MADE, made, event(MADE, "Unhealthy", f"Readiness probe failed: {REFUSED}")))
    assert '"/spec/template/spec/containers/0/readinessProbe"' in found.remedies[0].argv[-1]
    assert '"port": 8080' in found.remedies[0].argv[-1]


def test_recognises_a_path_that_the_application_does_not_have() -> None:
    made = pod("cart", container(ready=False, readinessProbe={"httpGet": {"port": 8080, "path": "/helthz"}}))
    told = event(made, "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 404")
    [found] = look(probe_misdirected, scene(made, told))
    assert found.summary.endswith("asks for /helthz on port 8080, which the application answers with 404")
